import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { sweep } from '../../app/flows/sweep.ts'
import { type Stored, toDate } from '../../app/store/db.ts'
import type { SignInOrigin } from '../../app/store/sign-in-attempts.ts'
import { type Engine, ENGINES } from '../support/databases.ts'
import { addPerson, ago, atOnce, openBeside, openContext } from './context.ts'

const VERIFIER = 'verifier-canary-3d1b'
const KEPT = { verifier: VERIFIER, returnTo: '/vk' }

describe.each(ENGINES)('An attempt to sign in on %s', (engine) => {
  test('is taken once and gives back what was kept for it', async () => {
    const { ctx, origin } = await begin(engine)

    const taken = [await ctx.signInAttempts.take(origin), await ctx.signInAttempts.take(origin)]

    expect(taken).toEqual([KEPT, undefined])
  })

  test('is taken by one of many who come at once, on whichever instance', async () => {
    const { ctx, origin } = await begin(engine)
    const other = openBeside(ctx)

    const taken = await atOnce(10, (index) => (index % 2 ? ctx : other).signInAttempts.take(origin))

    expect(taken.filter(Boolean)).toHaveLength(1)
  })

  test.each<[string, Partial<SignInOrigin>]>([
    ['another browser', { sessionId: 'another session' }],
    ['another platform', { provider: 'evotor' }],
    ['a wrong state', { state: 'another state' }],
    ['an empty state', { state: '' }],
    ['another purpose', { purpose: 'link' }],
    ['the API', { purpose: 'api' }],
  ])('is nothing to %s, and is not spent by the try', async (_name, wrong) => {
    const { ctx, origin } = await begin(engine)

    expect(await ctx.signInAttempts.take({ ...origin, ...wrong })).toBeUndefined()
    expect(await ctx.signInAttempts.take(origin)).toBeDefined()
  })

  test('to link is nothing to another person, and nothing to nobody', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addPerson(ctx, 'marina'), await addPerson(ctx, 'oleg')]
    const origin = { ...ORIGIN, purpose: 'link' as const, userId: marina.id }
    await ctx.signInAttempts.open(origin, KEPT)

    expect(await ctx.signInAttempts.take({ ...origin, userId: oleg.id })).toBeUndefined()
    expect(await ctx.signInAttempts.take({ ...origin, userId: undefined })).toBeUndefined()
    expect(await ctx.signInAttempts.take(origin)).toBeDefined()
  })

  test('tells by its state what it is for, and whether it has been taken', async () => {
    const { ctx, origin } = await begin(engine)

    const before = await ctx.signInAttempts.find(origin.state)
    await ctx.signInAttempts.take(origin)

    expect(before).toEqual({ purpose: 'sign_in', taken: false })
    expect(await ctx.signInAttempts.find(origin.state)).toEqual({ purpose: 'sign_in', taken: true })
    expect(await ctx.signInAttempts.find('another state')).toBeUndefined()
  })

  test('lives ten minutes', async () => {
    const { ctx, origin } = await begin(engine)
    const row = await ctx.db<Row>('sign_in_attempts').first()
    const life = toDate(row?.expires_at ?? 0).getTime() - toDate(row?.created_at ?? 0).getTime()
    await ctx.db('sign_in_attempts').update({ expires_at: ago(1) })

    expect(life).toBe(10 * 60_000)
    expect(await ctx.signInAttempts.take(origin)).toBeUndefined()
  })

  test('keeps neither state, session nor verifier in the clear, and forgets the verifier', async () => {
    const { ctx, origin } = await begin(engine)

    const begun = JSON.stringify(await ctx.db('sign_in_attempts').first())
    await ctx.signInAttempts.take(origin)
    const taken = await ctx.db<Row>('sign_in_attempts').first()

    expect(begun).toContain('v1.k1.')
    for (const secret of [origin.state, origin.sessionId, VERIFIER])
      expect(begun).not.toContain(secret)
    expect(taken?.sealed_verifier).toBeNull()
  })

  test("another attempt's sealed verifier does not open", async () => {
    const { ctx, origin } = await begin(engine)
    const row = await ctx.db<Row>('sign_in_attempts').first()
    const foreign = { ...origin, state: 'foreign' }
    await ctx.signInAttempts.open(foreign, KEPT)
    await ctx.db('sign_in_attempts').update({ sealed_verifier: row?.sealed_verifier ?? null })

    expect((await ctx.signInAttempts.take(foreign))?.verifier).toBeUndefined()
  })

  test('is swept when its time is over, not before', async () => {
    const { ctx, origin } = await begin(engine)
    await ctx.db('sign_in_attempts').update({ expires_at: ago(1) })
    const alive = { ...origin, state: 'alive' }
    await ctx.signInAttempts.open(alive, KEPT)

    await sweep(ctx, new Date())

    expect(await ctx.db('sign_in_attempts').select('id')).toHaveLength(1)
    expect(await ctx.signInAttempts.take(alive)).toBeDefined()
  })
})

interface Row {
  created_at: Stored
  expires_at: Stored
  sealed_verifier: string | null
}

const ORIGIN: SignInOrigin = {
  state: 'state-canary',
  sessionId: 'session-canary',
  provider: 'vk',
  purpose: 'sign_in',
  userId: undefined,
}

/** A stranger has been sent to VK from their browser. */
async function begin(engine: Engine): Promise<{ ctx: Context; origin: SignInOrigin }> {
  const ctx = await openContext(engine)
  await ctx.signInAttempts.open(ORIGIN, KEPT)
  return { ctx, origin: ORIGIN }
}
