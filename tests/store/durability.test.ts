import { describe, expect, test } from 'vitest'
import { type Db, isPostgres } from '../../app/store/db.ts'
import { relaxed } from '../../app/store/durability.ts'
import { type Engine, ENGINES } from '../support/databases.ts'
import { openContext, openWith } from './context.ts'

describe.each(ENGINES)('What a power cut may take, on %s', (engine) => {
  test('a unit is synced unless it says that it need not be, and so is whatever comes after it', async () => {
    const ctx = await openSynced(engine)
    const seen: unknown[] = []
    const look = async (unit: { db: Db }) => void seen.push(await isSynced(unit.db))

    await ctx.inOne(look)
    await ctx.inOne(look, 'relaxed')
    await ctx.inOne((unit) => unit.inOne(look), 'relaxed')
    await ctx.inOne((unit) => unit.inOne(look, 'relaxed'))
    await ctx.db('rate_limits').insert({ key: 'a', count: 1, resets_at: 1 })
    await look(ctx)

    expect(seen).toEqual([true, false, false, true, true])
  })

  test('a statement alone may be marked; one within a unit is as durable as that', async () => {
    const ctx = await openSynced(engine)
    const add = async (all: Db, key: string) => {
      const row = { key, count: 1, resets_at: 1 }
      await relaxed(all('rate_limits').insert(row))
      return await relaxed(all('rate_limits').where({ key }).update({ count: 2 }).returning('*'))
    }

    const answers = [await add(ctx.db, 'a'), await ctx.inOne((unit) => add(unit.db, 'b'))]

    expect(answers.flat().map(({ count }) => count)).toEqual([2, 2])
    expect(await ctx.inOne((unit) => isSynced(unit.db))).toBe(true)
  })

  test('a marked statement that fails leaves nothing, and the connection fit for the next', async () => {
    const { db } = await openSynced(engine)
    const add = () => relaxed(db('rate_limits').insert({ key: 'a', count: 1, resets_at: 1 }))
    await add()

    await expect(add()).rejects.toThrow(/unique/i)

    expect(await db('rate_limits').select('key')).toEqual([{ key: 'a' }])
    expect(await isSynced(db)).toBe(true)
  })
})

/** The suite's PostgreSQL waits for no disk; here it says that it does. */
async function openSynced(engine: Engine) {
  const ctx = await openContext(engine)
  const { database } = ctx.config
  if (database.client === 'sqlite') return ctx
  const url = `${database.url}?options=-c%20synchronous_commit%3Don`
  return openWith({ ...ctx.config, database: { ...database, url } })
}

/** What the engine itself says of the commit this connection would make. */
async function isSynced(db: Db): Promise<boolean> {
  if (isPostgres(db)) {
    const { rows } = await db.raw<{ rows: { synchronous_commit: string }[] }>(
      'show synchronous_commit',
    )
    return rows[0]?.synchronous_commit === 'on'
  }
  const [row] = await db.raw<{ synchronous: number }[]>('pragma synchronous')
  return row?.synchronous === 2
}
