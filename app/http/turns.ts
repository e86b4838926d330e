import { createHash, randomUUID } from 'node:crypto'
import { rateLimited } from './retry-after.ts'
import type { Observe } from './observe.ts'

/** Whoever all instances ask for their turns, so that they do not come together to more than a platform allows. */
export interface SharedTurns {
  /**
   * Takes the next free turn of a lane and gives the milliseconds until it; or those until the end of a pause the platform
   * has asked for, and takes none. `taker` names this instance.
   */
  take(
    lane: string,
    perSecond: number,
    taker: string,
  ): Promise<{ waitMs: number } | { heldMs: number }>
  /** The platform asks for a pause. */
  hold(lane: string, ms: number): Promise<void>
}

/** A call that is ready; `inTime` waits for another turn where connecting, or a process that stood still, took its own. */
export interface Ready<T> {
  ready: T
  inTime: () => Promise<void>
}

/** Whose turns, and what is waited and told with. */
export interface LaneOptions {
  platform: string
  /** Of one lane. */
  perSecond: number
  shared: SharedTurns | undefined
  observe: Observe
  now: () => number
  sleep: (ms: number) => Promise<void>
}

/** Beyond that no platform counts, and the book-keeping would cost more than the calls. */
const MOST_A_SECOND = 100
/** So long a call waits for the word of the others, and so long nobody is asked after that. */
const PATIENCE_MS = 2_000
/** Whoever leaves later than that takes another turn, unless they never get one in time. */
const LATE_MS = 200
const TRIES = 3

/**
 * Turns among all instances. While the one who knows is away, the lane of this process has to do: a call too many is
 * refused and waited out, a call that never leaves helps nobody, and the platform has no part in it.
 */
export function createTurns({ platform, perSecond, shared, observe, now, sleep }: LaneOptions) {
  const idle = () => !shared || perSecond > MOST_A_SECOND || now() < restsUntil
  const nameOf = (lane: string) =>
    createHash('sha256').update(`${platform} ${perSecond} ${lane}`).digest('base64url')
  const taker = randomUUID()
  let restsUntil = 0

  /** Undefined: no word of the others. */
  async function asked<T>(question: (all: SharedTurns) => Promise<T>): Promise<T | undefined> {
    if (!shared || idle()) return undefined
    const patience = createPatience(PATIENCE_MS)
    try {
      return await Promise.race([question(shared), patience.over])
    } catch (error) {
      restsUntil = now() + PATIENCE_MS
      observe({ about: 'turns', platform, error })
      return undefined
    } finally {
      patience.end()
    }
  }

  /** Waits for a turn; tells how late it is by then. @throws ProviderError `rate_limited` in a pause */
  async function turn(lane: string): Promise<() => number> {
    const begun = now()
    const said = await asked((all) => all.take(nameOf(lane), perSecond, taker))
    if (!said) return () => 0
    if ('heldMs' in said) throw rateLimited(new Date(Date.now() + said.heldMs), true)
    const moment = now() + said.waitMs
    for (let left = moment - now(); left > 0; left = moment - now()) await sleep(left)
    return () => now() - begun - said.waitMs
  }

  async function inTime(lane: string, since: () => number) {
    let late = since
    for (let tries = 1; late() > LATE_MS && tries <= TRIES; tries += 1) late = await turn(lane)
  }

  return {
    /** Makes a call ready at its turn; once more when that, or a process that stood still, took too long. */
    async ready<T>(lane: string, prepare: () => Promise<T>): Promise<Ready<T>> {
      for (let tries = 1; ; tries += 1) {
        const late = await turn(lane)
        const ready = await prepare()
        if (late() <= LATE_MS || tries === TRIES) return { ready, inTime: () => inTime(lane, late) }
      }
    },
    /** What the platform has asked this instance for holds for all. */
    async hold(lane: string, until: Date): Promise<void> {
      const ms = until.getTime() - Date.now()
      if (ms > 0) await asked((all) => all.hold(nameOf(lane), ms))
    },
  }
}

function createPatience(ms: number) {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_, fail) => {
    timer = setTimeout(() => {
      fail(new Error('no word in time'))
    }, ms)
  })
  return {
    over,
    end() {
      clearTimeout(timer)
    },
  }
}
