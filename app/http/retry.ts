import { ProviderError } from '../errors.ts'

/** Waits before the second, third and fourth try, in milliseconds. */
const WAITS = [1000, 2000, 4000]

/** `safe`: the call may be repeated whatever happened. `unsent`: only when the request provably never left. */
export type Repeat = 'safe' | 'unsent'

export interface Patience {
  repeat: Repeat
  /** Monotonic milliseconds at which the whole call, waits included, has to be over. */
  deadline: number
  now: () => number
  sleep: (ms: number) => Promise<void>
}

/**
 * Tries again after 1, 2 and 4 s what is temporary and may be repeated. A pause the platform asked for (Retry-After)
 * is kept when it fits before the deadline; otherwise the failure is passed on with its `retryAt`.
 */
export async function retrying<T>(call: () => Promise<T>, patience: Patience): Promise<T> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await call()
    } catch (error) {
      const wait = WAITS[attempt]
      if (wait === undefined || !(error instanceof ProviderError)) throw error
      const pause = pauseFor(error, wait, patience)
      if (pause === undefined) throw error
      await patience.sleep(pause)
    }
  }
}

function pauseFor(error: ProviderError, wait: number, { repeat, deadline, now }: Patience) {
  const repeatable = error.kind === 'temporary' && (repeat === 'safe' || error.unsent)
  const asked = error.retryAt ? error.retryAt.getTime() - Date.now() : 0
  const pause = Math.max(wait, asked)
  return repeatable && now() + pause < deadline ? pause : undefined
}
