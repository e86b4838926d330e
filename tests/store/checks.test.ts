import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import type { Connection } from '../../app/store/connection.ts'
import { ENGINES } from '../support/databases.ts'
import {
  addConnected,
  addPerson,
  ago,
  connect,
  DAY_MS,
  fromNow,
  HOUR_MS,
  openBeside,
  openContext,
} from './context.ts'
import { checksDone } from '../support/checks.ts'

const LEASE_MS = 30_000
const MOST = 25

describe.each(ENGINES)('What is due for a check on %s', (engine) => {
  test('each of 500 connections goes to exactly one of three instances', async () => {
    const ctx = await openContext(engine)
    const instances = [ctx, openBeside(ctx), openBeside(ctx)]
    const ids: number[] = []
    for (let index = 0; index < 500; index += 1)
      ids.push((await addConnected(ctx, `owner${index}`)).id)
    const tick = new Date()

    const claims = await Promise.all(instances.map((instance) => drain(instance, tick)))

    const claimed = claims.flat(2).map(({ id }) => id)
    expect(claimed).toHaveLength(500)
    expect(new Set(claimed)).toEqual(new Set(ids))
    expect(claims.flat().every((batch) => batch.length <= MOST)).toBe(true)
  })

  test('no instance goes away empty-handed while many others claim', async () => {
    const ctx = await openContext(engine)
    const instances = [ctx, openBeside(ctx), openBeside(ctx)]
    for (let index = 0; index < 60; index += 1) await addConnected(ctx, `owner${index}`)

    const claims = await Promise.all(
      instances.map((one) => one.checks.claim('vk', new Date(), 20, one.instance, LEASE_MS)),
    )

    expect(claims.map(({ length }) => length)).toEqual([20, 20, 20])
  })

  test('is what has not been checked since the tick', async () => {
    const ctx = await openContext(engine)
    const never = await addConnected(ctx, 'never')
    const before = await addConnected(ctx, 'before')
    const since = await addConnected(ctx, 'since')
    const tick = ago(60_000)
    await lastChecked(ctx, before, ago(61_000))
    await lastChecked(ctx, since, ago(59_000))

    const due = await ctx.checks.claim('vk', tick, MOST, 'me', LEASE_MS)

    expect(new Set(due.map(({ id }) => id))).toEqual(new Set([never.id, before.id]))
  })

  test('is asked platform by platform', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    await connect(ctx, marina.id, { provider: 'vk' })
    const till = await connect(ctx, marina.id, { provider: 'evotor' })

    const due = await ctx.checks.claim('evotor', new Date(), MOST, 'me', LEASE_MS)

    expect(due.map(({ id }) => id)).toEqual([till.id])
  })

  test('begins with what was checked longest ago', async () => {
    const ctx = await openContext(engine)
    const recent = await addConnected(ctx, 'recent')
    const old = await addConnected(ctx, 'old')
    await lastChecked(ctx, recent, ago(HOUR_MS))
    await lastChecked(ctx, old, ago(DAY_MS))

    const due = await ctx.checks.claim('vk', new Date(), 1, 'me', LEASE_MS)

    expect(due.map(({ id }) => id)).toEqual([old.id])
  })

  test('a connection that was never checked comes before all others', async () => {
    const ctx = await openContext(engine)
    const old = await addConnected(ctx, 'old')
    const never = await addConnected(ctx, 'never')
    await lastChecked(ctx, old, ago(DAY_MS))

    const due = await ctx.checks.claim('vk', new Date(), 1, 'me', LEASE_MS)

    expect(due.map(({ id }) => id)).toEqual([never.id])
  })

  test('a pause a platform asked for puts it off until the pause is over', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.db('connections').update({ next_check_at: fromNow(60_000) })

    const during = await ctx.checks.claim('vk', new Date(), MOST, 'me', LEASE_MS)
    await ctx.db('connections').update({ next_check_at: ago(1) })
    const after = await ctx.checks.claim('vk', new Date(), MOST, 'me', LEASE_MS)

    expect(during).toEqual([])
    expect(after.map(({ id }) => id)).toEqual([connection.id])
  })

  test('what somebody checks right now is nobody else’s, until the lease runs out', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.checks.claim('vk', new Date(), MOST, 'dead', LEASE_MS)

    const during = await ctx.checks.claim('vk', new Date(), MOST, 'me', LEASE_MS)
    const end = await ctx.checks.nextLeaseEnd('vk', new Date())
    await ctx.db('connections').update({ check_until: ago(1) })
    const after = await ctx.checks.claim('vk', new Date(), MOST, 'me', LEASE_MS)

    expect(during).toEqual([])
    expect(Math.abs((end?.getTime() ?? 0) - Date.now() - LEASE_MS)).toBeLessThan(10_000)
    expect(after.map(({ id }) => id)).toEqual([connection.id])
  })

  test('there is no lease to wait for when all are checked, paused or unclaimed', async () => {
    const ctx = await openContext(engine)
    const [checked, paused] = [
      await addConnected(ctx, 'checked'),
      await addConnected(ctx, 'paused'),
    ]
    const tick = ago(1000)
    await ctx.checks.claim('vk', tick, MOST, 'me', LEASE_MS)
    await ctx.checks.record(checked, { health: 'online' })
    await ctx.checks.postpone(paused, fromNow(60_000))
    await addConnected(ctx, 'unclaimed')

    expect(await ctx.checks.nextLeaseEnd('vk', tick)).toBeUndefined()
  })
})

