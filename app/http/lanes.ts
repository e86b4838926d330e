import { ProviderError } from '../errors.ts'
import { Paces } from './paces.ts'
import type { Patience } from './retry.ts'
import { createTurns, type LaneOptions } from './turns.ts'

/** A call that is made ready at the last moment, and then made. */
interface Errand<R, T> {
  kind: string
  ready: () => Promise<R>
  /** Says when the first byte leaves. */
  once: (ready: R, leaves: () => void) => Promise<T>
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
    const call = (permitted: R, leaves: () => void) => {
      patience.deadline += now() - came
      return once(permitted, leaves)
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
