import { ProviderError } from '../errors.ts'
import type { Answer } from './call.ts'

/** Never waited longer, whatever a platform says. */
const LONGEST_PAUSE_MS = 15 * 60_000
export const UNSAID_PAUSE_MS = 1000

/**
 * The moment an answer asks to wait for: Retry-After in seconds or as a date (RFC 9110 §10.2.3), `retry_after` of the
 * body in seconds, or X-RateLimit-Reset, which is seconds left or, above 10⁹, an epoch. Never in the past, never
 * further than 15 minutes.
 */
export function retryAfter({ headers, text: body }: Answer): Date | undefined {
  const said = /"retry_after"\s*:\s*(\d+(?:\.\d+)?)/.exec(body)?.[1]
  const text = headers['retry-after'] ?? said ?? headers['x-ratelimit-reset']
  const at = text ? momentOf(text) : NaN
  if (Number.isNaN(at)) return undefined
  return new Date(Math.min(Math.max(at, Date.now()), Date.now() + LONGEST_PAUSE_MS))
}

function momentOf(text: string): number {
  const seconds = Number(text)
  if (Number.isNaN(seconds)) return Date.parse(text)
  return seconds > 1e9 ? seconds * 1000 : Date.now() + seconds * 1000
}

/** `unsent`: it is known before the call has left. */
export function rateLimited(retryAt: Date, unsent = false): ProviderError {
  return new ProviderError('asked to wait', {
    code: 'rate_limited',
    kind: 'temporary',
    status: 429,
    retryAt,
    unsent,
  })
}
