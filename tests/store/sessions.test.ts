import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Stored, toDate } from '../../app/store/db.ts'
import { ABSOLUTE_MS, IDLE_MS } from '../../app/store/sessions.ts'
import { ENGINES } from '../support/databases.ts'
import type { Context } from '../../app/context.ts'
import { addPerson, ago, atOnce, DAY_MS, openBeside, openContext } from './context.ts'
import { destroy, get, session, set, touch } from './session.ts'

const MINUTE_MS = 60_000

const flash = { tone: 'ok', title: 'Сохранено' } as const

describe.each(ENGINES)('Sessions on %s', (engine) => {
  test('what a session holds comes back', async () => {
    const ctx = await openContext(engine)
    const { id: userId } = await addPerson(ctx)
    const flash = { tone: 'ok', title: 'ВКонтакте: отключено' } as const
    const data = session({ userId, userAgent: 'Firefox «150»', flash })

    await set(ctx, 'sid', data)

    expect(await get(ctx, 'sid')).toEqual({ ...data, kept: true })
    expect(await sessionRow(ctx)).toMatchObject({ user_id: userId })
  })

  test('a session that is saved again is replaced, not doubled', async () => {
    const ctx = await openContext(engine)
    await set(ctx, 'sid', session({ userAgent: 'before' }))

    await set(ctx, 'sid', session({ userAgent: 'after' }))

    expect((await get(ctx, 'sid'))?.userAgent).toBe('after')
    expect(await ctx.db('sessions').select('id')).toHaveLength(1)
  })

  test('an id nobody was given is no session', async () => {
    const ctx = await openContext(engine)

    expect(await get(ctx, 'never-given')).toBeUndefined()
  })

  test('an expired row is no session', async () => {
    const ctx = await openContext(engine)
    await set(ctx, 'sid', session())
    await ctx.db('sessions').update({ expires_at: Date.now() - 1 })

    expect(await get(ctx, 'sid')).toBeUndefined()
  })

  test.each(['{"cookie":', '', 'null', '"text"', '7'])(
    'a row that holds %j is no session',
    async (data) => {
      const ctx = await openContext(engine)
      await set(ctx, 'sid', session())
      await ctx.db('sessions').update({ data })

      expect(await get(ctx, 'sid')).toBeUndefined()
    },
  )

  test('the id is kept as a hash only', async () => {
    const ctx = await openContext(engine)

    await set(ctx, 'sid-canary', session())

    const row = await sessionRow(ctx)
    expect(row.sid_hash).toBe(createHash('sha256').update('sid-canary').digest('hex'))
    expect(JSON.stringify(row)).not.toContain('sid-canary')
  })

  test('one that was ended is not brought back by a request that had begun before, also on another instance', async () => {
    const ctx = await openContext(engine)
    const { id: userId } = await addPerson(ctx)
    await set(ctx, 'sid', session({ userId }))
    const begun = await get(ctx, 'sid')
    const other = openBeside(ctx) // remembers nobody
    await ctx.openSessions.endAll(userId)

    for (const instance of [ctx, other]) await set(instance, 'sid', session({ ...begun, flash }))

    expect(await get(ctx, 'sid')).toBeUndefined()
  })

  test('a session of one instance is known to another, and ends for both', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const data = session({ userAgent: 'Chrome' })

    await set(ctx, 'sid', data)
    const seen = await get(other, 'sid')
    await destroy(other, 'sid')

    expect(seen).toEqual({ ...data, kept: true })
    expect(await get(ctx, 'sid')).toBeUndefined()
  })

  test('a session that ended while a request ran is not brought back by that request', async () => {
    const ctx = await openContext(engine)
    await set(ctx, 'sid', session())
    const running = await get(ctx, 'sid')
    await destroy(ctx, 'sid')

    await set(ctx, 'sid', running ?? session())

    expect(await get(ctx, 'sid')).toBeUndefined()
    expect(await ctx.db('sessions').select('id')).toEqual([])
  })

  test('nor by a request of another instance', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    await set(ctx, 'sid', session())
    const running = await get(other, 'sid')
    await destroy(ctx, 'sid')

    await set(other, 'sid', running ?? session())
    await touch(other, 'sid', session())

    expect(await get(other, 'sid')).toBeUndefined()
  })

  test('ending wins over saving, whichever of them comes first', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const sids = Array.from({ length: 10 }, (_, index) => `sid-${index}`)
    await Promise.all(sids.map((sid) => set(ctx, sid, session())))
    await Promise.all(sids.map((sid) => get(other, sid)))

    await Promise.all(
      sids.flatMap((sid) => [
        set(ctx, sid, session()),
        destroy(other, sid),
        set(other, sid, session()),
      ]),
    )

    expect(await ctx.db('sessions').select('id')).toEqual([])
  })

  test('one new session saved by many requests at once is one row', async () => {
    const ctx = await openContext(engine)

    await atOnce(10, (index) => set(ctx, 'sid', session({ userAgent: `request ${index}` })))

    expect(await ctx.db('sessions').select('id')).toHaveLength(1)
  })
})

