import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, ago, DAY_MS, HOUR_MS, openContext } from './context.ts'
import { get, session, set } from './session.ts'

describe.each(ENGINES)('The browsers a person is signed in with, on %s', (engine) => {
  test('are listed, the latest visit first, with the one in use marked', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    const signedInAt = ago(DAY_MS).getTime()
    await signIn(ctx, marina.id, 'phone', { userAgent: 'Safari', signedInAt })
    await ctx.db('sessions').update({ seen_at: ago(HOUR_MS) })
    await signIn(ctx, marina.id, 'till', { userAgent: 'Chrome' })

    const open = await ctx.openSessions.of(marina.id, 'phone')

    expect(open.map(({ userAgent, current }) => [userAgent, current])).toEqual([
      ['Chrome', false],
      ['Safari', true],
    ])
    expect(open[1]?.signedInAt).toEqual(new Date(signedInAt))
    expect(open[0]?.seenAt.getTime()).toBeGreaterThan(Date.now() - HOUR_MS)
  })

  test("somebody else's, expired and broken ones are not among them", async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    await signIn(ctx, marina.id, 'expired')
    await ctx.db('sessions').update({ expires_at: Date.now() - 1 })
    await signIn(ctx, marina.id, 'broken')
    await ctx.db('sessions').where('expires_at', '>', Date.now()).update({ data: '{' })
    await signIn(ctx, oleg.id, 'foreign')
    await signIn(ctx, marina.id, 'mine')

    const open = await ctx.openSessions.of(marina.id, 'mine')

    expect(open.map(({ current }) => current)).toEqual([true])
  })

  test('one of them can be ended', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    await signIn(ctx, marina.id, 'phone')
    await signIn(ctx, marina.id, 'till')
    const open = await ctx.openSessions.of(marina.id, 'till')
    const phone = open.find(({ current }) => !current)

    const ended = await ctx.openSessions.end(marina.id, phone?.id ?? 0)
    const again = await ctx.openSessions.end(marina.id, phone?.id ?? 0)

    expect([ended, again]).toEqual([true, false])
    expect(await get(ctx, 'phone')).toBeUndefined()
    expect(await get(ctx, 'till')).toBeDefined()
  })

  test("nobody can end somebody else's", async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    await signIn(ctx, marina.id, 'phone')
    const [phone] = await ctx.openSessions.of(marina.id, 'phone')

    const ended = await ctx.openSessions.end(oleg.id, phone?.id ?? 0)

    expect(ended).toBe(false)
    expect(await get(ctx, 'phone')).toBeDefined()
  })

  test('all others can be ended at once, and nobody else notices', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    for (const sid of ['phone', 'till', 'laptop']) await signIn(ctx, marina.id, sid)
    await signIn(ctx, oleg.id, 'foreign')

    await ctx.openSessions.endAll(marina.id, 'till')

    expect(await alive(ctx, ['phone', 'till', 'laptop', 'foreign'])).toEqual(['till', 'foreign'])
  })

  test('and so can all, the one in use included', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    for (const sid of ['phone', 'till']) await signIn(ctx, marina.id, sid)

    await ctx.openSessions.endAll(marina.id)

    expect(await alive(ctx, ['phone', 'till'])).toEqual([])
  })
})

async function signIn(
  ctx: Context,
  userId: number,
  sid: string,
  data: Partial<ReturnType<typeof session>> = {},
) {
  await set(ctx, sid, session({ userId, signedInAt: Date.now(), userAgent: sid, ...data }))
}

async function alive(ctx: Context, sids: string[]): Promise<string[]> {
  const found = await Promise.all(sids.map((sid) => get(ctx, sid)))
  return sids.filter((_, index) => found[index])
}
