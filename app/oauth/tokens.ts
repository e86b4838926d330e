import { ProviderError } from '../errors.ts'
import { asText, badResponse } from '../http/answer.ts'
import type { Answer } from '../http/call.ts'
import { errorOf, readBody, type Reading, refusal, rejected } from './token-answer.ts'

/** What a platform granted us. Both tokens are secrets; everything else may be shown. */
export interface Tokens {
  accessToken: string
  /**
   * What the access is renewed with: an OAuth refresh token, or what stands in for one where a platform has none (the
   * access token itself, an installation's id). Absent: nothing can be renewed.
   */
  refreshToken?: string
  /** Absent: the token does not expire, or the platform does not say when. */
  expiresAt?: Date
  /** When the refresh token itself ends, where the platform says so. */
  refreshExpiresAt?: Date
  /** When to renew, where the usual margin does not suit the platform; not known of tokens read from the store. */
  renewAt?: Date
  /** Rights really granted; absent when the platform does not tell. */
  scope?: string[]
  /** Whose token it is, where the token answer already says so. */
  accountId?: string
  /** Small values that have to accompany the tokens, such as VK ID's device id. */
  carried: Record<string, string>
}

const LONGEST_ID = 255
const MOST_RIGHTS = 200
const LONGEST_LIFE_S = 10 * 365 * 24 * 3600

/**
 * Judges a token answer (RFC 6749 §5.1 and §5.2), whatever its status: platforms put errors into a 200 as well.
 * Form-encoded answers are read too.
 * @throws ProviderError with the platform's own error code, `no_token`, or `bad_response`
 */
export function readTokens(answer: Answer, now: Date, reading: Reading = {}): Tokens {
  const { errors = {}, keep = [] } = reading
  const body = readBody(answer)
  const error = errorOf(body)
  if (error) throw refusal(error, asText(body.error_description) ?? '', answer.status, errors)
  if (answer.status >= 400) throw rejected('refused', answer.status)

  const accessToken = typeof body.access_token === 'string' ? body.access_token : ''
  if (!accessToken) {
    throw new ProviderError('no access_token', {
      code: 'no_token',
      kind: 'temporary',
      status: answer.status,
    })
  }
  const type = asText(body.token_type)
  if (type && type.toLowerCase() !== 'bearer') throw badResponse('unknown token_type', answer)
  return { accessToken, carried: textsIn(body, keep), ...optionalParts(body, now, reading) }
}

function textsIn(body: Record<string, unknown>, names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => {
    const value = asText(body[name])
    return value ? [[name, value] as const] : []
  })
  return Object.fromEntries(found)
}

function optionalParts(
  body: Record<string, unknown>,
  now: Date,
  reading: Reading,
): Partial<Tokens> {
  const refreshToken = asText(body.refresh_token)
  const accountId = asText(body.user_id)?.slice(0, LONGEST_ID)
  const expiresAt = expiry(body.expires_in, now)
  const refreshExpiresAt = expiry(body.refresh_token_expires_in ?? body.refresh_expires_in, now)
  const scope = scopeOf(body.scope, reading)
  return {
    ...(refreshToken && { refreshToken }),
    ...(accountId && { accountId }),
    ...(expiresAt && { expiresAt }),
    ...(refreshExpiresAt && { refreshExpiresAt }),
    ...(scope && { scope }),
  }
}

function scopeOf(value: unknown, { scopeNames = {}, silentScope }: Reading) {
  if (typeof value !== 'string' || (silentScope && value.trim() === '')) return undefined
  const names = splitScope(value).filter((name) => RIGHT.test(name))
  return names.slice(0, MOST_RIGHTS).map((name) => scopeNames[name] ?? name)
}

/** RFC 6749 §3.3. */
const RIGHT = /^[\x21-\x7e]{1,255}$/

/** RFC 6749 §5.1: seconds. Missing, 0, negative and senseless values all mean "unknown"; strings are numbers too. */
function expiry(value: unknown, now: Date): Date | undefined {
  const seconds = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0
  if (!Number.isFinite(seconds) || seconds <= 0) return undefined
  return new Date(now.getTime() + Math.min(seconds, LONGEST_LIFE_S) * 1000)
}

/** Platforms answer with spaces or commas, whatever they were asked with. */
export const splitScope = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)
