import { describe, expect, test } from 'vitest'
import type { Context } from '../../app/context.ts'
import { sweep } from '../../app/flows/sweep.ts'
import { ENGINES } from '../support/databases.ts'
import { countAsked } from '../support/statements.ts'
import { addPerson, openContext } from './context.ts'

/** More than are asked for the other words in one go. */
const MANY = 6_000

describe.each(ENGINES)('The search for people on %s', (engine) => {
  test('finds whoever an earlier version has registered, after the next sweep', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx, 'marina')
    await addPerson(ctx, 'oleg')
    await ctx.db('user_words').where({ user_id: id }).delete()
    expect(await found(ctx, 'marina')).toEqual([])

    await sweep(ctx, new Date())

    expect(await found(ctx, 'marina')).toEqual(['marina'])
    expect(await found(ctx, 'oleg')).toEqual(['oleg'])
  })

  test('and by the address that an earlier version has given them', async () => {
    const ctx = await openContext(engine)
    const { id } = await addPerson(ctx, 'marina')
    await ctx.db('users').where({ id }).update({ email: 'kovaleva@example.ru' })

    await sweep(ctx, new Date())

    expect(await found(ctx, 'kovaleva')).toEqual(['marina'])
  })

  test('whom two words have in common that many have is found, a page at a time', async () => {
    const ctx = await openContext(engine)
    await addMany(ctx, ['nord', 'zuid'])
    for (const nth of [1, 2_500, 5_500, 5_999])
      await ctx.db('user_words').insert({ word: 'zuid-nord', user_id: 2 * nth })

    const first = await ctx.userSearch.page({ text: 'nord zuid' }, 3)
    const rest = await ctx.userSearch.page({ text: 'nord zuid', after: first.at(-1)?.id }, 3)

    expect([...first, ...rest].map(({ id }) => id).sort((a, b) => a - b)).toEqual(
      [1, 2_500, 5_500, 5_999].map((nth) => 2 * nth),
    )
  })

  test('a common word costs nothing where the other one is rare', async () => {
    const ctx = await openContext(engine)
    await addMany(ctx, ['common', 'common'])
    await ctx.db('user_words').insert({ word: 'rare', user_id: 2 * MANY })

    const { statements } = await countAsked(ctx, async () => {
      expect(await ctx.userSearch.page({ text: 'common rare' }, 50)).toHaveLength(1)
    })

    expect(statements.filter((sql) => sql.includes('join'))).toHaveLength(1)
  })
})

const found = async ({ userSearch }: Context, text: string) =>
  (await userSearch.page({ text }, 50)).map(({ name }) => name)

/** So many with each word, by turns. */
async function addMany({ db }: Context, words: [string, string]) {
  const numbers = Array.from({ length: 2 * MANY }, (_, index) => index + 1)
  const at = new Date()
  const people = numbers.map((id) => ({
    ...{ id, email: `${id}@example.ru`, name: String(id), role: 'owner' as const },
    ...{ created_at: at, updated_at: at },
  }))
  await db.batchInsert('users', people, 500)
  const rows = numbers.map((id) => ({ word: words[id % 2] ?? '', user_id: id }))
  await db.batchInsert('user_words', rows, 500)
}
