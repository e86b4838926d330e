import { beforeEach, describe, expect, test, vi } from 'vitest'
import { ProviderError, type ProviderFailure } from '../../../app/errors.ts'
import { type Patience, retrying } from '../../../app/http/retry.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const OUTAGE: ProviderFailure = { code: 'network', kind: 'temporary', outage: true }
const UNSENT: ProviderFailure = { ...OUTAGE, unsent: true }

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOON })
  return () => vi.useRealTimers()
})

describe('what is safe to repeat', () => {
  test('is tried again after one, two and four seconds, and then no more', async () => {
    const { call, waits, tries } = always(OUTAGE)

    await expect(call('safe')).rejects.toMatchObject({ code: 'network' })

    expect(waits).toEqual([1000, 2000, 4000])
    expect(tries()).toBe(4)
  })

  test('stops at the first answer', async () => {
    const { call, waits } = failingTwice()

    await expect(call('safe')).resolves.toBe('answer')

    expect(waits).toEqual([1000, 2000])
  })

  test.each(['dead', 'permission', 'configuration'] as const)(
    'is not repeated after a failure that is %s',
    async (kind) => {
      const { call, waits } = always({ code: 'refused', kind })

      await expect(call('safe')).rejects.toMatchObject({ kind })

      expect(waits).toEqual([])
    },
  )

  test('is not repeated after a bug of ours', async () => {
    const { call, waits } = alwaysThrowing(new TypeError('undefined is not a function'))

    await expect(call('safe')).rejects.toThrow(TypeError)

    expect(waits).toEqual([])
  })
})

describe('what must not happen twice', () => {
  test('is not repeated when it may have arrived', async () => {
    const { call, tries } = always(OUTAGE)

    await expect(call('unsent')).rejects.toMatchObject({ code: 'network' })

    expect(tries()).toBe(1)
  })

  test('is repeated when it provably never left', async () => {
    const { call, waits } = always(UNSENT)

    await expect(call('unsent')).rejects.toMatchObject({ unsent: true })

    expect(waits).toEqual([1000, 2000, 4000])
  })

  test('is not repeated when it never left but would be refused again', async () => {
    const { call, tries } = always({ code: 'tls_error', kind: 'configuration', unsent: true })

    await expect(call('unsent')).rejects.toMatchObject({ code: 'tls_error' })

    expect(tries()).toBe(1)
  })
})

describe('a platform that says when to come back', () => {
  test('is not asked before', async () => {
    const { call, waits } = always({ ...OUTAGE, retryAt: new Date(NOON + 1500) })

    await expect(call('safe')).rejects.toMatchObject({ code: 'network' })

    expect(waits).toEqual([1500, 2000, 4000])
  })

  test('is given at least our own pause', async () => {
    const { call, waits } = always({ ...OUTAGE, retryAt: new Date(NOON - 60_000) })

    await expect(call('safe')).rejects.toMatchObject({ code: 'network' })

    expect(waits).toEqual([1000, 2000, 4000])
  })

  test('is not waited for beyond the deadline; the failure tells the moment', async () => {
    const retryAt = new Date(NOON + 60_000)
    const { call, waits } = always({ ...OUTAGE, retryAt })

    await expect(call('safe')).rejects.toMatchObject({ retryAt })

    expect(waits).toEqual([])
  })
})

describe('the deadline', () => {
  test.each([
    [1000, []],
    [1001, [1000]],
    [3000, [1000]],
    [3001, [1000, 2000]],
    [7001, [1000, 2000, 4000]],
  ])('of %i ms leaves room for the pauses %j', async (deadline, pauses) => {
    const { call, waits } = always(OUTAGE)

    await expect(call('safe', deadline)).rejects.toMatchObject({ code: 'network' })

    expect(waits).toEqual(pauses)
  })

  test('counts the time the calls take as well', async () => {
    const { call, waits } = always(OUTAGE, 2500)

    await expect(call('safe', 7000)).rejects.toMatchObject({ code: 'network' })

    expect(waits).toEqual([1000])
  })
})

const always = (failure: ProviderFailure, lasting = 0) =>
  alwaysThrowing(new ProviderError('broken', failure), lasting)

const alwaysThrowing = (error: Error, lasting = 0) => patient(() => Promise.reject(error), lasting)

function failingTwice() {
  return patient((nth) =>
    nth > 2 ? Promise.resolve('answer') : Promise.reject(new ProviderError('broken', OUTAGE)),
  )
}

/** A call with a clock of its own: it takes `lasting` ms, and sleeping moves the clock instead of waiting. */
function patient(answer: (nth: number) => Promise<string>, lasting = 0) {
  const waits: number[] = []
  let clock = 0
  let tries = 0
  const attempt = () => {
    tries += 1
    clock += lasting
    return answer(tries)
  }
  const patience = {
    now: () => clock,
    sleep(ms: number) {
      waits.push(ms)
      clock += ms
      return Promise.resolve()
    },
  }
  return {
    waits,
    tries: () => tries,
    call: (repeat: Patience['repeat'], deadline = 15_000) =>
      retrying(attempt, { ...patience, repeat, deadline }),
  }
}
