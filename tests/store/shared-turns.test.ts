import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import type { ProviderError } from '../../app/errors.ts'
import { createHttp } from '../../app/http/client.ts'
import type { SharedTurns } from '../../app/http/turns.ts'
import type { HttpOptions } from '../../app/http/http-options.ts'
import type { HttpEvent } from '../../app/http/observe.ts'
import { ENGINES } from '../support/databases.ts'
import { watchDepartures } from '../support/catalogue/departures.ts'
import { startServer } from '../unit/http/local-server.ts'
import { openBeside, openContext } from './context.ts'

const lane = 'a lane'
/** Whoever leaves later after its turn takes another one. */
const LATE_MS = 200

describe.each(ENGINES)('Turns that instances share on %s', (engine) => {
  test('a pause one of them has been asked for is kept by the other, which sends nothing', async () => {
    const ctx = await openContext(engine)
    const server = await startServer((res, { path }) =>
      path === '/busy' ? res.writeHead(429, { 'retry-after': '60' }).end() : res.end(),
    )
    const [one, other] = [clientOf(ctx, server.host), clientOf(openBeside(ctx), server.host)]
    const busy = { url: `${server.url}/busy`, lane }

    await expect(one.platform.send(busy)).rejects.toMatchObject({ code: 'rate_limited' })
    const refused = other.platform.send({ url: server.url, lane })

    const failure = await refused.catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'rate_limited', unsent: true })
    const { retryAt } = failure as ProviderError
    expect(retryAt?.getTime()).toBeGreaterThan(Date.now() + 50_000)
    expect(server.asked).toHaveLength(1)
    await other.platform.send({ url: server.url, lane: 'another lane' })
    expect(other.platform.breaker).toEqual({ name: 'closed', failed: 0 })
  })

  test('a database that is gone keeps no call back, and is nobody’s fault but ours', async () => {
    const ctx = await openContext(engine)
    const server = await startServer((res) => res.end())
    const { platform, events } = clientOf(ctx, server.host)
    await ctx.db.destroy()

    await platform.send({ url: server.url, lane })

    expect(server.asked).toHaveLength(1)
    expect(platform.breaker).toEqual({ name: 'closed', failed: 0 })
    expect(events.map(({ about }) => about)).toEqual(['turns', 'request'])
  })

  test('a permit that cannot be had tells nothing of the platform either', async () => {
    const ctx = await openContext(engine)
    const server = await startServer((res, _asked, nth) => res.writeHead(nth < 4 ? 500 : 200).end())
    const { platform } = clientOf(ctx, server.host)
    const post = (permit = () => Promise.resolve(() => undefined)) =>
      platform.send({ url: server.url, method: 'POST', lane, permit })
    const outages = [post(), post(), post()]
    for (const outage of outages) await expect(outage).rejects.toMatchObject({ outage: true })

    await expect(post(() => Promise.reject(new Error('no database')))).rejects.toThrow(
      'no database',
    )

    expect(platform.breaker).toEqual({ name: 'closed', failed: 3 })
  })
})

test('a database that does not answer is waited for, but not for long', async () => {
  const ctx = await openContext('postgres')
  const server = await startServer((res) => res.end())
  const { platform, events } = clientOf(ctx, server.host)
  const locking = await openBeside(ctx).db.transaction()
  await locking.raw('lock table paces in exclusive mode')

  const begun = performance.now()
  await platform.send({ url: server.url, lane })
  const took = performance.now() - begun
  await platform.send({ url: server.url, lane })
  expect(server.asked).toHaveLength(2) // with the table still locked
  await locking.rollback()

  expect(took).toBeGreaterThan(1_900)
  expect(events.filter(({ about }) => about === 'turns')).toHaveLength(1)
})

test('whoever is not ready in time takes another turn', async () => {
  const ctx = await openContext('sqlite')
  const server = await startServer((res) => res.end())
  const { platform } = clientOf(ctx, server.host)
  const asked: number[] = []
  const slowAtFirst = async () => {
    asked.push(performance.now())
    if (asked.length === 1) await pause(400)
    return () => undefined
  }

  await platform.send({ url: server.url, lane, permit: slowAtFirst })

  expect(asked).toHaveLength(2)
  expect(server.asked).toHaveLength(1)
})

test('whoever stands still between turn and first byte waits for another turn, on the line that is open', async () => {
  const ctx = await openContext('sqlite')
  const server = await startServer((res) => res.end())
  const taken: number[] = []
  const take: SharedTurns['take'] = async (...asked) => {
    const turn = await ctx.paces.take(...asked)
    taken.push(performance.now() + ('waitMs' in turn ? turn.waitMs : NaN))
    return turn
  }
  const { platform } = clientOf(ctx, server.host, { turns: { ...ctx.paces, take } })
  const left = watchDepartures(server.url, '/')
  let permits = 0
  const permit = () => {
    permits += 1
    void standStillSoon(LATE_MS * 2)
    return Promise.resolve(() => undefined)
  }

  await platform.send({ url: server.url, method: 'POST', form: { a: '1' }, lane, permit })

  expect(taken.length).toBeGreaterThan(1)
  expect([permits, left.length, server.asked.length]).toEqual([1, 1, 1])
  expect((left[0] ?? 0) - (taken.at(-1) ?? Infinity)).toBeGreaterThan(-5) // timers have milliseconds
})

/** As a process does that is stopped: after all that is done without waiting, before any line is connected. */
async function standStillSoon(ms: number) {
  for (let step = 0; step < 200; step += 1) await Promise.resolve()
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

/** An instance's client, as far as one platform with three calls a second is concerned. */
function clientOf({ paces }: Context, host: string, options: Partial<HttpOptions> = {}) {
  const events: HttpEvent[] = []
  const observe = (event: HttpEvent) => void events.push(event)
  const http = createHttp({ allowedHosts: [host], turns: paces, observe, ...options })
  onTestFinished(() => http.close())
  return { platform: http.platform('this', { perSecond: 3 }), events }
}
