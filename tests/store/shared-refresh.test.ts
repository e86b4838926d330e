import { describe, expect, test } from 'vitest'
import { withAccess } from '../../app/flows/connections/with-access.ts'
import { freshAccess } from '../../app/flows/connections/fresh-access.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, ago, atOnce, connect, granted, HOUR_MS, openBeside } from './context.ts'
import {
  connectVkId,
  EVOTOR_TOKEN_PATH,
  grantOfVkId,
  makeDue,
  openEvotor,
  openVkId,
  refreshTokensShown,
  VK_TOKEN_PATH,
} from './renewable.ts'

describe.each(ENGINES)('One refresh for all who ask on %s', (engine) => {
  test('twenty who ask at once for an expired access cost the platform one refresh', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const { id } = await connectVkId({ ctx, vk })

    const all = await atOnce(20, () => freshAccess(ctx, { id, provider }))

    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
    const given = new Set(all.map(({ tokens }) => tokens.accessToken))
    expect(given.size).toBe(1)
    expect(vk.tokens.has([...given][0] ?? '')).toBe(true)
    expect(all.every(({ revision }) => revision === 2)).toBe(true)
  })

  test('two instances on one database cost it one refresh as well', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const other = openBeside(ctx)
    const { id } = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { delay: 150 })

    const all = await atOnce(20, (index) => freshAccess(index % 2 ? ctx : other, { id, provider }))

    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
    expect(new Set(all.map(({ tokens }) => tokens.accessToken)).size).toBe(1)
    expect(vk.spent.size).toBe(1)
  })

  test('one expiry after the other: no old refresh token is shown twice', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const other = openBeside(ctx)
    const connection = await connectVkId({ ctx, vk })

    for (let expiry = 0; expiry < 4; expiry += 1) {
      await makeDue(ctx, connection)
      await atOnce(6, (index) =>
        freshAccess(index % 2 ? ctx : other, { id: connection.id, provider }),
      )
    }

    const shown = refreshTokensShown(vk)
    expect(shown).toHaveLength(4)
    expect(new Set(shown).size).toBe(4)
    expect((await ctx.connections.findById(connection.id))?.revision).toBe(5)
  })

  test('an access that is good is handed out without asking anybody', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const { id } = await connectVkId({ ctx, vk }, { expiresAt: new Date(Date.now() + HOUR_MS) })

    const { tokens, revision } = await freshAccess(ctx, { id, provider })

    expect([tokens.accessToken, revision]).toEqual(['access of marina', 1])
    expect(vk.count(VK_TOKEN_PATH)).toBe(0)
  })

  test('an access without an end is never refreshed', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const { id: userId } = await addPerson(ctx)
    const tokens = { accessToken: 'for ever', refreshToken: 'unused', carried: {} }
    const { id } = await connect(ctx, userId, { tokens })

    const access = await freshAccess(ctx, { id, provider })

    expect(access.tokens).toEqual(tokens)
    expect(vk.count(VK_TOKEN_PATH)).toBe(0)
  })

  test('who finds the lease taken waits and uses the result', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    await ctx.refreshes.claim(connection, 'another instance', HOUR_MS)

    const asking = freshAccess(ctx, { id: connection.id, provider })
    await ctx.refreshes.store(connection, granted({ accessToken: 'theirs' }))

    expect((await asking).tokens.accessToken).toBe('theirs')
    expect(vk.count(VK_TOKEN_PATH)).toBe(0)
  })

  test('the lease of an instance that died is taken over when it runs out', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    await ctx.refreshes.claim(connection, 'dead instance', HOUR_MS)
    const asking = freshAccess(ctx, { id: connection.id, provider })

    await ctx.db('connections').update({ lease_until: ago(1) })

    expect((await asking).revision).toBe(2)
    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
  })

  test('ten who are told "invalid token" at once refresh once and repeat their call', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const other = openBeside(ctx)
    const { id } = await connectVkId({ ctx, vk }, { expiresAt: new Date(Date.now() + HOUR_MS) })
    vk.tokens.delete('access of marina')

    const names = await atOnce(10, (index) =>
      withAccess(index % 2 ? ctx : other, id, provider, async (api) => {
        return (await provider.identify(api)).name
      }),
    )

    expect(new Set(names)).toEqual(new Set(['Марина Ковалёва']))
    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
  })

  test('an access that is refused even when it is new is not refreshed without end', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const { id } = await connectVkId({ ctx, vk }, { expiresAt: new Date(Date.now() + HOUR_MS) })
    vk.fault('/method/users.get', { body: '{"error":{"error_code":5}}' })

    const use = withAccess(ctx, id, provider, (api) => provider.identify(api))

    await expect(use).rejects.toMatchObject({ kind: 'dead', code: 'token_revoked' })
    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
    expect(vk.count('/method/users.get')).toBe(2)
  })

  test('one connection’s refresh holds up nobody else’s', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const marina = await connectVkId({ ctx, vk }, { name: 'marina' })
    const oleg = await connectVkId({ ctx, vk }, { name: 'oleg' })
    await ctx.refreshes.claim(marina, 'another instance', HOUR_MS)
    const waiting = freshAccess(ctx, { id: marina.id, provider })

    const access = await freshAccess(ctx, { id: oleg.id, provider })
    await ctx.refreshes.store(marina, grantOfVkId(vk, 'marina'))

    expect(access.revision).toBe(2)
    expect((await waiting).tokens.accessToken).toBe('access of marina')
  })

  test('the old refresh token is kept where the platform gives no new one', async () => {
    const { ctx, evotor, provider } = await openEvotor(engine)
    const { id: userId } = await addPerson(ctx)
    evotor.refreshTokens.set('lasting', evotor.users[0]?.id ?? '')
    const old = { accessToken: 'old', refreshToken: 'lasting', carried: {}, expiresAt: ago(1) }
    const connection = await connect(ctx, userId, { provider: 'evotor', tokens: old })

    const first = await freshAccess(ctx, { id: connection.id, provider })
    await makeDue(ctx, connection)
    const second = await freshAccess(ctx, { id: connection.id, provider })

    expect(refreshTokensShown(evotor)).toEqual(['lasting', 'lasting'])
    expect(first.tokens.accessToken).not.toBe(second.tokens.accessToken)
    const stored = await ctx.connections.findTokens(connection.id)
    expect(stored?.tokens).toEqual(second.tokens)
    expect(stored?.tokens.refreshToken).toBe('lasting')
    expect(evotor.count(EVOTOR_TOKEN_PATH)).toBe(2)
  })
})
