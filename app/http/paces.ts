/** Calls of one lane that may be under way at once. */
const AT_ONCE = 3
const SECOND_MS = 1000
/** A call that was as quick as its kind can be arrived at once; about any other the answer says how late it may have been. */
const LEAST_MARGIN_MS = 15
const MOST_MARGIN_MS = 80
/** The quickest of a kind is believed a little less with each call: the way there may have become longer. */
const FADES = 1.02
const FORGET_MS = 60_000

/** Whose turn it is, and what is asked: calls of one kind take about as long. */
export interface Paced {
  lane: string
  kind: string
}

/** `at` once its first byte has left, `tookMs` once it was answered. */
interface Departure {
  at?: number
  kind: string
  tookMs?: number
}

interface Lane {
  /** Monotonic moment before which the next call should not leave. */
  next: number
  /** The last calls that have left or are about to, as many as a second allows. */
  left: Departure[]
  /** Milliseconds the quickest call of each kind took. */
  quickest: Map<string, number>
  /** Calls that wait or are under way. */
  inside: number
  underWay: number
  /** The turn of whoever came last: turns are taken one after the other. */
  turns: Promise<void>
  wake: () => void
}

const nobody = () => undefined

/**
 * How much later than the quickest of its kind a call may have arrived: of the time it took, more cannot have been spent on
 * the way there than is above the least time. The call after it is at least as long on its way as the quickest, so that a
 * second and this margin apart is a second apart at the platform too.
 */
function marginOf({ quickest }: Lane, { kind, tookMs }: Departure): number {
  if (tookMs === undefined) return MOST_MARGIN_MS
  const longer = Math.max(0, tookMs - (quickest.get(kind) ?? tookMs))
  return Math.min(MOST_MARGIN_MS, LEAST_MARGIN_MS + longer)
}

/** When the second of a call is over at the platform, wherever that counts from: one still being connected has all of it. */
const endOf = (lane: Lane, one: Departure, now: number) =>
  (one.at ?? now) + SECOND_MS + marginOf(lane, one)

/** Calls whose second is over hold nobody up. */
function forgetEnded(lane: Lane, now: number) {
  const still = lane.left.findIndex((one) => endOf(lane, one, now) > now)
  lane.left.splice(0, still < 0 ? lane.left.length : still)
}

/** The call whose second ends first makes room for another. */
function forgetFirst(lane: Lane, perSecond: number, now: number) {
  if (lane.left.length < perSecond) return
  const ends = lane.left.map((one) => endOf(lane, one, now))
  lane.left.splice(ends.indexOf(Math.min(...ends)), 1)
}

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

  /**
   * Runs `call` at its turn, with what `ready` says at the last moment; when that throws, nothing has left. The call says
   * when its first byte does: connecting takes its time, and may fail.
   */
  async run<T, R>(
    { lane: name, kind }: Paced,
    call: (said: R, leaves: () => void) => Promise<T>,
    ready: () => Promise<R>,
  ): Promise<T> {
    const lane = this.#lanes.get(name) ?? this.#open(name)
    lane.inside += 1
    const turn = lane.turns.then(() => this.#turn(lane, kind, ready))
    lane.turns = turn.then(nobody, nobody)
    try {
      const { said, departure } = await turn
      const leaves = () => {
        departure.at = this.#now()
      }
      return await call(said, leaves).finally(() => {
        this.#answered(lane, departure)
        lane.underWay -= 1
        lane.wake()
      })
    } finally {
      lane.inside -= 1
    }
  }

  /** A call that leaves late lets the next one make up for it, as far as the second allows. */
  async #turn<R>(lane: Lane, kind: string, ready: () => Promise<R>) {
    while (lane.underWay >= AT_ONCE) await new Promise<void>((wake) => (lane.wake = wake))
    lane.wake = nobody
    const spacing = SECOND_MS / this.#perSecond
    const due = Math.max(lane.next, this.#now() - spacing)
    forgetEnded(lane, this.#now())
    await this.#until(() => Math.max(due, this.#secondEnds(lane)))
    forgetFirst(lane, this.#perSecond, this.#now())
    const said = await ready()
    lane.next = due + spacing
    const departure: Departure = { kind }
    lane.left.push(departure)
    lane.underWay += 1
    return { said, departure }
  }

  /** When one more call is not too many within a second, wherever the second begins. */
  #secondEnds(lane: Lane): number {
    if (lane.left.length < this.#perSecond) return 0
    return Math.min(...lane.left.map((one) => endOf(lane, one, this.#now())))
  }

  #answered(lane: Lane, departure: Departure) {
    const { at, kind } = departure
    if (at === undefined) {
      lane.left = lane.left.filter((one) => one !== departure)
      return
    }
    const { quickest } = lane
    const tookMs = this.#now() - at
    departure.tookMs = tookMs
    quickest.set(kind, Math.min(tookMs, (quickest.get(kind) ?? Infinity) * FADES))
  }

  /** The moment may move while it is waited for: a call that is under way may leave only now. */
  async #until(moment: () => number): Promise<void> {
    for (let left = moment() - this.#now(); left > 0; left = moment() - this.#now())
      await this.#sleep(Math.ceil(left))
  }

  #open(name: string): Lane {
    for (const [other, { inside, next }] of this.#lanes)
      if (inside === 0 && next < this.#now() - FORGET_MS) this.#lanes.delete(other)
    const lane: Lane = {
      next: 0,
      left: [],
      quickest: new Map(),
      inside: 0,
      underWay: 0,
      turns: Promise.resolve(),
      wake: nobody,
    }
    this.#lanes.set(name, lane)
    return lane
  }
}
