import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { type BreakerState, CircuitBreaker, CircuitOpen } from '../../../app/http/breaker.ts'

const LIMITS = { failures: 5, cooldownMs: 60_000, successes: 3 }
const RUNS = 200
const EVENTS_A_RUN = 5_000
/** Calls under way at once, so that memory has a bound. */
const MOST_AT_ONCE = 30

test('a million random events: the breaker does what a simple model says, and never gets stuck', async () => {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 0 // refusals are errors, and half the time would go into where they came from
  onTestFinished(() => {
    Error.stackTraceLimit = stackTraceLimit
  })
  const seen = { opened: 0, closed: 0, refused: 0, stale: 0, probes: 0, events: 0 }

  await fc.assert(
    fc.asyncProperty(days, async (events) => {
      const world = new World(seen)
      for (const event of events) await world.live(event)
      await world.comeToRest()
    }),
    { numRuns: RUNS },
  )

  // What is never reached is not tested.
  expect(seen.events).toBeGreaterThanOrEqual(RUNS * EVENTS_A_RUN)
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(1_000)
})

/** One number is one event: which kind by its rest, how much of it by its quotient. */
const days = fc.array(fc.nat(0xffff), {
  minLength: EVENTS_A_RUN,
  maxLength: EVENTS_A_RUN,
  size: 'max',
})

type Ending = 'success' | 'outage' | 'refusal'

/** A call that began and has not ended yet, and in which era of the model it did. */
interface Pending {
  era: number
  end: (ending: Ending) => void
  settled: Promise<unknown>
}

/** The real breaker and the model beside it, living through the same events. */
class World {
  readonly #seen: Record<string, number>
  readonly #model = new Model()
  readonly #pending: Pending[] = []
  readonly #breaker: CircuitBreaker
  #now = 0
  #probing = 0

