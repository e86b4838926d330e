import { ProviderError } from '../errors.ts'
import { asObject, asText, badResponse } from '../http/answer.ts'
import type { Answer } from '../http/exchange.ts'

/** What a platform granted us. Both tokens are secrets; everything else may be shown. */
export interface Tokens {
  accessToken: string
  refreshToken?: string
  /** Absent: the token does not expire, or the platform does not say when. */
  expiresAt?: Date
  /** When the refresh token itself ends, where the platform says so. */
  refreshExpiresAt?: Date
  /** Rights really granted; absent when the platform does not tell. */
  scope?: string[]
  /** Whose token it is, where the token answer already says so. */
  accountId?: string
  /** Small values that have to accompany the tokens, such as VK ID's device id. */
  carried: Record<string, string>
}

const LONGEST_LIFE_S = 10 * 365 * 24 * 3600

/**
 * Judges a token answer (RFC 6749 §5.1 and §5.2), whatever its status: platforms put errors into a 200 as well.
 * `dead` lists error codes that mean the grant is gone. Form-encoded answers are read too.
 * @throws ProviderError with the platform's own error code, `no_token`, or `bad_response`
 */
export function readTokens(answer: Answer, now: Date, dead: readonly string[] = DEAD): Tokens {
  const body = readBody(answer)
  const error = errorOf(body)
  if (error) throw refusal(error, asText(body.error_description) ?? '', answer.status, dead)
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
  return { accessToken, carried: {}, ...optionalParts(body, now) }
}

const DEAD: readonly string[] = ['invalid_grant']

function optionalParts(body: Record<string, unknown>, now: Date): Partial<Tokens> {
  const refreshToken = asText(body.refresh_token)
  const accountId = asText(body.user_id)
  const expiresAt = expiry(body.expires_in, now)
  const refreshExpiresAt = expiry(body.refresh_token_expires_in ?? body.refresh_expires_in, now)
  const scope = typeof body.scope === 'string' ? splitScope(body.scope) : undefined
  return {
    ...(refreshToken && { refreshToken }),
    ...(accountId && { accountId }),
    ...(expiresAt && { expiresAt }),
    ...(refreshExpiresAt && { refreshExpiresAt }),
    ...(scope && { scope }),
  }
}

/** RFC 6749 §5.1: seconds. Missing, 0, negative and senseless values all mean "unknown"; strings are numbers too. */
function expiry(value: unknown, now: Date): Date | undefined {
  const seconds = typeof value === 'number' || typeof value === 'string' ? Number(value) : 0
  if (!Number.isFinite(seconds) || seconds <= 0) return undefined
  return new Date(now.getTime() + Math.min(seconds, LONGEST_LIFE_S) * 1000)
}

const LONGEST_MARGIN_MS = 15 * 60_000

/**
 * When to renew an access that ends at `expiresAt`: a quarter of an hour ahead, for short-lived tokens a quarter of
 * their life; spread by up to a fifth (`random` in 0…1), so that not all connections come at once.
 */
export function refreshDueAt(expiresAt: Date, now: Date, random = Math.random()): Date {
  const life = Math.max(0, expiresAt.getTime() - now.getTime())
  const margin = Math.min(LONGEST_MARGIN_MS, life / 4)
  return new Date(expiresAt.getTime() - margin * (0.8 + 0.2 * random))
}

/** Platforms answer with spaces or commas, whatever they were asked with. */
export const splitScope = (text: string): string[] => text.split(/[\s,]+/).filter(Boolean)

function readBody(answer: Answer): Record<string, unknown> {
  const text = answer.text.trim()
  if (text === '') return {}
  const body = asObject(parse(text)) ?? formEncoded(text)
  if (body) return body
  if (answer.status >= 400) throw rejected('refused', answer.status)
  throw badResponse('token answer is not JSON', answer)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function formEncoded(text: string): Record<string, unknown> | undefined {
  return /^[\w.%+-]+=[^<>{}]*$/.test(text)
    ? Object.fromEntries(new URLSearchParams(text))
    : undefined
}

/** Usually a text (RFC 6749 §5.2); some platforms send an object. */
function errorOf(body: Record<string, unknown>): string | undefined {
  const detail = asObject(body.error)
  return detail ? (asText(detail.code) ?? 'unknown_error') : asText(body.error)
}

function refusal(
  error: string,
  description: string,
  status: number,
  dead: readonly string[],
): ProviderError {
  if (TEMPORARY.has(error))
    return new ProviderError(error, { code: 'server_error', kind: 'temporary', status })
  if (error === 'redirect_uri_mismatch' || /redirect.?uri/i.test(description)) {
    return rejected('redirect_mismatch', status)
  }
  if (dead.includes(error))
    return new ProviderError(error, { code: 'invalid_grant', kind: 'dead', status })
  return rejected(CONFIGURATION.get(error) ?? 'refused', status)
}

const TEMPORARY = new Set(['server_error', 'temporarily_unavailable', 'slow_down'])
const CONFIGURATION = new Map([
  ['invalid_client', 'invalid_client'],
  ['unauthorized_client', 'invalid_client'],
  ['invalid_scope', 'app_scope_missing'],
])

const rejected = (code: string, status: number) =>
  new ProviderError(code, { code, kind: 'configuration', status })
