import { ProviderError, type ProviderFailure } from '../errors.ts'
import { asObject, asText, badResponse } from '../http/answer.ts'
import type { Answer } from '../http/call.ts'

/** What an error code of the token endpoint means. */
type Meaning = Pick<ProviderFailure, 'code' | 'kind'>

/** The grant is gone. */
export const DEAD: Meaning = { code: 'invalid_grant', kind: 'dead' }

/** Where a platform's token answers differ from the RFC. */
export interface Reading {
  /** Error codes of the platform's own, or with another meaning than the RFC's. */
  errors?: Readonly<Record<string, Meaning>>
  /** Fields kept with the tokens, such as whose site it is. */
  keep?: readonly string[]
  /** Rights that are answered by another name than they are asked for by: the answer's name → ours. */
  scopeNames?: Readonly<Record<string, string>>
  /** An empty `scope` means that the application's own rights hold, not that none was granted. */
  silentScope?: boolean
}

export function readBody(answer: Answer): Record<string, unknown> {
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
export function errorOf(body: Record<string, unknown>): string | undefined {
  const detail = asObject(body.error)
  return detail ? (asText(detail.code) ?? 'unknown_error') : asText(body.error)
}

export function refusal(
  error: string,
  description: string,
  status: number,
  own: NonNullable<Reading['errors']>,
): ProviderError {
  const meaning = Object.hasOwn(own, error) ? own[error] : STANDARD.get(error)
  const names = meaning?.kind !== 'temporary' && /redirect.?uri/i.test(description)
  if (names || !meaning) return rejected(names ? 'redirect_mismatch' : 'refused', status)
  return new ProviderError(error, { ...meaning, status })
}

/** RFC 6749 §5.2 and §4.1.2.1, RFC 8628 §3.5. */
const STANDARD = new Map<string, Meaning>([
  ['invalid_grant', DEAD],
  ['invalid_client', { code: 'invalid_client', kind: 'configuration' }],
  ['unauthorized_client', { code: 'invalid_client', kind: 'configuration' }],
  ['invalid_scope', { code: 'app_scope_missing', kind: 'configuration' }],
  ['redirect_uri_mismatch', { code: 'redirect_mismatch', kind: 'configuration' }],
  ...['server_error', 'temporarily_unavailable', 'slow_down'].map((error): [string, Meaning] => [
    error,
    { code: 'server_error', kind: 'temporary' },
  ]),
])

export const rejected = (code: string, status: number) =>
  new ProviderError(code, { code, kind: 'configuration', status })
