import { beforeEach, describe, expect, test } from 'vitest'
import { CircuitBreaker, CircuitOpen } from '../../../app/http/breaker.ts'

const LIMITS = { failures: 5, cooldownMs: 60_000, successes: 3 }
const START = Date.UTC(2026, 10, 20, 12)

let now = START
/** By how much somebody has set the clock on the wall since. */
let setBy = 0
let breaker = createBreaker()

beforeEach(() => {
  now = START
  setBy = 0
  breaker = createBreaker()
})

describe('a closed breaker', () => {
  test('passes on what a call gives and what it throws', async () => {
    await expect(breaker.run(() => Promise.resolve('answer'))).resolves.toBe('answer')
    await expect(outage()).rejects.toThrow('outage')
  })

  test('four failures in a row leave it closed, the fifth opens it for a minute', async () => {
    await times(4, outage)
    const before = breaker.state.name
    await times(1, outage)

    expect(before).toBe('closed')
    expect(breaker.state).toEqual({ name: 'open', until: new Date(START + 60_000) })
  })

  test('one success wipes out the failures before it', async () => {
    await times(4, outage)
    await fine()
    await times(4, outage)

    expect(breaker.state).toEqual({ name: 'closed', failed: 4 })
  })

  test('failures that do not count open nothing, however many', async () => {
    await times(50, refusal)

    expect(breaker.state).toEqual({ name: 'closed', failed: 0 })
  })

  test('five calls that fail side by side open it as well', async () => {
    await Promise.allSettled(Array.from({ length: 10 }, outage))

    expect(breaker.state).toEqual({ name: 'open', until: new Date(START + 60_000) })
  })
})

describe('an open breaker', () => {
  beforeEach(() => times(5, outage))

  test.each([-3, 3, 63])('rests as long when the clock is set by %d hours', async (hours) => {
    setBy = hours * 3600_000
    now += 59_000
    await expect(fine()).rejects.toMatchObject({ until: new Date(now + setBy + 1_000) })

    now += 1_000
    await fine()

    expect(breaker.state).toMatchObject({ name: 'probing' })
  })

  test('refuses without calling and says until when', async () => {
    const calls = counted()

    const refused = breaker.run(calls.call)

    await expect(refused).rejects.toBeInstanceOf(CircuitOpen)
    await expect(refused).rejects.toMatchObject({ until: new Date(START + 60_000) })
    expect(calls.count()).toBe(0)
  })

  test('is still open a millisecond before the minute is over', async () => {
    now = START + 59_999

    await expect(fine()).rejects.toBeInstanceOf(CircuitOpen)
  })

  test('lets a call through when the minute is over', async () => {
    now = START + 60_000

    await expect(fine()).resolves.toBeUndefined()
  })

  test('is not closed by a call that began before it opened', async () => {
    const early = createBreaker()
    const slow = delayed()
    const running = early.run(slow.call)
    await times(5, () => early.run(failing))

    slow.succeed()
    await running

    expect(early.state.name).toBe('open')
  })

  test('does not rest any longer because calls from before it opened fail too', async () => {
    const early = createBreaker()
    const slow = delayed()
    const running = early.run(slow.call)
    await times(5, () => early.run(failing))

    now = START + 30_000
    slow.fail()
    await expect(running).rejects.toThrow('outage')

    expect(early.state).toEqual({ name: 'open', until: new Date(START + 60_000) })
  })
})

describe('a probing breaker', () => {
  beforeEach(async () => {
    await times(5, outage)
    now = START + 60_000
  })

  test('lets one call through at a time', async () => {
    const first = delayed()
    const second = counted()
    const running = breaker.run(first.call)

    await expect(breaker.run(second.call)).rejects.toBeInstanceOf(CircuitOpen)
    first.succeed()
    await running
    await breaker.run(second.call)

    expect(second.count()).toBe(1)
  })

  test('closes after three successes, not after two', async () => {
    await times(2, fine)
    const afterTwo = breaker.state.name
    await fine()

    expect(afterTwo).toBe('probing')
    expect(breaker.state).toEqual({ name: 'closed', failed: 0 })
  })

  test.each([0, 1, 2])(
    'opens again for a whole minute when it fails after %i successes',
    async (successes) => {
      await times(successes, fine)
      now += 5_000
      await times(1, outage)

      expect(breaker.state).toEqual({ name: 'open', until: new Date(now + 60_000) })
    },
  )

  test('counts its successes anew after it has opened again', async () => {
    await times(2, fine)
    await times(1, outage)
    now += 60_000
    await fine()

    expect(breaker.state).toMatchObject({ name: 'probing', succeeded: 1 })
  })

  test('takes a refusal as a sign of life: the platform has answered', async () => {
    await times(3, refusal)

    expect(breaker.state.name).toBe('closed')
  })

  test('ignores what began while it was still closed', async () => {
    const early = createBreaker()
    const slow = delayed()
    const running = early.run(slow.call)
    await times(5, () => early.run(failing))
    now += 60_000
    await early.run(() => Promise.resolve())

    slow.fail()
    await expect(running).rejects.toThrow('outage')

    expect(early.state).toMatchObject({ name: 'probing', succeeded: 1 })
  })
})

class Outage extends Error {}

function createBreaker() {
  return new CircuitBreaker(LIMITS, (error) => error instanceof Outage, {
    wall: () => now + setBy,
    steady: () => now,
  })
}

const failing = () => Promise.reject(new Outage('outage'))
const fine = () => breaker.run(() => Promise.resolve())
const outage = () => breaker.run(failing)
const refusal = () => breaker.run(() => Promise.reject(new Error('refused')))

/** One after the other, whatever comes of it. */
async function times(count: number, work: () => Promise<unknown>) {
  for (let n = 0; n < count; n += 1) await work().catch(() => undefined)
}

function counted() {
  let count = 0
  const call = () => {
    count += 1
    return Promise.resolve()
  }
  return { call, count: () => count }
}

/** A call that is answered when the test says so. */
function delayed() {
  const answers = { succeed: ignore, fail: ignore }
  const answer = new Promise<void>((succeed, fail) => {
    answers.succeed = succeed
    answers.fail = () => {
      fail(new Outage('outage'))
    }
  })
  return { ...answers, call: () => answer }
}

const ignore = (): void => undefined
