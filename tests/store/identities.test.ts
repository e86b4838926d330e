import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { outsiderOf, signInOutsider } from '../../app/flows/accounts/match-identity.ts'
import { linkOutsider } from '../../app/flows/accounts/link-identity.ts'
import { unlink } from '../../app/flows/accounts/unlink-identity.ts'
import type { Outsider } from '../../app/store/identities.ts'
import type { User } from '../../app/store/users.ts'
import { type Engine, ENGINES } from '../support/databases.ts'
import { addPerson, atOnce, openBeside, openContext, openWith } from './context.ts'
import { everybody } from '../support/crowd.ts'

const EMAIL = 'marina@example.ru'

/** Марина as a platform that verifies addresses tells of her. */
const MARINA: Outsider = { provider: 'google', subject: '108', email: EMAIL }
/** And as one that tells of no address. */
const NAMELESS: Outsider = { provider: 'vk', subject: '21450987', email: undefined }

describe.each(ENGINES)('Who comes from a platform on %s', (engine) => {
  test('is made a user when registration is open, and is the same one from then on', async () => {
    const ctx = await openTo(engine, 'open')
    await addPerson(ctx, 'vera')

    const first = await signInOutsider(ctx, MARINA, ' Марина\u0007 Ковалёва ')
    const second = await signInOutsider(ctx, { ...MARINA, email: 'other@example.ru' }, 'Другое имя')

    expect(first).toMatchObject({ email: EMAIL, name: 'Марина Ковалёва', role: 'owner' })
    expect(idOf(second)).toBe(idOf(first))
    expect(await ctx.users.passwordHash(idOf(first))).toBeNull()
    expect(await journal(ctx)).toEqual(['registered', 'signed_in', 'signed_in'])
    const [identity] = await ctx.identities.of(idOf(first))
    expect(identity).toMatchObject({ provider: 'google', subject: '108' })
    expect(identity?.lastUsedAt).toBeInstanceOf(Date)
  })

  test('is called by the address where the platform gives no name', async () => {
    const ctx = await openTo(engine, 'open')

    expect(await signInOutsider(ctx, MARINA, '\u0000 ')).toMatchObject({ name: 'marina' })
    const long = { ...MARINA, subject: '109', email: 'long@example.ru' }
    const named = await signInOutsider(ctx, long, 'Я'.repeat(300))
    expect((named as User).name).toBe('Я'.repeat(100))
  })

  test('is the administrator when nobody is there, unless somebody is quicker', async () => {
    const ctx = await openTo(engine, 'first')
    const other = openBeside(ctx)

    const outcomes = await atOnce(6, (index) =>
      signInOutsider(
        index % 2 ? ctx : other,
        { ...MARINA, subject: `s${index}`, email: `p${index}@example.ru` },
        'Кто-то',
      ),
    )

    const people = await everybody(ctx)
    expect(people.map(({ role }) => role)).toEqual(['admin'])
    expect(outcomes.filter((one) => one === 'registration_closed')).toHaveLength(5)
    expect(await ctx.db('identities').select('id')).toHaveLength(1)
  })

  test.each(['first', 'closed'] as const)(
    'is not let in where others are and registration is %s',
    async (registration) => {
      const ctx = await openTo(engine, registration)
      await addPerson(ctx, 'vera')

      expect(await signInOutsider(ctx, MARINA, 'Марина')).toBe('registration_closed')
      expect(await everybody(ctx)).toHaveLength(1)
      expect(await journal(ctx)).toEqual([])
    },
  )

  test('is not made a user without a verified address', async () => {
    const ctx = await openTo(engine, 'open')

    expect(await signInOutsider(ctx, NAMELESS, 'Марина')).toBe('sign_in_unknown')
    expect(await ctx.users.isEmpty()).toBe(true)
  })

  test('is not let into an account in which the address was only typed', async () => {
    const ctx = await openTo(engine, 'open')
    const marina = await addPerson(ctx)

    expect(await signInOutsider(ctx, MARINA, 'Марина')).toBe('sign_in_email_taken')
    expect(await ctx.identities.of(marina.id)).toEqual([])
  })

  test('is let in by the address when another platform had verified it, and is linked', async () => {
    const ctx = await openTo(engine, 'open')
    const made = await signInOutsider(ctx, MARINA, 'Марина')
    const again: Outsider = { provider: 'discord', subject: 'd-1', email: EMAIL }

    const outcome = await signInOutsider(ctx, again, 'marina_k')

    expect(idOf(outcome)).toBe(idOf(made))
    const ways = await ctx.identities.of(idOf(made))
    expect(ways.map(({ provider }) => provider)).toEqual(['google', 'discord'])
    expect(await journal(ctx)).toContain('linked')
  })

  test('is not let in by an address the person has typed over the verified one', async () => {
    const ctx = await openTo(engine, 'open')
    const oleg = { provider: 'google', subject: '109', email: 'oleg@example.ru' }
    const made = await signInOutsider(ctx, oleg, 'Олег')
    await ctx.users.update(idOf(made), { email: EMAIL })

    expect(await signInOutsider(ctx, MARINA, 'Марина')).toBe('sign_in_email_taken')
  })

  test('is not let in by an address the platform no longer vouches for', async () => {
    const ctx = await openTo(engine, 'open')
    await signInOutsider(ctx, MARINA, 'Марина')
    await signInOutsider(ctx, { ...MARINA, email: undefined }, 'Марина')

    const newOwner = { provider: 'discord', subject: 'd-1', email: EMAIL }
    expect(await signInOutsider(ctx, newOwner, 'Новый хозяин')).toBe('sign_in_email_taken')
  })

  test('of ten who come at once as one account, all are one user', async () => {
    const ctx = await openTo(engine, 'open')
    const other = openBeside(ctx)

    const outcomes = await atOnce(10, (index) =>
      signInOutsider(index % 2 ? ctx : other, MARINA, 'Марина'),
    )

    expect(new Set(outcomes.map(idOf)).size).toBe(1)
    expect(await everybody(ctx)).toHaveLength(1)
    expect(await ctx.db('identities').select('id')).toHaveLength(1)
  })

  test('of ten who come at once as one account by different addresses, all are one user', async () => {
    const ctx = await openTo(engine, 'open')
    const other = openBeside(ctx)

    const outcomes = await atOnce(10, (index) =>
      signInOutsider(
        index % 2 ? ctx : other,
        { ...MARINA, email: `marina${index}@example.ru` },
        'Марина',
      ),
    )

    expect(new Set(outcomes.map(idOf)).size).toBe(1)
    expect(await everybody(ctx)).toHaveLength(1)
  })
})