  constructor(seen: Record<string, number>) {
    this.#seen = seen
    this.#breaker = new CircuitBreaker(LIMITS, (error) => error === OUTAGE, {
      wall: () => this.#now,
      steady: () => this.#now,
    })
  }

  /** Failures come in spells, so that five in a row are no rarity. */
  async live(event: number) {
    const kind = event % 16
    const amount = Math.floor(event / 16)
    if (kind < 3) await this.#call('success')
    else if (kind < 4) await this.#call('refusal')
    else if (kind < 7) for (let n = 0; n <= amount % 6; n += 1) await this.#call('outage')
    else if (kind < 11) await this.#begin()
    else if (kind < 14) await this.#end(amount, ENDINGS[amount % 3] ?? 'success')
    else this.#now += amount % 2 === 0 ? (amount * 7) % 9_000 : (amount * 31) % 70_000
    this.#count('events')
    this.#compare()
  }

  /** Whatever happened: once all calls have ended and the rest is over, three good calls close it. */
  async comeToRest() {
    while (this.#pending.length > 0) await this.#end(0, 'outage')
    this.#now += LIMITS.cooldownMs
    for (let call = 1; call <= LIMITS.successes; call += 1) {
      expect(this.#model.admits(this.#now)).toBe(true)
      await this.#call('success')
    }
    this.#compare()
    expect(this.#breaker.state).toEqual({ name: 'closed', failed: 0 })
  }

  /** A call that ends before anything else happens. */
  async #call(ending: Ending) {
    if (await this.#begin(Infinity)) await this.#end(this.#pending.length - 1, ending)
  }

  /** True when the call was let through. */
  async #begin(most = MOST_AT_ONCE): Promise<boolean> {
    if (this.#pending.length >= most) return false
    const expected = this.#model.begin(this.#now)
    const pending = start(this.#breaker, expected ?? -1)
    if (pending instanceof Promise) {
      const refused = (await pending) instanceof CircuitOpen
      if (expected !== undefined || !refused) throw new Error('a call was refused that should not')
      this.#count('refused')
      return false
    }
    if (expected === undefined) throw new Error('a call was let through that should not have been')
    this.#pending.push(pending)
    if (this.#model.name === 'probing') this.#countProbe(1)
    return true
  }

  async #end(which: number, ending: Ending) {
    const [one] = this.#pending.splice(which % Math.max(1, this.#pending.length), 1)
    if (!one) return
    const before = this.#model.name
    if (one.era !== this.#model.era) this.#count('stale')
    else if (before === 'probing') this.#countProbe(-1)
    this.#model.end(one.era, ending, this.#now)
    one.end(ending)
    await one.settled
    if (before !== this.#model.name && this.#model.name === 'open') this.#count('opened')
    if (before !== this.#model.name && this.#model.name === 'closed') this.#count('closed')
  }

  #countProbe(change: 1 | -1) {
    if (change === 1) this.#count('probes')
    this.#probing = this.#model.name === 'probing' ? this.#model.underWay : 0
    if (this.#probing > 1) throw new Error(`${this.#probing} probes at once`)
  }

  #compare() {
    const told = inWords(this.#breaker.state)
    if (told !== this.#model.words) expect(told).toBe(this.#model.words)
  }

  #count(what: string) {
    this.#seen[what] = (this.#seen[what] ?? 0) + 1
  }
}

/**
 * What the breaker promises, told another way: an era is the time between two turns; everything follows from the
 * endings an era has seen, and a call of an earlier era means nothing.
 */
class Model {
  era = 0
  name: 'closed' | 'open' | 'probing' = 'closed'
  underWay = 0
  #endings: Ending[] = []
  #until = 0

  /** Whether a call would be let through. */
  admits(now: number): boolean {
    if (this.name === 'closed') return true
    if (this.name === 'open') return now >= this.#until
    return this.underWay === 0
  }

  /** The era the call belongs to; undefined when it is refused. */
  begin(now: number): number | undefined {
    const admitted = this.admits(now)
    if (this.name === 'open' && now >= this.#until) this.#turn('probing')
    if (!admitted) return undefined
    this.underWay += 1
    return this.era
  }

  end(era: number, ending: Ending, now: number) {
    if (era !== this.era) return
    this.underWay -= 1
    this.#endings.push(ending)
    const last = this.#endings.slice(-LIMITS.failures)
    const failing = last.length === LIMITS.failures && last.every((one) => one === 'outage')
    if (this.name === 'closed' && failing) this.#open(now)
    else if (this.name === 'probing' && ending === 'outage') this.#open(now)
    else if (this.name === 'probing' && this.#endings.length === LIMITS.successes)
      this.#turn('closed')
    this.#endings.splice(0, this.name === 'closed' ? this.#endings.length - LIMITS.failures : 0)
  }

  #open(now: number) {
    this.#until = now + LIMITS.cooldownMs
    this.#turn('open')
  }

  #turn(name: Model['name']) {
    this.era += 1
    this.name = name
    this.underWay = 0
    this.#endings = []
  }

  get words(): string {
    const good = this.#endings.length
    if (this.name === 'open') return `open until ${this.#until}`
    if (this.name === 'probing') return `probing ${good} ${this.underWay > 0}`
    return `closed ${good - 1 - this.#endings.findLastIndex((one) => one !== 'outage')}`
  }
}

function inWords(state: BreakerState): string {
  if (state.name === 'open') return `open until ${state.until.getTime()}`
  if (state.name === 'probing') return `probing ${state.succeeded} ${state.busy}`
  return `closed ${state.failed}`
}

const OUTAGE = new Error('outage')
const REFUSAL = new Error('refusal')
const ENDINGS: readonly Ending[] = ['success', 'outage', 'refusal']

/** Begins a call that ends when told to; what it was refused with, if it was not let through. */
function start(breaker: CircuitBreaker, era: number): Pending | Promise<unknown> {
  let end: Pending['end'] | undefined
  const settled = breaker
    .run(
      () =>
        new Promise<void>((succeed, fail) => {
          end = (ending) => {
            if (ending === 'success') succeed()
            else fail(ending === 'outage' ? OUTAGE : REFUSAL)
          }
        }),
    )
    .catch((error: unknown) => error)
  return end ? { era, end, settled } : settled
}
