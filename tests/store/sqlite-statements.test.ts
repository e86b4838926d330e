import { expect, onTestFinished, test } from 'vitest'
import { type Db, openDb } from '../../app/store/db.ts'
import { freshDatabase } from '../support/databases.ts'

test('a statement that is kept sees columns that have come, gone and been named anew since, whoever did it', async () => {
  const [db, other] = await openTwo()
  const rows = () => db('things').select()
  await db.raw('create table things (id integer primary key, name text)')
  await db('things').insert({ name: 'роза' })
  expect(await rows()).toEqual([{ id: 1, name: 'роза' }])

  await other.raw("alter table things add column colour text not null default 'red'")
  expect(await rows()).toEqual([{ id: 1, name: 'роза', colour: 'red' }])
  await db.raw('alter table things rename column name to title')
  expect(await rows()).toEqual([{ id: 1, title: 'роза', colour: 'red' }])
  await other.raw('drop table things')
  await expect(rows()).rejects.toMatchObject({ code: 'SQLITE_ERROR' })
  await db.raw('create table things (other text)')
  expect(await rows()).toEqual([])
})

test('the same statement many times at once, and more of them than are kept, answers each its own', async () => {
  const [db] = await openTwo()
  await db.raw('create table things (id integer primary key, name text)')
  await db('things').insert({ name: 'роза' })

  const numbers = await Promise.all(
    Array.from({ length: 50 }, (_, n) => db('things').first(db.raw('? as n', [n]))),
  )
  for (let n = 0; n < 450; n += 1) await db('things').select(db.raw(`${n % 225} as n`))

  expect(numbers).toEqual(Array.from({ length: 50 }, (_, n) => ({ n })))
  expect(await db('things').first('name')).toEqual({ name: 'роза' })
})

/** Two connections to one file. */
async function openTwo(): Promise<[Db, Db]> {
  const config = await freshDatabase('sqlite')
  const open = () => {
    const db = openDb(config)
    onTestFinished(() => db.destroy())
    return db
  }
  return [open(), open()]
}
