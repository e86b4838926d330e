import type { Clock } from '../clock.ts'

/** Limits of a breaker: failures in a row that open it, how long it rests, successes in a row that close it. */
export interface BreakerLimits {
  failures: number
  cooldownMs: number
  successes: number
}

/** `probing` lets one call through at a time. `until` is when an open breaker may be tried again. */
export type BreakerState =
  | { name: 'closed'; failed: number }
  | { name: 'open'; until: Date }
  | { name: 'probing'; succeeded: number; needed: number; busy: boolean }

/** Thrown instead of calling while the breaker is open or its one probe is under way. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
  readonly until: Date

  constructor(until: Date) {
    super('circuit open')
    this.until = until
  }
}

/** An open breaker's, by the steady clock: one that is set neither shuts a road for hours nor opens it at once. */
interface Rest {
  name: 'open'
  deadline: number
}

type State = Exclude<BreakerState, { name: 'open' }> | Rest

/**
 * closed → N failures in a row → open → rest → probing, one call at a time → M successes → closed; a failure while
 * probing opens it again. Only errors that `counts` accepts are failures: one account's dead token closes no road.
 */
export class CircuitBreaker {
  #state: State = { name: 'closed', failed: 0 }
  readonly #limits: BreakerLimits
  readonly #counts: (error: unknown) => boolean | undefined
  readonly #clock: Clock
  readonly #turned: (to: BreakerState['name']) => void

  /**
   * `counts` says of an error whether it is a failure; undefined: the other side was not asked, nothing is known of it.
   * `turned` hears of every change from one state to another.
   */
  constructor(
    limits: BreakerLimits,
    counts: (error: unknown) => boolean | undefined,
    clock: Clock,
    turned: (to: BreakerState['name']) => void = () => undefined,
  ) {
    this.#limits = limits
    this.#counts = counts
    this.#clock = clock
    this.#turned = turned
  }

  get state(): BreakerState {
    const state = this.#state
    return state.name === 'open' ? { name: 'open', until: this.#momentOf(state) } : state
  }

  /** @throws CircuitOpen without calling, or whatever `call` throws. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    const entered = this.#enter()
    try {
      const result = await call()
      this.#settle(entered, true)
      return result
    } catch (error) {
      const counts = this.#counts(error)
      this.#settle(entered, counts === undefined ? undefined : !counts)
      throw error
    }
  }

  #momentOf({ deadline }: Pick<Rest, 'deadline'>): Date {
    const { wall, steady } = this.#clock
    return new Date(wall() + deadline - steady())
  }

  #enter() {
    const { steady } = this.#clock
    if (this.#state.name === 'open' && this.#state.deadline <= steady()) {
      const needed = this.#limits.successes
      this.#turn({ name: 'probing', succeeded: 0, needed, busy: false })
    }
    const state = this.#state
    if (state.name === 'open') throw new CircuitOpen(this.#momentOf(state))
    if (state.name === 'probing') {
      if (state.busy) throw new CircuitOpen(this.#momentOf({ deadline: steady() }))
      state.busy = true
    }
    return state
  }

  /** A result that began under an earlier state is out of date and changes nothing. */
  #settle(entered: State, fine: boolean | undefined) {
    if (entered !== this.#state) return
    if (fine === undefined) {
      if (entered.name === 'probing') entered.busy = false
      return
    }
    if (entered.name === 'closed') this.#count(entered, fine)
    if (entered.name === 'probing') this.#weigh(entered, fine)
  }

  #count(closed: { failed: number }, fine: boolean) {
    closed.failed = fine ? 0 : closed.failed + 1
    if (closed.failed >= this.#limits.failures) this.#open()
  }

  #weigh(probing: { succeeded: number; busy: boolean }, fine: boolean) {
    if (!fine) {
      this.#open()
      return
    }
    probing.busy = false
    probing.succeeded += 1
    if (probing.succeeded >= this.#limits.successes) this.#turn({ name: 'closed', failed: 0 })
  }

  #open() {
    this.#turn({ name: 'open', deadline: this.#clock.steady() + this.#limits.cooldownMs })
  }

  #turn(state: State) {
    this.#state = state
    this.#turned(state.name)
  }
}
