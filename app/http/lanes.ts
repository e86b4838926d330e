import { ProviderError } from '../errors.ts'
import { Paces } from './paces.ts'
import type { Patience } from './retry.ts'
import { createTurns, type LaneOptions, type Ready } from './turns.ts'

/** A call that is made ready at the last moment, and then made. */
interface Errand<R, T> {
  kind: string
  ready: () => Promise<R>
  once: (ready: R, moment: Leaving) => Promise<T>
}

/** What a call is to say when its first byte could leave, and when it does: connecting takes its time. */
export interface Leaving {
  /** Waits for another turn where this one is over. @throws ProviderError `rate_limited` in a pause */
  inTime: () => Promise<void>
  leaves: () => void
}

/** Calls of one lane leave in turn: first among those of this process, then among those of all instances. */
export function createLanes(options: LaneOptions) {
  const { perSecond, now, sleep } = options
  const paces = new Paces(perSecond, now, sleep)
  const turns = createTurns(options)

  /** Waiting for its turn is not the platform's slowness: it takes nothing from the time a call has. */
  return async <R, T>(
    lane: string,
    patience: Patience,
    { kind, ready, once }: Errand<R, T>,
  ): Promise<T> => {
    const came = now()
    const call = ({ ready: permitted, inTime }: Ready<R>, leaves: () => void) => {
      patience.deadline += now() - came
      return once(permitted, { inTime, leaves })
    }
    try {
      return await paces.run({ lane, kind }, call, () => turns.ready(lane, ready))
    } catch (error) {
      if (error instanceof ProviderError && error.status === 429 && !error.unsent && error.retryAt)
        await turns.hold(lane, error.retryAt)
      throw error
    }
  }
}
