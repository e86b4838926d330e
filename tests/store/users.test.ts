import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { canonicalEmail } from '../../app/texts/emails.ts'
import { ENGINES } from '../support/databases.ts'
import { addPerson, atOnce, connect, openBeside, openContext } from './context.ts'
import { session, set } from './session.ts'
import { everybody } from '../support/crowd.ts'

const MARINA = { email: 'marina@example.ru', name: 'Марина', passwordHash: 'hash' }

describe.each(ENGINES)('People on %s', (engine) => {
  test.each(['marina@example.ru', ' Marina@Example.RU\t', 'ｍａｒｉｎａ@example.ru'])(
    'an address written as %j is the same person',
    async (spelling) => {
      const { users } = await openContext(engine)
      const marina = await users.add(MARINA)

      const again = await users.add({ ...MARINA, email: canonicalEmail(spelling) })
      const found = await users.findByEmail(canonicalEmail(spelling))

      expect(again).toBeUndefined()
      expect(found?.user.id).toBe(marina?.id)
    },
  )

  test('what is kept of a person comes back', async () => {
    const { users } = await openContext(engine)
    const marina = await users.add(MARINA)
    const id = marina?.id ?? 0

    await users.noteSignIn(id)
    await users.update(id, { name: 'Марина Ковалёва', timeZone: 'Asia/Omsk' })

    const found = await users.find(id)
    expect(found).toMatchObject({
      email: 'marina@example.ru',
      name: 'Марина Ковалёва',
      role: 'owner',
      timeZone: 'Asia/Omsk',
    })
    expect(found?.createdAt).toBeInstanceOf(Date)
    expect(found?.signedInAt?.getTime()).toBeGreaterThan(Date.now() - 60_000)
    expect(await users.passwordHash(id)).toBe('hash')
  })

  test('ten registrations of one address at once make one person', async () => {
    const ctx = await openContext(engine)

    const added = await atOnce(10, () => ctx.users.add(MARINA))

    expect(added.filter(Boolean)).toHaveLength(1)
    expect(await everybody(ctx)).toHaveLength(1)
  })

  test('ten who come first at once make exactly one administrator', async () => {
    const ctx = await openContext(engine)

    const founders = await atOnce(10, (index) =>
      ctx.users.addFounder({ ...MARINA, email: `person${index}@example.ru` }),
    )

    expect(founders.filter(Boolean)).toHaveLength(1)
    expect(founders.find(Boolean)?.role).toBe('admin')
    expect(await everybody(ctx)).toHaveLength(1)
  })

  test('nobody founds what is inhabited', async () => {
    const ctx = await openContext(engine)
    await addPerson(ctx)

    const founder = await ctx.users.addFounder({ ...MARINA, email: 'oleg@example.ru' })

    expect(founder).toBeUndefined()
    expect(await ctx.users.administrator()).toBeUndefined()
  })

  test('the administrator owners may write to is the one who has been here longest', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg, vera] = await Promise.all([
      addPerson(ctx, 'marina'),
      addPerson(ctx, 'oleg'),
      addPerson(ctx, 'vera'),
    ])
    const [, first, second] = [marina, oleg, vera].sort((a, b) => a.id - b.id)

    await ctx.users.setRole(second?.id ?? 0, 'admin')
    await ctx.users.setRole(first?.id ?? 0, 'admin')

    expect((await ctx.users.administrator())?.id).toBe(first?.id)
  })

  test("an address that is somebody else's cannot be taken, one that is free can", async () => {
    const ctx = await openContext(engine)
    await addPerson(ctx, 'marina')
    const oleg = await addPerson(ctx, 'oleg')

    const taken = await ctx.users.update(oleg.id, { email: 'marina@example.ru' })
    const free = await ctx.users.update(oleg.id, { email: 'lavkin@example.ru' })

    expect([taken, free]).toEqual([false, true])
    expect((await ctx.users.find(oleg.id))?.email).toBe('lavkin@example.ru')
  })

  test('of five people who want one address at once, one gets it', async () => {
    const ctx = await openContext(engine)
    const people = await atOnce(5, (index) => addPerson(ctx, `person${index}`))

    const got = await Promise.all(
      people.map(({ id }) => ctx.users.update(id, { email: 'shop@example.ru' })),
    )

    expect(got.filter(Boolean)).toHaveLength(1)
  })

  test('a person who is removed takes along what is theirs, and nothing of anybody else', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx, 'marina')
    const oleg = await addPerson(ctx, 'oleg')
    await furnish(ctx, marina.id)
    await furnish(ctx, oleg.id)

    await ctx.users.removeUnlessNeeded(marina.id)

    expect(await belongings(ctx, marina.id)).toEqual(NOTHING)
    expect(await belongings(ctx, oleg.id)).toEqual(EVERYTHING)
    expect(await ctx.db('health_changes').select('id')).toHaveLength(1)
  })

  test('people go also while somebody else is writing', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const people = await atOnce(40, (index) => addPerson(ctx, `owner${index}`))
    const writing = new AbortController()
    const writer = (async () => {
      while (!writing.signal.aborted) await other.events.add({ event: 'noise' })
    })()

    const gone: boolean[] = []
    for (const { id } of people) gone.push(await ctx.users.removeUnlessNeeded(id))
    writing.abort()
    await writer

    expect(gone.every(Boolean)).toBe(true)
  })

  test('of two administrators who go at once one stays while others need them', async () => {
    const ctx = await openContext(engine)
    await addPerson(ctx, 'vera')

    for (let round = 0; round < 8; round += 1) {
      const [marina, oleg] = await atOnce(2, (index) => addPerson(ctx, `admin${round}${index}`))
      const both = [marina, oleg].flatMap((one) => one?.id ?? [])
      for (const id of both) await ctx.users.setRole(id, 'admin')

      const gone = await Promise.all(both.map((id) => ctx.users.removeUnlessNeeded(id)))

      expect(gone.toSorted()).toEqual([false, true])
      for (const id of both) await ctx.users.setRole(id, 'owner')
    }
  })
})

const TABLES = [
  'sessions',
  'connections',
  'connection_attempts',
  'identities',
  'sign_in_attempts',
  'password_resets',
  'notices',
  'events',
]
const EVERYTHING = Object.fromEntries(TABLES.map((table) => [table, 1]))
const NOTHING = Object.fromEntries(TABLES.map((table) => [table, 0]))

/** One row in every table that knows people. */
async function furnish(ctx: Context, userId: number) {
  await set(ctx, `sid-${userId}`, session({ userId, signedInAt: Date.now() }))
  const connection = await connect(ctx, userId)
  await ctx.checks.record(connection, { health: 'online' })
  const origin = { state: `state-${userId}`, sessionId: 'sid', userId, provider: 'vk' }
  await ctx.attempts.open(origin, {})
  const outsider = { provider: 'vk', subject: `subject-${userId}`, email: undefined }
  await ctx.identities.link(userId, outsider)
  const linking = { ...origin, purpose: 'link' as const }
  await ctx.signInAttempts.open(linking, { verifier: undefined, returnTo: undefined })
  await ctx.resets.open(userId, 60_000)
  await ctx.notices.openIncident(connection, 'token_revoked', [])
  await ctx.events.add({ event: 'signed_in', userId })
}

async function belongings({ db }: Context, userId: number) {
  const counts = TABLES.map(async (table) => {
    const rows: unknown[] = await db(table).where({ user_id: userId })
    return [table, rows.length] as const
  })
  return Object.fromEntries(await Promise.all(counts))
}