describe.each(ENGINES)('How long sessions last on %s', (engine) => {
  test('a visit within the hour writes nothing', async () => {
    const ctx = await openContext(engine)
    await set(ctx, 'sid', session())
    await ctx.db('sessions').update({ seen_at: ago(59 * MINUTE_MS) })
    const before = await sessionRow(ctx)

    await get(ctx, 'sid')
    await touch(ctx, 'sid', session())

    expect(await sessionRow(ctx)).toEqual(before)
  })

  test('a visit after more than an hour is written down and puts off the end', async () => {
    const ctx = await openContext(engine)
    const signedIn = session({ signedInAt: Date.now() })
    await set(ctx, 'sid', signedIn)
    const past = { seen_at: ago(61 * MINUTE_MS), expires_at: Date.now() + MINUTE_MS }
    await ctx.db('sessions').update(past)
    const began = Date.now()

    await get(ctx, 'sid')
    await touch(ctx, 'sid', signedIn)

    const row = await sessionRow(ctx)
    expect(toDate(row.seen_at).getTime()).toBeGreaterThanOrEqual(began)
    expect(Number(row.expires_at)).toBeGreaterThanOrEqual(began + IDLE_MS)
  })

  test('one nobody has signed in to lasts two hours', async () => {
    const ctx = await openContext(engine)

    await set(ctx, 'sid', session())

    const left = Number((await sessionRow(ctx)).expires_at) - Date.now()
    expect(left).toBeLessThanOrEqual(120 * MINUTE_MS)
    expect(left).toBeGreaterThan(119 * MINUTE_MS)
  })

  test('two weeks without a visit end it', async () => {
    const ctx = await openContext(engine)
    const began = Date.now()

    await set(ctx, 'sid', session({ signedInAt: began }))

    const end = Number((await sessionRow(ctx)).expires_at)
    expect(IDLE_MS).toBe(14 * DAY_MS)
    expect(end).toBeGreaterThanOrEqual(began + IDLE_MS)
    expect(end).toBeLessThanOrEqual(Date.now() + IDLE_MS)
  })

  test.each<[string, typeof set]>([
    ['saving', set],
    ['visiting', touch],
  ])('thirty days after signing in it ends, however often one comes: %s', async (_name, visit) => {
    const ctx = await openContext(engine)
    const signedInAt = ago(20 * DAY_MS).getTime()
    await set(ctx, 'sid', session({ signedInAt }))
    await ctx.db('sessions').update({ seen_at: ago(DAY_MS), expires_at: Date.now() + DAY_MS })
    await get(ctx, 'sid')

    await visit(ctx, 'sid', session({ signedInAt }))

    expect(ABSOLUTE_MS).toBe(30 * DAY_MS)
    expect(Number((await sessionRow(ctx)).expires_at)).toBe(signedInAt + ABSOLUTE_MS)
  })

  test('a session signed in 31 days ago cannot be saved alive', async () => {
    const ctx = await openContext(engine)

    await set(ctx, 'sid', session({ signedInAt: ago(31 * DAY_MS).getTime() }))

    expect(await get(ctx, 'sid')).toBeUndefined()
  })

  test('sweeping removes the expired and leaves the living', async () => {
    const ctx = await openContext(engine)
    await set(ctx, 'expired', session())
    await ctx.db('sessions').update({ expires_at: Date.now() - 1 })
    await set(ctx, 'alive', session())

    await ctx.sessions.sweep()

    expect(await ctx.db('sessions').select('id')).toHaveLength(1)
    expect(await get(ctx, 'alive')).toBeDefined()
  })
})

interface Row {
  sid_hash: string
  user_id: number | null
  seen_at: Stored
  expires_at: Stored
}

async function sessionRow({ db }: Context): Promise<Row> {
  const row = await db<Row>('sessions').first()
  if (!row) throw new Error('no session is stored')
  return row
}
