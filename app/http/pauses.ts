import { createHash } from 'node:crypto'
import { ProviderError } from '../errors.ts'
import type { Answer, Call } from './call.ts'
import type { Patience } from './retry.ts'

const LONGEST_PAUSE_MS = 15 * 60_000
const UNSAID_PAUSE_MS = 1000

/** 429: parallel and later calls with the same credential wait for the same moment; other accounts go on. */
export class Pauses {
  /** By the steady clock: one that is set neither prolongs a pause nor ends it. */
  readonly #until = new Map<string, number>()
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /**
   * Waits for the end of the pause the call's credential is in, if there is one and it ends before the deadline; also
   * when it is prolonged meanwhile.
   * @throws ProviderError `rate_limited` when it does not
   */
  async respect(
    call: Call,
    { deadline, sleep }: Pick<Patience, 'deadline' | 'sleep'>,
  ): Promise<void> {
    const lane = laneOf(call)
    for (;;) {
      const left = (this.#until.get(lane) ?? -Infinity) - this.#now()
      if (left <= 0) return
      if (this.#now() + left >= deadline) throw rateLimited(new Date(Date.now() + left))
      await sleep(left)
    }
  }

  /** Notes the pause an answer asks for and returns the error to throw. */
  begin(call: Call, answer: Answer): ProviderError {
    const now = this.#now()
    const until = retryAfter(answer) ?? new Date(Date.now() + UNSAID_PAUSE_MS)
    for (const [lane, end] of this.#until) if (end <= now) this.#until.delete(lane)
    this.#until.set(laneOf(call), now + until.getTime() - Date.now())
    return rateLimited(until)
  }
}

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

function laneOf({ headers, query, form }: Call): string {
  const credential =
    headers?.authorization ??
    headers?.['x-authorization'] ??
    query?.access_token ??
    form?.access_token
  return createHash('sha256')
    .update(credential ?? '')
    .digest('base64url')
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
