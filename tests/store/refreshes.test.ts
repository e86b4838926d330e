import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { type Stored, toDate, toDateIf } from '../../app/store/db.ts'
import { ENGINES } from '../support/databases.ts'
import {
  addConnected,
  ago,
  atOnce,
  connect,
  DAY_MS,
  fromNow,
  granted,
  HOUR_MS,
  openBeside,
  openContext,
} from './context.ts'

const LEASE_MS = 30_000
const FRESH = granted({ accessToken: 'fresh', refreshToken: 'fresh refresh' })

describe.each(ENGINES)('The lease on a refresh on %s', (engine) => {
  test('is given to one of many who want it at once', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const connection = await addConnected(ctx)

    const claimed = await atOnce(20, (index) =>
      (index % 2 ? ctx : other).refreshes.claim(connection, `owner ${index}`, LEASE_MS),
    )

    expect(claimed.filter(Boolean)).toHaveLength(1)
    expect((await lease(ctx)).lease_owner).toBe(`owner ${claimed.indexOf(true)}`)
  })

  test('is not given twice, not even to its owner', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)

    const claims = []
    for (const owner of ['me', 'other', 'me'])
      claims.push(await ctx.refreshes.claim(connection, owner, LEASE_MS))

    expect(claims).toEqual([true, false, false])
  })

  test('lasts as long as was asked for', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    const began = Date.now()

    await ctx.refreshes.claim(connection, 'me', LEASE_MS)

    const { lease_until } = await lease(ctx)
    expect(toDate(lease_until ?? 0).getTime()).toBeGreaterThanOrEqual(began + LEASE_MS - 50)
    expect(toDate(lease_until ?? 0).getTime()).toBeLessThanOrEqual(Date.now() + LEASE_MS + 50)
  })

  test('is refused to somebody who read the row before it changed', async () => {
    const ctx = await openContext(engine)
    const before = await addConnected(ctx)
    await connect(ctx, before.userId)

    expect(await ctx.refreshes.claim(before, 'me', LEASE_MS)).toBe(false)
    expect((await lease(ctx)).lease_owner).toBeNull()
  })

  test('is refused when the connection is gone', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.connections.remove(connection.userId, 'vk')

    expect(await ctx.refreshes.claim(connection, 'me', LEASE_MS)).toBe(false)
  })

  test('can be taken over when it has run out', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'dead', LEASE_MS)
    await ctx.db('connections').update({ lease_until: ago(1) })

    const claimed = await ctx.refreshes.claim(connection, 'me', LEASE_MS)

    expect(claimed).toBe(true)
    expect((await lease(ctx)).lease_owner).toBe('me')
  })

  test('of one connection does not hold up another', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addConnected(ctx, 'marina'), await addConnected(ctx, 'oleg')]
    await ctx.refreshes.claim(marina, 'other', LEASE_MS)

    expect(await ctx.refreshes.claim(oleg, 'me', LEASE_MS)).toBe(true)
  })
})

