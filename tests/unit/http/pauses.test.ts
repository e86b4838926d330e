import { beforeEach, describe, expect, test, vi } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import type { Answer, Call } from '../../../app/http/call.ts'
import { Pauses } from '../../../app/http/pauses.ts'
import { retryAfter } from '../../../app/http/retry-after.ts'

const NOON = Date.UTC(2026, 10, 20, 12)
const LONGEST_S = 15 * 60
const url = 'https://api.example.ru/stores'

/** The steady clock, which nobody can set. */
let steady = 0

beforeEach(() => {
  steady = 0
  vi.useFakeTimers({ toFake: ['Date'], now: NOON })
  return () => vi.useRealTimers()
})

describe('the moment an answer asks to wait for', () => {
  test.each([
    ['Retry-After in seconds', { 'retry-after': '7' }, 7],
    ['Retry-After of nothing', { 'retry-after': '0' }, 0],
    ['Retry-After as a date', { 'retry-after': 'Fri, 20 Nov 2026 12:02:00 GMT' }, 120],
    ['Retry-After as a date gone by', { 'retry-after': 'Fri, 20 Nov 2026 11:00:00 GMT' }, 0],
    ['Retry-After below nothing', { 'retry-after': '-30' }, 0],
    ['X-RateLimit-Reset as seconds left', { 'x-ratelimit-reset': '42' }, 42],
    ['X-RateLimit-Reset as an epoch', { 'x-ratelimit-reset': String(NOON / 1000 + 30) }, 30],
    ['X-RateLimit-Reset as an epoch gone by', { 'x-ratelimit-reset': String(NOON / 1000 - 30) }, 0],
    ['both, Retry-After first', { 'retry-after': '5', 'x-ratelimit-reset': '500' }, 5],
    ['an hour, cut to a quarter', { 'retry-after': '3600' }, LONGEST_S],
    ['a date next year, cut', { 'retry-after': 'Sat, 20 Nov 2027 12:00:00 GMT' }, LONGEST_S],
    ['an epoch next year, cut', { 'x-ratelimit-reset': String(NOON / 1000 + 31e6) }, LONGEST_S],
    ['seconds without end, cut', { 'retry-after': '1e300' }, LONGEST_S],
  ])('%s', (_what, headers, seconds) => {
    expect(retryAfter(answer(headers))).toEqual(new Date(NOON + seconds * 1000))
  })

  test.each([
    ['in the body alone', {}, '{"retry_after":64.57,"global":false}', 64.57],
    ['in both, the header first', { 'retry-after': '5' }, '{"retry_after":64.57}', 5],
    [
      'in the body rather than X-RateLimit-Reset',
      { 'x-ratelimit-reset': '9' },
      '{"retry_after": 2}',
      2,
    ],
  ])('retry_after %s', (_what, headers, text, seconds) => {
    const asked = { ...answer(headers), text }

    expect(retryAfter(asked)).toEqual(new Date(NOON + seconds * 1000))
  })

  test.each(['{"retry_after":"soon"}', '{"retry_after":null}', '<html>'])(
    'is unknown with the body %s',
    (text) => {
      expect(retryAfter({ ...answer({}), text })).toBeUndefined()
    },
  )

  test.each([{}, { 'retry-after': '' }, { 'retry-after': 'soon' }, { 'x-ratelimit-reset': 'NaN' }])(
    'is unknown with %j',
    (headers) => {
      expect(retryAfter(answer(headers))).toBeUndefined()
    },
  )
})