describe.each(ENGINES)('Linking on %s', (engine) => {
  test('adds a way in, and linking it again changes nothing', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)

    const outcomes = [
      await linkOutsider(ctx, marina.id, NAMELESS),
      await linkOutsider(ctx, marina.id, NAMELESS),
    ]

    expect(outcomes.map(idOf)).toEqual([marina.id, marina.id])
    expect(await ctx.identities.of(marina.id)).toHaveLength(1)
    expect(await journal(ctx)).toEqual(['linked'])
    expect(idOf(await signInOutsider(ctx, NAMELESS, 'Марина'))).toBe(marina.id)
  })

  test('gives one account at a platform to one of many who want it at once', async () => {
    const ctx = await openContext(engine)
    const other = openBeside(ctx)
    const people = await atOnce(8, (index) => addPerson(ctx, `person${index}`))

    const outcomes = await Promise.all(
      people.map(({ id }) => linkOutsider(id % 2 ? ctx : other, id, NAMELESS)),
    )

    expect(outcomes.filter((one) => one === 'sign_in_taken')).toHaveLength(7)
    expect(await ctx.db('identities').select('id')).toHaveLength(1)
  })

  test('to somebody who is gone leads nowhere', async () => {
    const ctx = await openContext(engine)
    const marina = await addPerson(ctx)
    await ctx.users.removeUnlessNeeded(marina.id)

    expect(await linkOutsider(ctx, marina.id, NAMELESS)).toBe('invalid_state')
    await expect(ctx.identities.link(marina.id, NAMELESS)).rejects.toThrow()
  })
})

