import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, ago, connect, DAY_MS, fromNow, HOUR_MS, openContext } from './context.ts'

describe.each(ENGINES)('Figures about everybody on %s', (engine) => {
  test('there are none where there is nobody', async () => {
    const { overview } = await openContext(engine)

    expect(await overview.connections()).toEqual([])
    expect(await overview.checks(ago(DAY_MS))).toEqual([])
    expect(await overview.refreshes(ago(DAY_MS))).toEqual([])
    expect(await overview.postponed()).toEqual([])
  })

  test('connections are counted by platform and state', async () => {
    const ctx = await openContext(engine)
    const { checks, overview } = ctx
    const [, second] = await connectThree(ctx)
    await checks.record(second, { health: 'revoked', reason: 'token_revoked' })

    expect(sorted(await overview.connections())).toEqual([
      { provider: 'evotor', health: 'online', count: 1 },
      { provider: 'vk', health: 'online', count: 1 },
      { provider: 'vk', health: 'revoked', count: 1 },
    ])
  })

  test('checks since a moment are counted by platform, those that passed and those that did not', async () => {
    const ctx = await openContext(engine)
    const [first, second, till] = await connectThree(ctx)
    for (const [connection, health, msAgo] of [
      [first, 'online', HOUR_MS / 2],
      [first, 'online', HOUR_MS * 2],
      [second, 'unreachable', HOUR_MS / 2],
      [second, 'revoked', HOUR_MS / 2],
      [till, 'permission', HOUR_MS / 2],
    ] as const)
      await ctx.checkHistory.add(connection, { health }, ago(msAgo))
    await ctx.connections.remove(second.userId, 'vk')

    expect(sorted(await ctx.overview.checks(ago(HOUR_MS)))).toEqual([
      { provider: 'evotor', passed: 0, failed: 1 },
      { provider: 'vk', passed: 1, failed: 2 },
    ])
  })

  test('refreshes since a moment are counted by platform, and no other event is', async () => {
    const ctx = await openContext(engine)
    await connectThree(ctx)
    const [marina, oleg] = [1, 2]
    await ctx.events.add({ event: 'refreshed', userId: marina, provider: 'vk' })
    await ctx.db('events').update({ at: ago(2 * DAY_MS) })
    await ctx.events.add({ event: 'refreshed', userId: marina, provider: 'vk' })
    await ctx.events.add({ event: 'refreshed', userId: oleg, provider: 'vk' })
    await ctx.events.add({ event: 'refresh_failed', userId: oleg, provider: 'vk' })
    await ctx.events.add({ event: 'connected', userId: oleg, provider: 'evotor' })

    expect(await ctx.overview.refreshes(ago(DAY_MS))).toEqual([
      { provider: 'vk', refreshed: 2, failed: 1 },
    ])
  })

  test('postponed are those whose pause is not over, until the last of them ends', async () => {
    const ctx = await openContext(engine)
    const [first, second, till] = await connectThree(ctx)
    const later = fromNow(HOUR_MS / 2)
    await ctx.checks.postpone(first, fromNow(HOUR_MS / 4))
    await ctx.checks.postpone(second, later)
    await ctx.checks.postpone(till, ago(1000))

    expect(await ctx.overview.postponed()).toEqual([{ provider: 'vk', count: 2, until: later }])
  })

  test('the engine, its last migration and its pool are told', async () => {
    const { overview } = await openContext(engine)

    expect(await overview.engine()).toEqual({
      name: engine === 'sqlite' ? 'SQLite' : 'PostgreSQL',
      version: expect.stringMatching(/^\d+\.\d+/) as string,
      migration: expect.stringMatching(/^\d{3}-/) as string,
    })
    expect(overview.pool()).toEqual({ used: 0, free: 1, waiting: 0 })
  })
})

describe.each(ENGINES)('Reading the journal on %s', (engine) => {
  test('goes from the newest back, by person, event and where one has got to', async () => {
    const ctx = await openContext(engine)
    const { events } = ctx
    const marina = await addPerson(ctx, 'marina')
    const oleg = await addPerson(ctx, 'oleg')
    await events.add({ event: 'connected', userId: marina.id, provider: 'vk' })
    await events.add({ event: 'connected', userId: oleg.id, provider: 'vk' })
    await events.add({ event: 'disconnected', userId: marina.id, provider: 'vk' })
    await events.add({ event: 'connected', userId: marina.id, provider: 'evotor' })

    const ids = async (...wanted: Parameters<typeof events.page>) =>
      (await events.page(...wanted)).map(({ id }) => id)

    expect(await ids({}, 3)).toEqual([4, 3, 2])
    expect(await ids({ before: 2 }, 3)).toEqual([1])
    expect(await ids({ userId: marina.id }, 9)).toEqual([4, 3, 1])
    expect(await ids({ userId: marina.id, event: 'connected', before: 4 }, 9)).toEqual([1])
    expect((await events.recent(marina.id, 'vk', 9)).map(({ id }) => id)).toEqual([3, 1])
    expect((await events.recent(marina.id, 'vk', 1)).map(({ id }) => id)).toEqual([3])
  })

  test('an entry about nobody, and one whose details have gone bad, are read all the same', async () => {
    const { db, events } = await openContext(engine)
    await events.add({ event: 'account_deleted', details: { user: 7 } })
    await db('events').insert({ at: new Date(), event: 'connected', details: '{half' })

    expect(await events.page({}, 9)).toMatchObject([
      { event: 'connected', user: undefined, details: {} },
      { event: 'account_deleted', user: undefined, details: { user: 7 } },
    ])
  })
})

test('connections in trouble are found by an index, whoever else is connected', async () => {
  const ctx = await openContext('sqlite')
  let asked = ''
  ctx.db.on('query', ({ sql }: { sql: string }) => (asked = sql))
  await ctx.outages.struck(['provider_unavailable', 'tls_error'])

  const plan = await ctx.db.raw<{ detail: string }[]>(`explain query plan ${asked}`, ['a', 'b'])

  expect(plan[0]?.detail).toContain('USING COVERING INDEX connections_incident_index')
})

/** Two people at VK, the first of them at Evotor too. */
async function connectThree(ctx: Context) {
  const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
  return [
    await connect(ctx, marina.id),
    await connect(ctx, oleg.id),
    await connect(ctx, marina.id, { provider: 'evotor' }),
  ] as const
}

const sorted = <Row extends object>(rows: readonly Row[]) =>
  rows.toSorted((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b)))
