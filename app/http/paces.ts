/** Calls of one lane that may be under way at once. */
const AT_ONCE = 3
/** A call waits so much longer than its share of a second. */
const SLACK = 1.085
/** A second as we keep it: a call may be longer on its way than the one that counts among the same after it. */
const SECOND_MS = 1080
const FORGET_MS = 60_000

interface Lane {
  /** Monotonic moment before which the next call should not leave. */
  next: number
  /** When the last calls left, oldest first, as many as a second allows. */
  left: number[]
  /** Calls that wait or are under way. */
  inside: number
  underWay: number
  /** The turn of whoever came last: turns are taken one after the other. */
  turns: Promise<void>
  wake: () => void
}

const nobody = () => undefined

/**
 * Keeps the calls made with one credential apart: evenly spaced, at the edge of what the platform allows and never over
 * it, whoever makes them, in the order in which they came.
 */
export class Paces {
  readonly #lanes = new Map<string, Lane>()
  readonly #perSecond: number
  readonly #now: () => number
  readonly #sleep: (ms: number) => Promise<void>

  constructor(perSecond: number, now: () => number, sleep: (ms: number) => Promise<void>) {
    this.#perSecond = perSecond
    this.#now = now
    this.#sleep = sleep
  }

  /** Lanes that are kept in mind. */
  get size(): number {
    return this.#lanes.size
  }

  /** Runs `call` at its turn, with what `ready` says at the last moment; when it throws, nothing has left. */
  async run<T, R>(
    name: string,
    call: (said: R) => Promise<T>,
    ready: () => Promise<R>,
  ): Promise<T> {
    const lane = this.#lanes.get(name) ?? this.#open(name)
    lane.inside += 1
    const turn = lane.turns.then(() => this.#turn(lane, ready))
    lane.turns = turn.then(nobody, nobody)
    try {
      const said = await turn
      return await call(said).finally(() => {
        lane.underWay -= 1
        lane.wake()
      })
    } finally {
      lane.inside -= 1
    }
  }

  /** A call that leaves late lets the next one make up for it, as far as the second allows. */
  async #turn<R>(lane: Lane, ready: () => Promise<R>): Promise<R> {
    while (lane.underWay >= AT_ONCE) await new Promise<void>((wake) => (lane.wake = wake))
    lane.wake = nobody
    const spacing = (1000 / this.#perSecond) * SLACK
    const due = Math.max(lane.next, this.#now() - spacing)
    await this.#until(Math.max(due, this.#secondEnds(lane)))
    const said = await ready()
    lane.next = due + spacing
    lane.left.push(this.#now())
    lane.underWay += 1
    return said
  }

  /** When one more call is not too many within a second. */
  #secondEnds({ left }: Lane): number {
    if (left.length < this.#perSecond) return 0
    return (left.shift() ?? 0) + SECOND_MS
  }

  async #until(moment: number): Promise<void> {
    for (let left = moment - this.#now(); left > 0; left = moment - this.#now())
      await this.#sleep(left)
  }

  #open(name: string): Lane {
    for (const [other, { inside, next }] of this.#lanes)
      if (inside === 0 && next < this.#now() - FORGET_MS) this.#lanes.delete(other)
    const lane: Lane = {
      next: 0,
      left: [],
      inside: 0,
      underWay: 0,
      turns: Promise.resolve(),
      wake: nobody,
    }
    this.#lanes.set(name, lane)
    return lane
  }
}