describe.each(ENGINES)('Unlinking on %s', (engine) => {
  test('takes a way away while a password is left', async () => {
    const { ctx, marina, ids } = await withWays(engine, [NAMELESS])
    await ctx.users.setPasswordHash(marina.id, 'hash')

    expect(await unlink(ctx, marina, ids[0] ?? 0)).toBe('unlinked')
    expect(await ctx.identities.of(marina.id)).toEqual([])
    expect(await journal(ctx)).toEqual(['linked', 'unlinked'])
  })

  test('leaves the last way, and an own way of somebody else alone', async () => {
    const { ctx, marina, ids } = await withWays(engine, [NAMELESS])
    const oleg = await addPerson(ctx, 'oleg')
    await ctx.users.setPasswordHash(oleg.id, 'hash')

    expect(await unlink(ctx, marina, ids[0] ?? 0)).toBe('last_way')
    expect(await unlink(ctx, oleg, ids[0] ?? 0)).toBeUndefined()
    expect(await ctx.identities.of(marina.id)).toHaveLength(1)
    expect(await journal(ctx)).toEqual(['linked'])
  })

  test('does not count a platform that is not set up as a way', async () => {
    const unusable = { provider: 'gone', subject: '1', email: undefined }
    const { ctx, marina, ids } = await withWays(engine, [NAMELESS, unusable])

    expect(await unlink(ctx, marina, ids[0] ?? 0)).toBe('last_way')
    expect(await unlink(ctx, marina, ids[1] ?? 0)).toBe('unlinked')
  })

  test('of two last ways that are taken away at once one stays', async () => {
    for (let round = 0; round < 5; round += 1) {
      const second = { ...NAMELESS, subject: '777' }
      const { ctx, marina, ids } = await withWays(engine, [NAMELESS, second])
      const other = openBeside(ctx)

      const outcomes = await Promise.all(
        ids.map((id, index) => unlink(index ? ctx : other, marina, id)),
      )

      expect(outcomes.toSorted()).toEqual(['last_way', 'unlinked'])
      expect(await ctx.identities.of(marina.id)).toHaveLength(1)
    }
  })
})

describe('What a platform tells of an account', () => {
  test.each([
    ['a verified address, in its canonical spelling', ' Marina@Example.RU', true, undefined],
    ['a verified address', 'Marina@Example.RU', true, EMAIL],
    ['an address nobody has verified', EMAIL, false, undefined],
    ['signs that only look like an address', 'ｍarina@example.ru', true, undefined],
    ['a sign that folds into a letter', 'mar\u0131na@example.ru', true, undefined],
    ['two addresses', 'marina@example.ru,oleg@example.ru', true, undefined],
    ['no address at all', 'marina', true, undefined],
  ])('%s', (_what, address, verified, kept) => {
    const account = { id: '108', profile: {}, email: { address, verified } }

    expect(outsiderOf('google', account)).toEqual({
      provider: 'google',
      subject: '108',
      email: kept,
    })
  })

  test.each([undefined, '', 'a\u0000b', 'x'.repeat(256)])('the id %j names nobody', (id) => {
    expect(outsiderOf('google', { ...(id !== undefined && { id }), profile: {} })).toBeUndefined()
  })
})

async function openTo(engine: Engine, registration: 'open' | 'first' | 'closed'): Promise<Context> {
  const ctx = await openContext(engine)
  return openWith({ ...ctx.config, registration })
}

/** Марина without a password; ВКонтакте is set up here, other platforms are not. */
async function withWays(engine: Engine, outsiders: readonly Outsider[]) {
  const bare = await openContext(engine)
  const platforms = { ...bare.config.platforms, vk: VK_KEYS }
  const ctx = openWith({ ...bare.config, platforms })
  const marina = await addPerson(ctx)
  for (const outsider of outsiders) await linkOutsider(ctx, marina.id, outsider)
  await ctx.db('events').where('id', '>', 1).delete()
  const ids = (await ctx.identities.of(marina.id)).map(({ id }) => id)
  return { ctx, marina, ids }
}

const VK_KEYS = { CLIENT_ID: '1', CLIENT_SECRET: 'secret' }

const idOf = (outcome: User | string): number => {
  if (typeof outcome === 'string') throw new Error(outcome)
  return outcome.id
}

const journal = ({ db }: Context) => db('events').orderBy('id').pluck<string[]>('event')
