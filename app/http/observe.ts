import { ProviderError } from '../errors.ts'
import type { BreakerState } from './breaker.ts'

/** How a request ended: `ok` below 400, `refused` 400–499, `circuit_open` was never sent. */
export type RequestVerdict =
  | 'ok'
  | 'refused'
  | 'rate_limited'
  | 'timeout'
  | 'outage'
  | 'bad_response'
  | 'configuration'
  | 'error'
  | 'circuit_open'

/** What the client tells whoever watches it. No address, no credential: a platform's key, a word and milliseconds. */
export type HttpEvent =
  | { about: 'request'; platform: string; verdict: RequestVerdict; ms?: number }
  | { about: 'breaker'; platform: string; state: BreakerState['name'] }
  /** Elements of a list it answered with that nobody can read. */
  | { about: 'unreadable'; platform: string; list: string; count: number }
  /** Turns cannot be shared with other instances just now, because of ours. */
  | { about: 'turns'; platform: string; error: unknown }

export type Observe = (event: HttpEvent) => void

/** Runs one try and tells how it ended and how long it took. */
export async function observed<T extends { status: number }>(
  platform: string,
  observe: Observe,
  attempt: () => Promise<T>,
): Promise<T> {
  const begun = performance.now()
  const tell = (verdict: RequestVerdict) => {
    observe({ about: 'request', platform, verdict, ms: performance.now() - begun })
  }
  try {
    const answer = await attempt()
    tell(answer.status < 400 ? 'ok' : 'refused')
    return answer
  } catch (error) {
    tell(verdictOf(error))
    throw error
  }
}

function verdictOf(error: unknown): RequestVerdict {
  if (!(error instanceof ProviderError)) return 'error'
  if (error.code === 'rate_limited' || error.code === 'timeout') return error.code
  if (error.outage) return 'outage'
  return error.kind === 'configuration' ? 'configuration' : 'bad_response'
}
