import { expect, onTestFinished, test } from 'vitest'
import type { DatabaseConfig } from '../../app/config/database.ts'
import { type Db, openDb } from '../../app/store/db.ts'
import { inOneTransaction } from '../../app/store/unit.ts'
import { freshDatabase } from '../support/databases.ts'

test('what is asked again and again is prepared, what is asked once is not', async () => {
  const [db] = await openTwo()

  for (let id = 0; id < 5; id += 1) await db('users').where({ id }).first()
  for (let many = 1; many < 5; many += 1) await db('users').whereIn('id', Array(many).fill(0))

  const prepared = await preparedIn(db)
  expect(prepared.filter((sql) => sql.includes('limit'))).toHaveLength(1)
  expect(prepared.filter((sql) => sql.includes(' in ('))).toEqual([])
})

test('no more than some hundreds are prepared', async () => {
  const [db] = await openTwo()

  for (let n = 0; n < 400; n += 1)
    for (let times = 0; times < 4; times += 1) await db.select(db.raw(`${n} as n`))

  expect(await preparedIn(db)).toHaveLength(300)
})

test('tables that somebody else has changed are read as they are now, also within a unit', async () => {
  const [db, other] = await openTwo()
  await db.raw('create table things (id integer primary key, name text)')
  await db('things').insert({ id: 1, name: 'роза' })
  const rows = (all: Db = db) => all('things').select()
  for (let times = 0; times < 5; times += 1) await rows()

  await other.raw("alter table things add column colour text not null default 'red'")
  expect(await rows()).toEqual([{ id: 1, name: 'роза', colour: 'red' }])

  for (let times = 0; times < 5; times += 1) await rows()
  await other.raw('alter table things drop column name')
  expect(await inOneTransaction(db, rows)).toEqual([{ id: 1, colour: 'red' }])
})

test('behind a pooler that hands out sessions without them, names are given up', async () => {
  const [db] = await openTwo()
  const ask = (all: Db = db) => all('users').where({ id: 1 }).first()
  for (let times = 0; times < 5; times += 1) await ask()

  await db.raw('deallocate all')

  expect(await inOneTransaction(db, (all) => ask(all))).toBeUndefined()
  for (let times = 0; times < 5; times += 1) expect(await ask()).toBeUndefined()
  expect(await preparedIn(db)).toEqual([])
})

test('where DATABASE_PREPARE is off nothing is prepared', async () => {
  const [db] = await openTwo({ prepares: false })

  for (let times = 0; times < 5; times += 1) await db('users').where({ id: 1 }).first()

  expect(await preparedIn(db)).toEqual([])
})

/** Two pools of one connection each. */
async function openTwo(more: { prepares?: false } = {}): Promise<[Db, Db]> {
  const config: DatabaseConfig = { ...(await freshDatabase('postgres')), ...more }
  const open = () => {
    const db = openDb(config)
    Object.assign((db.client as { pool: object }).pool, { max: 1 })
    onTestFinished(async () => {
      await db.schema.dropTableIfExists('things').catch(() => undefined)
      await db.destroy()
    })
    return db
  }
  return [open(), open()]
}

async function preparedIn(db: Db): Promise<string[]> {
  const { rows } = await db.raw<{ rows: { statement: string }[] }>(
    'select statement from pg_prepared_statements where not from_sql',
  )
  return rows.map(({ statement }) => statement)
}
