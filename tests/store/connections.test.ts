import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import type { Tokens } from '../../app/oauth/tokens.ts'
import type { Connection } from '../../app/store/connection.ts'
import { createRefreshStore } from '../../app/store/refreshes.ts'
import { ENGINES } from '../support/databases.ts'
import {
  addConnected,
  addPerson,
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

describe.each(ENGINES)('Connections on %s', (engine) => {
  test('tokens, rights and dates come back as they were granted', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    const tokens = granted({
      expiresAt: fromNow(HOUR_MS),
      refreshExpiresAt: fromNow(90 * DAY_MS),
      scope: ['market', 'groups', 'offline'],
      carried: { device_id: 'device «7»' },
    })

    const { id } = await connect(ctx, marina.id, { tokens })

    const found = await ctx.connections.findTokens(id)
    expect(found?.tokens).toEqual(tokens)
    expect(found?.connection).toMatchObject({
      userId: marina.id,
      provider: 'vk',
      account: { id: '21450987', name: 'Марина Ковалёва', profile: { first_name: 'Марина' } },
      scope: tokens.scope,
      expiresAt: tokens.expiresAt,
      refreshExpiresAt: tokens.refreshExpiresAt,
      renewable: true,
      isOnline: true,
      health: 'online',
      revision: 1,
    })
    expect(found?.connection.connectedAt).toBeInstanceOf(Date)
  })

  test('what a platform does not tell stays unknown', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    const tokens = { accessToken: 'only', carried: {} }
    const link = { userId: marina.id, provider: 'vk', account: { profile: {} }, tokens }

    const { id } = await ctx.connections.save(link)

    const found = await ctx.connections.findTokens(id)
    expect(found?.tokens).toEqual(tokens)
    expect(found?.connection.account).toEqual({ profile: {} })
    expect(found?.connection).toMatchObject({ renewable: false, lastCheckedAt: undefined })
    expect(found?.connection.scope).toBeUndefined()
    expect(found?.connection.refreshDueAt).toBeUndefined()
  })

  test('no right granted is not the same as rights unknown', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)

    const connection = await connect(ctx, marina.id, { tokens: granted({ scope: [] }) })

    expect((await ctx.connections.findById(connection.id))?.scope).toEqual([])
  })

  test('the access is due for renewal before it ends', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    const expiresAt = fromNow(HOUR_MS)

    const { refreshDueAt } = await connect(ctx, marina.id, { tokens: granted({ expiresAt }) })

    expect(refreshDueAt?.getTime()).toBeLessThan(expiresAt.getTime())
    expect(refreshDueAt?.getTime()).toBeGreaterThanOrEqual(expiresAt.getTime() - 15 * 60_000)
  })

  test('connecting anew keeps the row and raises its revision', async () => {
    const ctx = await openContext(engine)
    const before = await addConnected(ctx)

    const after = await connect(ctx, before.userId, {
      tokens: { accessToken: 'new', carried: {} },
    })

    expect([after.id, after.revision]).toEqual([before.id, 2])
    const found = await ctx.connections.findTokens(after.id)
    expect(found?.tokens).toEqual({ accessToken: 'new', carried: {} })
    expect(found?.connection.scope).toBeUndefined()
    expect(found?.connection.renewable).toBe(false)
  })

  test('connecting anew ends whatever was wrong with the old one', async () => {
    const ctx = await openContext(engine)
    const before = await addConnected(ctx)
    await ctx.checks.record(before, { health: 'revoked', reason: 'token_revoked', detail: '5' })
    await ctx.notices.openIncident(before, 'token_revoked', [])
    await ctx.db('connections').update({
      lease_owner: 'gone',
      lease_until: fromNow(HOUR_MS),
      refresh_after: fromNow(HOUR_MS),
      next_check_at: fromNow(HOUR_MS),
      check_owner: 'gone',
      check_until: fromNow(HOUR_MS),
    })

    const after = await connect(ctx, before.userId)

    expect(after).toMatchObject({ isOnline: true, health: 'online', failedChecks: 0 })
    const { reason, detail, incident, refreshAfter, nextCheckAt, lastCheckedAt } = after
    expect([reason, detail, incident, refreshAfter, nextCheckAt, lastCheckedAt]).toEqual(
      Array(6).fill(undefined),
    )
    expect(await ctx.refreshes.claim(after, 'me', 1000)).toBe(true)
    expect(await ctx.checks.claim('vk', new Date(), 10, 'me', 1000)).toHaveLength(1)
  })

  test('many callbacks at once leave one row a person and platform', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const marina = await addPerson(ctx)

    const saved = await atOnce(10, (index) =>
      connect(index % 2 ? ctx : other, marina.id, {
        tokens: granted({ accessToken: `access ${index}` }),
      }),
    )

    expect(new Set(saved.map(({ id }) => id)).size).toBe(1)
    const revisions = saved.map(({ revision }) => revision).sort((a, b) => a - b)
    expect(revisions).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    expect(await ctx.connections.list(marina.id)).toHaveLength(1)
  })

  test('every person and every platform has a row of its own', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    await connect(ctx, marina.id)
    await connect(ctx, marina.id, { provider: 'evotor' })

    await connect(ctx, oleg.id)

    const keys = (await ctx.connections.list(marina.id)).map(({ provider }) => provider)
    expect(keys).toEqual(['vk', 'evotor'])
    expect(await ctx.connections.list(oleg.id)).toHaveLength(1)
    expect(await ctx.connections.find(oleg.id, 'evotor')).toBeUndefined()
  })

  test('a name longer than anybody expected costs nobody the connection', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    const name = 'Очень длинное название магазина '.repeat(40)
    const account = { name, profile: { name } }

    await ctx.connections.save({
      userId: marina.id,
      provider: 'evotor',
      account,
      tokens: granted(),
    })

    const found = await ctx.connections.find(marina.id, 'evotor')
    expect(found?.account.name).toContain('Очень длинное название магазина')
    expect(found?.account.profile).toEqual({ name })
  })

  test('a removed connection hands over its last tokens and is gone', async () => {
    const ctx = await openContext(engine)
    const { userId } = await addConnected(ctx)

    const removed = await ctx.connections.remove(userId, 'vk')

    expect(removed?.tokens).toMatchObject({ accessToken: granted().accessToken })
    expect(await ctx.connections.list(userId)).toEqual([])
  })

  test('of two who remove it at once, one gets the tokens', async () => {
    const ctx = await openContext(engine)
    const { userId } = await addConnected(ctx)

    const removed = await atOnce(5, () => ctx.connections.remove(userId, 'vk'))

    expect(removed.filter(Boolean)).toHaveLength(1)
  })

  test('there is nothing to remove where nothing is connected', async () => {
    const ctx = await openContext(engine)
    const { userId } = await addConnected(ctx)

    expect(await ctx.connections.remove(userId, 'evotor')).toBeUndefined()
    expect(await ctx.connections.remove(userId + 1, 'vk')).toBeUndefined()
    expect(await ctx.connections.list(userId)).toHaveLength(1)
  })

  test('what was checked of it goes with it', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.checks.record(connection, { health: 'online' })

    await ctx.connections.remove(connection.userId, 'vk')

    expect(await ctx.checkHistory.changes(connection.id, ago(DAY_MS))).toEqual([])
  })

  test('removing it while a refresh is being stored hands over the tokens that are alive', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const connection = await addConnected(ctx)
    await ctx.refreshes.claim(connection, 'other', HOUR_MS)
    const fresh = granted({ accessToken: 'fresh', refreshToken: 'fresh refresh' })

    const removed = await removeDuringStore(ctx, other, connection, fresh)

    expect(removed?.tokens).toMatchObject({ accessToken: 'fresh', refreshToken: 'fresh refresh' })
  })
})

/** Another instance is in the middle of storing fresh tokens; it commits when `remove` comes to deleting. */
async function removeDuringStore(
  ctx: Context,
  other: Context,
  connection: Connection,
  fresh: Tokens,
) {
  const storing = await other.db.transaction()
  await createRefreshStore(storing, other.vault).store(connection, fresh)
  const deleting = new Promise<void>((begun) => {
    ctx.db.on('query', ({ sql }: { sql: string }) => {
      if (sql.startsWith('delete')) begun()
    })
  })
  const removed = ctx.connections.remove(connection.userId, connection.provider)
  await deleting
  await storing.commit()
  return await removed
}