describe.each(ENGINES)('The result of a refresh on %s', (engine) => {
  test('is stored by the owner of the lease, who gives it back with that', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.db('connections').update({ refresh_after: ago(1) })
    await ctx.refreshes.claim(connection, 'me', LEASE_MS)

    const stored = await ctx.refreshes.store(connection, FRESH)

    const found = await ctx.connections.findTokens(connection.id)
    expect(stored).toBe(true)
    expect(found?.tokens).toEqual(FRESH)
    expect(found?.connection).toMatchObject({ revision: 2, expiresAt: FRESH.expiresAt })
    expect(await lease(ctx)).toMatchObject(FREE)
    expect(found?.connection.refreshAfter).toBeUndefined()
  })

  test('keeps the rights that are known when the answer keeps silent about them', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'me', LEASE_MS)

    await ctx.refreshes.store(connection, { accessToken: 'fresh', carried: {} })

    const found = await ctx.connections.findById(connection.id)
    expect(found?.scope).toEqual(['market', 'groups'])
    expect(found?.expiresAt).toBeUndefined()
    expect(found?.refreshDueAt).toBeUndefined()
  })

  test('of somebody whose lease was taken over is kept if it comes first', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'late', LEASE_MS)
    await ctx.db('connections').update({ lease_until: ago(1) })
    await ctx.refreshes.claim(connection, 'me', LEASE_MS)

    const late = await ctx.refreshes.store(connection, FRESH)
    const second = await ctx.refreshes.store(connection, granted({ accessToken: 'second' }))

    expect([late, second]).toEqual([true, false])
    expect((await ctx.connections.findTokens(connection.id))?.tokens).toEqual(FRESH)
    expect(await lease(ctx)).toMatchObject(FREE)
  })

  test('is thrown away when the person has connected anew meanwhile', async () => {
    const ctx = await openContext(engine)
    const before = await addConnected(ctx)
    await ctx.refreshes.claim(before, 'me', LEASE_MS)
    await connect(ctx, before.userId, { tokens: granted({ accessToken: 'anew' }) })

    const stored = await ctx.refreshes.store(before, FRESH)

    expect(stored).toBe(false)
    expect((await ctx.connections.findTokens(before.id))?.tokens.accessToken).toBe('anew')
  })

  test('is not stored twice', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'me', LEASE_MS)
    await ctx.refreshes.store(connection, FRESH)

    expect(await ctx.refreshes.store(connection, FRESH)).toBe(false)
    expect((await ctx.connections.findById(connection.id))?.revision).toBe(2)
  })

  test('brings no deleted connection back', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'me', LEASE_MS)
    await ctx.connections.remove(connection.userId, 'vk')

    const stored = await ctx.refreshes.store(connection, FRESH)

    expect(stored).toBe(false)
    expect(await ctx.db('connections').select('id')).toEqual([])
  })
})

describe.each(ENGINES)('Giving the lease back after a failure on %s', (engine) => {
  test('lets the next one try when the pause is over, not before', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'me', LEASE_MS)
    const began = Date.now()

    await ctx.refreshes.release(connection, 'me', 30_000)

    const row = await lease(ctx)
    expect(row).toMatchObject(FREE)
    const after = toDateIf(row.refresh_after)?.getTime() ?? 0
    expect(after).toBeGreaterThanOrEqual(began + 30_000 - 50)
    expect(after).toBeLessThanOrEqual(Date.now() + 30_000 + 50)
    expect((await ctx.connections.findById(connection.id))?.refreshAfter).toEqual(new Date(after))
  })

  test('without a pause leaves none', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.db('connections').update({ refresh_after: fromNow(DAY_MS) })
    await ctx.refreshes.claim(connection, 'me', LEASE_MS)

    await ctx.refreshes.release(connection, 'me', 0)

    expect(await lease(ctx)).toMatchObject({ ...FREE, refresh_after: null })
  })

  test('or letting it go, when it was of no use, puts nothing off', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'me', LEASE_MS)

    await ctx.refreshes.letGo(connection.id, 'other')
    expect(await lease(ctx)).toMatchObject({ lease_owner: 'me' })
    await ctx.refreshes.letGo(connection.id, 'me')

    expect(await lease(ctx)).toMatchObject({ ...FREE, refresh_after: null })
  })

  test("touches nobody else's lease", async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'other', HOUR_MS)
    const before = await lease(ctx)

    await ctx.refreshes.release(connection, 'me', 30_000)

    expect(await lease(ctx)).toEqual(before)
  })

  test('touches no connection that was made anew', async () => {
    const ctx = await openContext(engine)
    const before = await addConnected(ctx)
    await ctx.refreshes.claim(before, 'me', LEASE_MS)
    const after = await connect(ctx, before.userId)
    await ctx.refreshes.claim(after, 'me', LEASE_MS)

    await ctx.refreshes.release(before, 'me', 30_000)

    expect(await lease(ctx)).toMatchObject({ lease_owner: 'me', refresh_after: null })
  })
})

const FREE = { lease_owner: null, lease_until: null }

interface Lease {
  lease_owner: string | null
  lease_until: Stored | null
  refresh_after: Stored | null
}

async function lease({ db }: Context): Promise<Lease> {
  const row = await db<Lease>('connections').first('lease_owner', 'lease_until', 'refresh_after')
  if (!row) throw new Error('no connection is stored')
  return row
}
