import { createHash } from 'node:crypto'
import type { ProviderError } from '../errors.ts'
import type { Answer, Call } from './call.ts'
import type { Patience } from './retry.ts'
import { rateLimited, retryAfter, UNSAID_PAUSE_MS } from './retry-after.ts'

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
