import { describe, expect, test } from 'vitest'
import { checkConnection } from '../../app/flows/connections/check-health.ts'
import { freshAccess } from '../../app/flows/connections/fresh-access.ts'
import { disconnect } from '../../app/flows/connections/disconnect.ts'
import { ENGINES } from '../support/databases.ts'
import { atOnce, connect, granted, openBeside } from './context.ts'
import { connectVkId, endRest, makeDue, openVkId, VK_TOKEN_PATH } from './renewable.ts'

const DEAD = { kind: 'dead', code: 'token_revoked' }
const REFUSED = { status: 400, body: '{"error":"invalid_grant"}' }
const DOWN = { status: 503, body: '' }

describe.each(ENGINES)('A refresh that is refused on %s', (engine) => {
  test('is believed when the row is still the same: only reconnecting helps', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const { id } = await connectVkId({ ctx, vk })
    vk.refreshTokens.clear()

    const asking = await Promise.allSettled(
      Array.from({ length: 10 }, () => freshAccess(ctx, { id, provider })),
    )

    const reasons = asking.map((one) => (one.status === 'rejected' ? (one.reason as unknown) : 0))
    expect(reasons).toEqual(Array(10).fill(expect.objectContaining(DEAD)))
    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
    expect(await ctx.db('connections').first('lease_owner', 'refresh_after')).toEqual({
      lease_owner: null,
      refresh_after: null,
    })
  })

  test('is not repeated once the connection is known to be revoked', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    vk.refreshTokens.clear()
    const checked = await checkConnection(ctx, connection, provider)
    const after = vk.count(VK_TOKEN_PATH)

    await expect(freshAccess(ctx, { id: connection.id, provider })).rejects.toMatchObject(DEAD)
    await expect(
      freshAccess(openBeside(ctx), { id: connection.id, provider }),
    ).rejects.toMatchObject(DEAD)

    expect(checked).toMatchObject({ health: 'revoked', reason: 'token_revoked', isOnline: false })
    expect([after, vk.count(VK_TOKEN_PATH)]).toEqual([1, 1])
  })

  test('is not believed when the person has connected anew meanwhile', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { ...REFUSED, delay: 200 })
    const asking = freshAccess(ctx, { id: connection.id, provider })
    await expect.poll(() => vk.count(VK_TOKEN_PATH)).toBe(1)

    await connect(ctx, connection.userId, { tokens: granted({ accessToken: 'anew' }) })

    const { tokens, revision } = await asking
    expect([tokens.accessToken, revision]).toEqual(['anew', 2])
    expect(await ctx.connections.findById(connection.id)).toMatchObject({ health: 'online' })
  })

  test('does not give the lease of a later owner away', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { ...REFUSED, delay: 200 })
    const asking = freshAccess(ctx, { id: connection.id, provider }).catch(String)
    await expect.poll(() => vk.count(VK_TOKEN_PATH)).toBe(1)
    await ctx.db('connections').update({ lease_owner: 'later' })

    await asking

    expect(await ctx.db('connections').first('lease_owner')).toEqual({ lease_owner: 'later' })
  })
})

describe.each(ENGINES)('A refresh that fails for now on %s', (engine) => {
  test('rests for half a minute, and the old access is used as long as it lives', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    await makeDue(ctx, connection)
    vk.fault(VK_TOKEN_PATH, DOWN)
    const began = Date.now()

    const used = await atOnce(5, () => freshAccess(ctx, { id: connection.id, provider }))
    const later = await freshAccess(openBeside(ctx), { id: connection.id, provider })

    const tokens = new Set([...used, later].map((access) => access.tokens.accessToken))
    expect(tokens).toEqual(new Set(['access of marina']))
    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
    const after = (await ctx.connections.findById(connection.id))?.refreshAfter?.getTime() ?? 0
    expect(after).toBeGreaterThanOrEqual(began + 29_000)
    expect(after).toBeLessThanOrEqual(Date.now() + 31_000)
  })

  test('is told as such when the old access has ended; nobody hurries it', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const { id } = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, DOWN)

    const first = freshAccess(ctx, { id, provider })
    await expect(first).rejects.toMatchObject({ kind: 'temporary' })
    const second = freshAccess(ctx, { id, provider })
    await expect(second).rejects.toMatchObject({ kind: 'temporary', code: 'refresh_failed' })

    await expect(second).rejects.toHaveProperty('retryAt')
    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
  })

  test('is tried again when the rest is over, and then all is well', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { ...DOWN, times: 1 })
    await freshAccess(ctx, { id: connection.id, provider }).catch(String)
    await endRest(ctx, connection)

    const { revision } = await freshAccess(ctx, { id: connection.id, provider })

    expect(revision).toBe(2)
    expect(vk.count(VK_TOKEN_PATH)).toBe(2)
    expect(await ctx.connections.findById(connection.id)).toMatchObject({ refreshAfter: undefined })
  })

  test('is never called a revocation', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, DOWN)

    const checked = await checkConnection(ctx, connection, provider)

    expect(checked).toMatchObject({ health: 'unreachable', isOnline: false })
  })
})