describe('a pause', () => {
  test('is told as a wait, not as an outage', () => {
    const error = new Pauses(() => steady).begin({ url }, answer({ 'retry-after': '7' }))

    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({
      code: 'rate_limited',
      kind: 'temporary',
      outage: false,
      status: 429,
      retryAt: new Date(NOON + 7000),
    })
  })

  test('is waited for by later calls with the same credential, to the very moment', async () => {
    const pauses = paused(bearer('A'), { 'retry-after': '7' })
    pass(2000)

    expect(await waitsOf(pauses, bearer('A'))).toEqual([5000])
  })

  test('is over when its moment has come', async () => {
    const pauses = paused(bearer('A'), { 'retry-after': '7' })
    pass(7000)

    expect(await waitsOf(pauses, bearer('A'))).toEqual([])
  })

  test('lasts a second when nothing is said', async () => {
    expect(await waitsOf(paused(bearer('A'), {}), bearer('A'))).toEqual([1000])
  })

  test.each([7000, 7001, 60_000])(
    'that leaves no time before the deadline (%i ms) is refused, with its end',
    async (left) => {
      const pauses = paused(bearer('A'), { 'retry-after': String(left / 1000) })

      await expect(waitsOf(pauses, bearer('A'), 7000)).rejects.toMatchObject({
        code: 'rate_limited',
        retryAt: new Date(NOON + left),
      })
    },
  )

  test('that ends just before the deadline is waited for', async () => {
    const pauses = paused(bearer('A'), { 'retry-after': '7' })

    expect(await waitsOf(pauses, bearer('A'), 7001)).toEqual([7000])
  })

  test.each([
    ['Authorization', (token: string) => bearer(token)],
    ['X-Authorization', (token: string): Call => ({ url, headers: { 'x-authorization': token } })],
    ['the query', (token: string): Call => ({ url, query: { access_token: token } })],
    ['the form', (token: string): Call => ({ url, form: { access_token: token } })],
  ])('of a token in %s leaves other tokens alone', async (_where, call) => {
    const pauses = paused(call('A'), { 'retry-after': '7' })

    expect(await waitsOf(pauses, call('B'))).toEqual([])
    expect(await waitsOf(pauses, { url })).toEqual([])
    expect(await waitsOf(pauses, { ...call('A'), url: `${url}/other` })).toEqual([7000])
  })

  test('of one account is not ended by the pause of another', async () => {
    const pauses = paused(bearer('A'), { 'retry-after': '7' })
    pass(5000)

    pauses.begin(bearer('B'), answer({ 'retry-after': '1' }))

    expect(await waitsOf(pauses, bearer('A'))).toEqual([2000])
  })

  test.each([-3, 3])('lasts as long when the clock is set by %d hours', async (hours) => {
    const pauses = paused(bearer('A'), { 'retry-after': '7' })
    vi.setSystemTime(NOON + hours * 3600_000)

    expect(await waitsOf(pauses, bearer('A'))).toEqual([7000])
  })

  test('that is prolonged while somebody waits is waited for to its new end', async () => {
    const pauses = paused(bearer('A'), { 'retry-after': '7' })
    const prolong = once(() => pauses.begin(bearer('A'), answer({ 'retry-after': '3' })))

    expect(await waitsOf(pauses, bearer('A'), 15_000, prolong)).toEqual([7000, 3000])
  })
})

/** Time goes by on both clocks. */
function pass(ms: number) {
  steady += ms
  vi.setSystemTime(Date.now() + ms)
}

function answer(headers: Record<string, string>): Answer {
  return { status: 429, headers, text: '' }
}

const bearer = (token: string): Call => ({ url, headers: { authorization: `Bearer ${token}` } })

function paused(call: Call, headers: Record<string, string>): Pauses {
  const pauses = new Pauses(() => steady)
  pauses.begin(call, answer(headers))
  return pauses
}

/** How long a call waits, in pieces; sleeping moves the clocks, and something may happen meanwhile. */
async function waitsOf(
  pauses: Pauses,
  call: Call,
  deadline = 15_000,
  meanwhile: () => unknown = () => undefined,
): Promise<number[]> {
  const waits: number[] = []
  const sleep = (ms: number) => {
    waits.push(ms)
    pass(ms)
    meanwhile()
    return Promise.resolve()
  }
  const begun = steady
  await pauses.respect(call, { deadline: begun + deadline, sleep })
  return waits
}

function once(work: () => unknown) {
  let done = false
  return () => {
    if (!done) work()
    done = true
  }
}
