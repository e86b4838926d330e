import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { type Stored, toDate } from '../../app/store/db.ts'
import type { Origin } from '../../app/store/attempts.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, ago, atOnce, fromNow, openBeside, openContext } from './context.ts'

const VERIFIER = 'verifier-canary-3d1b'

describe.each(ENGINES)('An attempt to connect on %s', (engine) => {
  test('is taken once and gives back what was kept for it', async () => {
    const { ctx, origin } = await begin(engine)

    const first = await ctx.attempts.take(origin)
    const second = await ctx.attempts.take(origin)

    expect(first).toMatchObject({
      userId: origin.userId,
      provider: 'vk',
      returnTo: '/sync?step=2',
      verifier: VERIFIER,
    })
    expect(second).toBeUndefined()
  })

  test('is taken by one of many who come at once, on whichever instance', async () => {
    const { ctx, origin } = await begin(engine)
    const other = openBeside(ctx)

    const taken = await atOnce(10, (index) => (index % 2 ? ctx : other).attempts.take(origin))

    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  test.each<[string, Partial<Origin>]>([
    ['another browser', { sessionId: 'another session' }],
    ['another platform', { provider: 'evotor' }],
    ['a wrong state', { state: 'another state' }],
    ['an empty state', { state: '' }],
  ])('is nothing to %s, and is not spent by the try', async (_name, wrong) => {
    const { ctx, origin } = await begin(engine)

    const stolen = await ctx.attempts.take({ ...origin, ...wrong })
    const seen = await ctx.attempts.findTaken({ ...origin, ...wrong })

    expect([stolen, seen]).toEqual([undefined, undefined])
    expect(await ctx.attempts.take(origin)).toBeDefined()
    expect(await ctx.attempts.findTaken({ ...origin, ...wrong })).toBeUndefined()
  })

  test('is nothing to another person', async () => {
    const { ctx, origin } = await begin(engine)
    const oleg = await addPerson(ctx, 'oleg')

    const stolen = await ctx.attempts.take({ ...origin, userId: oleg.id })

    expect(stolen).toBeUndefined()
    expect(await ctx.attempts.take(origin)).toBeDefined()
  })

  test('lives ten minutes', async () => {
    const { ctx } = await begin(engine)

    const row = await ctx.db<Row>('connection_attempts').first()

    const life = toDate(row?.expires_at ?? 0).getTime() - toDate(row?.created_at ?? 0).getTime()
    expect(life).toBe(10 * 60_000)
    expect(Math.abs(toDate(row?.created_at ?? 0).getTime() - Date.now())).toBeLessThan(60_000)
  })

  test('is too late after that, taken or not', async () => {
    const { ctx, origin } = await begin(engine)
    const late = { ...origin, state: 'late' }
    await ctx.attempts.open(late, {})
    await ctx.attempts.take(late)
    await ctx.db('connection_attempts').update({ expires_at: ago(1) })

    expect(await ctx.attempts.take(origin)).toBeUndefined()
    expect(await ctx.attempts.findTaken(late)).toBeUndefined()
  })

  test('a second hit on the callback learns how the first one ended', async () => {
    const { ctx, origin } = await begin(engine)

    const before = await ctx.attempts.findTaken(origin)
    const attempt = await ctx.attempts.take(origin)
    const during = await ctx.attempts.findTaken(origin)
    await ctx.attempts.finish(attempt?.id ?? 0, 'connected')
    const after = await ctx.attempts.findTaken(origin)

    expect(before).toBeUndefined()
    const taken = { returnTo: '/sync?step=2', takenAt: expect.any(Date) as Date }
    expect(during).toEqual({ ...taken, outcome: undefined })
    expect(after).toEqual({ ...taken, outcome: 'connected' })
    expect(await ctx.attempts.take(origin)).toBeUndefined()
  })

  test('two tabs have attempts of their own, taken in any order', async () => {
    const { ctx, origin } = await begin(engine)
    const second = { ...origin, state: 'second tab' }
    await ctx.attempts.open(second, { verifier: 'second verifier' })

    const taken = [await ctx.attempts.take(second), await ctx.attempts.take(origin)]

    expect(taken.map((attempt) => attempt?.verifier)).toEqual(['second verifier', VERIFIER])
  })

  test('keeps neither state, session nor verifier in the clear, and forgets the verifier', async () => {
    const { ctx, origin } = await begin(engine)

    const begun = JSON.stringify(await ctx.db('connection_attempts').first())
    const attempt = await ctx.attempts.take(origin)
    await ctx.attempts.finish(attempt?.id ?? 0, 'connected')
    const finished = await ctx.db<Row>('connection_attempts').first()

    expect(begun).toContain('v1.k1.')
    for (const secret of [origin.state, origin.sessionId, VERIFIER])
      expect(begun).not.toContain(secret)
    expect(finished?.sealed_verifier).toBeNull()
  })

  test("somebody else's sealed verifier does not open", async () => {
    const { ctx, origin } = await begin(engine)
    const oleg = await addPerson(ctx, 'oleg')
    const foreign = { ...origin, userId: oleg.id, state: 'foreign' }
    await ctx.attempts.open(foreign, {})
    const row = await ctx.db<Row>('connection_attempts').where({ user_id: origin.userId }).first()
    await ctx.db('connection_attempts').update({ sealed_verifier: row?.sealed_verifier ?? null })

    expect((await ctx.attempts.take(foreign))?.verifier).toBeUndefined()
  })

  test('is swept when its time is over, not before', async () => {
    const { ctx, origin } = await begin(engine)
    await ctx.db('connection_attempts').update({ expires_at: ago(1) })
    const alive = { ...origin, state: 'alive' }
    await ctx.attempts.open(alive, {})

    await ctx.attempts.sweep()

    expect(await ctx.db('connection_attempts').select('id')).toHaveLength(1)
    expect(await ctx.attempts.take(alive)).toBeDefined()
  })

  test('cannot be stretched by a clock that jumped: what was taken stays taken', async () => {
    const { ctx, origin } = await begin(engine)
    await ctx.attempts.take(origin)
    await ctx.db('connection_attempts').update({ expires_at: fromNow(24 * 3600_000) })

    expect(await ctx.attempts.take(origin)).toBeUndefined()
  })
})

interface Row {
  user_id: number
  created_at: Stored
  expires_at: Stored
  sealed_verifier: string | null
}

/** Марина has been sent to VK from her browser. */
async function begin(engine: (typeof ENGINES)[number]): Promise<{ ctx: Context; origin: Origin }> {
  const ctx = await openContext(engine)
  const { id: userId } = await addPerson(ctx)
  const origin = { state: 'state-canary', sessionId: 'session-canary', userId, provider: 'vk' }
  await ctx.attempts.open(origin, { verifier: VERIFIER, returnTo: '/sync?step=2' })
  return { ctx, origin }
}
