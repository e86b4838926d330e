import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { isPostgres } from '../../app/store/db.ts'
import { addLink } from '../support/catalogue/rows.ts'
import { ENGINES } from '../support/databases.ts'
import { addConnected, ago, HOUR_MS, openBeside, openContext } from './context.ts'

const LEASE_MS = 30_000
const SINCE = () => new Date(Date.now() + 1_000)
const NEWS = { key: 'key', event: 'connection.lost', payload: '{}' }

/** Everything that is held or put off for a while: who takes it, and the columns in which its end stands. */
const HELD: Record<string, Held> = {
  'a check': {
    columns: { connections: ['check_until'] },
    take: async (ctx, owner) => ctx.checks.claim('vk', SINCE(), 9, owner, LEASE_MS),
  },
  'a delivery': {
    columns: {
      webhooks: ['sending_until'],
      webhook_deliveries: ['claimed_until', 'next_attempt_at'],
    },
    take: async (ctx, owner) => one(await ctx.deliveries.claim(owner, LEASE_MS)),
  },
  'a delivery sent by hand': {
    columns: { webhook_deliveries: ['claimed_until', 'next_attempt_at'] },
    take: async (ctx, owner) => one(await ctx.deliveries.claimAgain(1, 1, owner, LEASE_MS)),
  },
  'a letter': {
    columns: { notices: ['tell_until'] },
    take: async (ctx, owner) => ctx.noticeQueue.claim(owner, SINCE(), 9, LEASE_MS),
  },
}

interface Held {
  columns: Record<string, string[]>
  take: (ctx: Context, owner: string) => Promise<readonly unknown[]>
}

describe.each(ENGINES)('After the clock was set back, on %s,', (engine) => {
  test.each(Object.entries(HELD))('%s whose holder died is taken over', async (_name, held) => {
    const ctx = await openScene(engine)
    const first = await held.take(ctx, 'dead')
    const meanwhile = await held.take(ctx, 'other')

    await setBack(ctx, held.columns, 3 * HOUR_MS)

    expect([first, meanwhile].map(({ length }) => length)).toEqual([1, 0])
    expect(await held.take(ctx, 'other')).toHaveLength(1)
  })

  test.each(Object.entries(HELD))('%s is nobody else’s for a step of seconds', async (_n, held) => {
    const ctx = await openScene(engine)
    await held.take(ctx, 'holder')

    await setBack(ctx, held.columns, 5_000)

    expect(await held.take(ctx, 'other')).toEqual([])
  })

  test('a delivery that was put off has its turn, and not before without that', async () => {
    const ctx = await openScene(engine)
    const delivery = await ctx.deliveries.claim('me', LEASE_MS)
    if (delivery) await ctx.deliveries.postponed(delivery, 'me', { error: 'timeout' }, 60_000)
    await ctx.deliveries.release(1, 'me')
    const early = await ctx.deliveries.claim('me', LEASE_MS)

    await setBack(ctx, { webhook_deliveries: ['next_attempt_at'] }, 2 * HOUR_MS)

    expect(early).toBeUndefined()
    expect(await ctx.deliveries.claim('me', LEASE_MS)).toMatchObject({ attempts: 1 })
  })

  test('a letter that did not leave has its turn, and not before without that', async () => {
    const ctx = await openScene(engine)
    const [letter] = await ctx.noticeQueue.claim('me', SINCE(), 9, LEASE_MS)
    await ctx.noticeQueue.putOff([letter?.id ?? 0], 'me', 4)
    const early = await ctx.noticeQueue.claim('me', SINCE(), 9, LEASE_MS)

    await setBack(ctx, { notices: ['tell_until'] }, 2 * HOUR_MS)

    expect(early).toEqual([])
    expect(await ctx.noticeQueue.claim('me', SINCE(), 9, LEASE_MS)).toMatchObject([{ tries: 4 }])
  })

  test('a refresh is left to its holder until it has been waited for', async () => {
    const ctx = await openScene(engine)
    const connection = (await ctx.connections.list(1))[0]
    if (!connection) throw new Error('nobody is connected')
    await ctx.refreshes.claim(connection, 'holder', LEASE_MS)
    await setBack(ctx, { connections: ['lease_until'] }, 3 * HOUR_MS)

    const atOnce = await ctx.refreshes.claim(connection, 'other', LEASE_MS)
    const outwaited = await ctx.refreshes.claim(connection, 'other', LEASE_MS, true)
    const again = await ctx.refreshes.claim(connection, 'third', LEASE_MS, true)

    expect([atOnce, outwaited, again]).toEqual([false, true, false])
  })
})

