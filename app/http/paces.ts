/** Calls of one lane that may be under way at once. */
const AT_ONCE = 3
/** So much longer than its share of a second a call waits, so that delays on the way do not bring four into one second. */
const SLACK = 1.05
const FORGET_MS = 60_000

interface Lane {
  /** Monotonic moment before which the next call does not leave. */
  next: number
  underWay: number
  waiting: (() => void)[]
}

/**
 * Keeps the calls made with one credential apart: evenly spaced, at the edge of what the platform allows and never over
 * it, whoever makes them.
 */
export class Paces {
  readonly #lanes = new Map<string, Lane>()
  readonly #spacing: number
  readonly #now: () => number
  readonly #sleep: (ms: number) => Promise<void>

  constructor(perSecond: number, now: () => number, sleep: (ms: number) => Promise<void>) {
    this.#spacing = (1000 / perSecond) * SLACK
    this.#now = now
    this.#sleep = sleep
  }

  /** Runs `call` at its turn. */
  async run<T>(name: string, call: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(name) ?? this.#open(name)
    while (lane.underWay >= AT_ONCE) await new Promise<void>((wake) => lane.waiting.push(wake))
    lane.underWay += 1
    try {
      const at = Math.max(this.#now(), lane.next)
      lane.next = at + this.#spacing
      if (at > this.#now()) await this.#sleep(at - this.#now())
      return await call()
    } finally {
      lane.underWay -= 1
      lane.waiting.shift()?.()
    }
  }

  #open(name: string): Lane {
    for (const [other, { underWay, next }] of this.#lanes)
      if (underWay === 0 && next < this.#now() - FORGET_MS) this.#lanes.delete(other)
    const lane = { next: 0, underWay: 0, waiting: [] }
    this.#lanes.set(name, lane)
    return lane
  }
}