describe.each(ENGINES)('What happens around a refresh on %s', (engine) => {
  test('a connection that is deleted meanwhile does not rise again', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { delay: 1_000 })
    const asking = freshAccess(ctx, { id: connection.id, provider })
    await expect.poll(() => vk.count(VK_TOKEN_PATH)).toBe(1)

    await disconnect(openBeside(ctx), connection.userId, provider)

    await expect(asking).rejects.toMatchObject({ kind: 'dead', code: 'disconnected' })
    expect(await ctx.db('connections').select('id')).toEqual([])
  })

  test('nor does a person who deletes their account', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { delay: 1_000 })
    const asking = freshAccess(ctx, { id: connection.id, provider })
    await expect.poll(() => vk.count(VK_TOKEN_PATH)).toBe(1)

    await ctx.users.removeUnlessNeeded(connection.userId)

    await expect(asking).rejects.toMatchObject({ kind: 'dead', code: 'disconnected' })
    expect(await ctx.db('connections').select('id')).toEqual([])
  })

  test('tokens of a connection made anew meanwhile are not overwritten', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const connection = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { delay: 1_000 })
    const asking = freshAccess(ctx, { id: connection.id, provider })
    await expect.poll(() => vk.count(VK_TOKEN_PATH)).toBe(1)

    await connect(ctx, connection.userId, { tokens: granted({ accessToken: 'anew' }) })

    expect((await asking).tokens.accessToken).toBe('anew')
    const stored = await ctx.connections.findTokens(connection.id)
    expect(stored?.tokens.accessToken).toBe('anew')
  })

  test('an answer that is lost costs that connection, and no other', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const marina = await connectVkId({ ctx, vk }, { name: 'marina' })
    const oleg = await connectVkId({ ctx, vk }, { name: 'oleg' })
    vk.fault(VK_TOKEN_PATH, { way: 'lost', times: 1 })

    const lost = freshAccess(ctx, { id: marina.id, provider })
    await expect(lost).rejects.toMatchObject({ kind: 'temporary' })
    await endRest(ctx, marina)
    const next = freshAccess(ctx, { id: marina.id, provider })
    await expect(next).rejects.toMatchObject(DEAD)

    const fine = await freshAccess(ctx, { id: oleg.id, provider })
    expect(fine.revision).toBe(2)
    expect(vk.tokens.has(fine.tokens.accessToken)).toBe(true)
  })

  test('a refresh whose fate is unknown is not repeated by itself', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const { id } = await connectVkId({ ctx, vk })
    vk.fault(VK_TOKEN_PATH, { way: 'lost' })

    await freshAccess(ctx, { id, provider }).catch(String)

    expect(vk.count(VK_TOKEN_PATH)).toBe(1)
  })

  test('tokens that do not open are dead, and the platform is not bothered', async () => {
    const { ctx, vk, provider } = await openVkId(engine)
    const { id } = await connectVkId({ ctx, vk })
    await ctx.db('connections').update({ sealed_tokens: 'v1.k0.a.b.c' })

    const asking = freshAccess(ctx, { id, provider })

    await expect(asking).rejects.toMatchObject({ kind: 'dead', code: 'token_unreadable' })
    expect(vk.asked).toEqual([])
  })
})