describe.each(ENGINES)('The result of a check on %s', (engine) => {
  test('is written down, and the connection is free again', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.checks.claim('vk', new Date(), MOST, 'me', LEASE_MS)
    const began = Date.now()

    const after = await ctx.checks.record(connection, {
      health: 'permission',
      reason: 'insufficient_scope',
      detail: 'ошибка 15',
    })

    expect(after).toMatchObject({
      isOnline: false,
      health: 'permission',
      reason: 'insufficient_scope',
      detail: 'ошибка 15',
      revision: 1,
    })
    expect(after?.lastCheckedAt?.getTime()).toBeGreaterThanOrEqual(began)
    expect(await ctx.db('connections').first('check_owner', 'check_until')).toEqual({
      check_owner: null,
      check_until: null,
    })
    expect(await ctx.connections.findById(connection.id)).toEqual(after)
  })

  test('only online counts as online', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)

    const online = []
    for (const health of ['revoked', 'permission', 'unreachable', 'online'] as const)
      online.push((await ctx.checks.record(connection, { health }))?.isOnline)

    expect(online).toEqual([false, false, false, true])
  })

  test('failures in a row are counted until one succeeds', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)

    const counts = []
    for (const health of ['unreachable', 'revoked', 'online', 'unreachable'] as const)
      counts.push((await ctx.checks.record(connection, { health }))?.failedChecks)

    expect(counts).toEqual([1, 2, 0, 1])
  })

  test('when it was last online stays known while it is not', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    const lastOnline = ago(HOUR_MS)
    await ctx.db('connections').update({ last_online_at: lastOnline })

    const down = await ctx.checks.record(connection, { health: 'unreachable' })
    const up = await ctx.checks.record(connection, { health: 'online' })

    expect(down?.lastOnlineAt).toEqual(lastOnline)
    expect(up?.lastOnlineAt).toEqual(up?.lastCheckedAt)
  })

  test('the account is renamed when the platform names it anew, and kept when it does not', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    const account = { id: '21450987', name: 'Марина Новая', profile: { first_name: 'Марина' } }

    const renamed = await ctx.checks.record(connection, { health: 'online', account })
    const silent = await ctx.checks.record(connection, { health: 'online', account: NAMELESS })

    expect(renamed?.account).toEqual(account)
    expect(silent?.account).toEqual(account)
  })

  test('found with tokens that were replaced meanwhile is thrown away', async () => {
    const ctx = await openContext(engine)
    const before = await addConnected(ctx)
    await connect(ctx, before.userId)

    const recorded = await ctx.checks.record(before, { health: 'revoked' })
    await ctx.checks.postpone(before, fromNow(60_000), 'captcha')

    expect(recorded).toBeUndefined()
    expect(await ctx.connections.findById(before.id)).toMatchObject({
      health: 'online',
      lastCheckedAt: undefined,
      nextCheckAt: undefined,
      reason: undefined,
    })
    expect(await ctx.checkHistory.changes(before.id, ago(DAY_MS))).toEqual([])
  })

  test('of a connection that is gone changes nothing', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.connections.remove(connection.userId, 'vk')

    const recorded = await ctx.checks.record(connection, { health: 'online' })

    expect(recorded).toBeUndefined()
    expect(await checksDone(ctx)).toBe(0)
  })

  test('a pause is no verdict: health stays, the check is put off and given back', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.checks.claim('vk', new Date(), MOST, 'me', LEASE_MS)
    const until = fromNow(60_000)

    await ctx.checks.postpone(connection, until)

    const after = await ctx.connections.findById(connection.id)
    expect(after).toEqual({ ...connection, nextCheckAt: until })
    expect(await ctx.checks.nextLeaseEnd('vk', new Date())).toBeUndefined()
    expect(await ctx.checkHistory.changes(connection.id, ago(DAY_MS))).toEqual([])
    expect(await checksDone(ctx)).toBe(0)
  })

  test('a pause that needs a person says so, and the next check ends it', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)

    await ctx.checks.postpone(connection, fromNow(60_000), 'captcha')
    const paused = await ctx.connections.findById(connection.id)
    const checked = await ctx.checks.record(connection, { health: 'online' })

    expect(paused).toMatchObject({ reason: 'captcha', isOnline: true })
    expect(checked).toMatchObject({ reason: undefined, nextCheckAt: undefined })
  })
})

const NAMELESS = { profile: {}, attention: 'no_stores' }

/** Claims until nothing is left, as a tick does. */
async function drain(ctx: Context, tick: Date): Promise<Connection[][]> {
  const batches: Connection[][] = []
  for (;;) {
    const batch = await ctx.checks.claim('vk', tick, MOST, ctx.instance, LEASE_MS)
    if (batch.length === 0) return batches
    batches.push(batch)
  }
}

async function lastChecked({ db }: Context, { id }: Connection, at: Date) {
  await db('connections').where({ id }).update({ last_checked_at: at })
}