describe.each(ENGINES)('What was written before the clock was set back, on %s,', (engine) => {
  test('puts off no check: neither the last one nor a pause asked for', async () => {
    const ctx = await openScene(engine)
    const [seen] = await ctx.connections.list(1)
    if (!seen) throw new Error('nobody is connected')
    await ctx.checks.record(seen, { health: 'online' })
    const tick = ago(1_000)
    const fresh = await ctx.checks.claim('vk', tick, 9, 'me', LEASE_MS)

    await setBack(ctx, { connections: ['last_checked_at'] }, 2 * HOUR_MS)
    const checkedAhead = await ctx.checks.claim('vk', tick, 9, 'me', LEASE_MS)
    const [again] = checkedAhead
    if (again) await ctx.checks.postpone(again, new Date(Date.now() + 60_000))
    const resting = await ctx.checks.claim('vk', tick, 9, 'me', LEASE_MS)
    await setBack(ctx, { connections: ['next_check_at'] }, 2 * HOUR_MS)
    const pausedAhead = await ctx.checks.claim('vk', tick, 9, 'me', LEASE_MS)

    expect([fresh, checkedAhead, resting, pausedAhead].map(({ length }) => length)).toEqual([
      0, 1, 0, 1,
    ])
  })

  test('keeps no letter waiting', async () => {
    const ctx = await openScene(engine)

    await setBack(ctx, { notices: ['created_at'] }, 2 * HOUR_MS)

    expect(await ctx.noticeQueue.claim('me', ago(60_000), 9, LEASE_MS)).toHaveLength(1)
  })

  test('limits nobody longer than its window', async () => {
    const ctx = await openScene(engine)
    const limit = { name: 'sign-in', most: 1, windowMs: 60_000 }
    await ctx.limits.hit(limit, 'marina')
    const second = await ctx.limits.hit(limit, 'marina')

    await ctx.db('rate_limits').update({ resets_at: Date.now() + 2 * HOUR_MS })

    expect(second.exceeded).toBe(true)
    expect(await ctx.limits.hit(limit, 'marina')).toMatchObject({ count: 1, exceeded: false })
  })

  test('does not keep a timetable of goods waiting, and is planned anew once', async () => {
    const ctx = await openScene(engine)
    const link = await addLink(ctx)
    await ctx.syncLinks.setNextRun(link.id, new Date(Date.now() + 600_000))
    const early = await ctx.syncLinks.takeDue(9, 600_000)

    await setBack(ctx, { sync_links: ['next_run_at', 'planned_at'] }, 2 * HOUR_MS)
    const late = await ctx.syncLinks.takeDue(9, 600_000)

    expect([early, late].map(({ length }) => length)).toEqual([0, 1])
    expect(await ctx.syncLinks.takeDue(9, 600_000)).toEqual([])
  })
})

describe.each(ENGINES)('Who has lost a claim, on %s,', (engine) => {
  test('records no check, postpones none and puts none off', async () => {
    const ctx = await openScene(engine)
    const [seen] = await ctx.checks.claim('vk', SINCE(), 9, 'frozen', LEASE_MS)
    if (!seen) throw new Error('nothing was due')
    await ctx.db('connections').update({ check_until: ago(1) })
    await ctx.checks.claim('vk', SINCE(), 9, 'other', LEASE_MS)

    const late = { ...seen, claim: 'frozen' }
    const recorded = await ctx.checks.record(late, { health: 'revoked' })
    await ctx.checks.postpone(late, new Date())
    await ctx.checks.putOff(seen.id, 'frozen', new Date())

    expect(recorded).toBeUndefined()
    expect(await ctx.connections.findById(seen.id)).toMatchObject({
      health: 'online',
      nextCheckAt: undefined,
    })
    const theirs = await ctx.checks.record({ ...seen, claim: 'other' }, { health: 'online' })
    expect(theirs).toBeDefined()
  })

  test('is somebody else even in the same process', async () => {
    const ctx = await openScene(engine)
    const other = openBeside(ctx)

    const names = [ctx.claimName(), ctx.claimName(), other.claimName()]

    expect(new Set(names).size).toBe(3)
    expect(names.every((name) => name.length <= 64)).toBe(true)
  })
})

/** Marina, connected and in trouble, with a webhook. */
async function openScene(engine: 'sqlite' | 'postgres') {
  const ctx = await openContext(engine)
  const connection = await addConnected(ctx)
  await ctx.webhooks.save(connection.userId, 'https://shop.example.ru/evosync')
  await ctx.notices.openIncident(connection, 'token_revoked', [], NEWS)
  return ctx
}

/** What was written before the clock went back is that much further ahead by it. */
async function setBack(ctx: Context, columns: Held['columns'], ms: number) {
  const later = isPostgres(ctx.db) ? "?? + ? * interval '1 millisecond'" : '?? + ?'
  for (const [table, names] of Object.entries(columns))
    for (const name of names) await ctx.db(table).update({ [name]: ctx.db.raw(later, [name, ms]) })
}

const one = (found: unknown) => (found === undefined ? [] : [found])
