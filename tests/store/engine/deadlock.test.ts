import { expect, onTestFinished, test } from 'vitest'
import { openDb } from '../../../app/store/db.ts'
import { newPostgres } from '../../support/databases.ts'

test('a statement that stood in a transaction’s way is repeated: it was a transaction of its own', async () => {
  const db = openDb(await newPostgres())
  onTestFinished(() => db.destroy())
  await db.raw('create table things (id int primary key, n int not null)')
  await db.raw('insert into things values (1, 0), (2, 0)')
  const waiting = async () => {
    const { rows } = await db.raw<{ rows: { n: number }[] }>(
      "select count(*)::int as n from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    )
    return rows[0]?.n
  }

  const transaction = await db.transaction()
  await transaction.raw('update things set n = 10 where id = 2')
  const statement = db.raw('update things set n = n + 1').then(String, (error: unknown) => error)
  await expect.poll(waiting).toBe(1) // it has the first, and waits for the second
  await transaction.raw('update things set n = 10 where id = 1')
  await transaction.commit()

  expect(await statement).not.toBeInstanceOf(Error)
  const { rows } = await db.raw<{ rows: unknown[] }>('select id, n from things order by id')
  expect(rows).toEqual([
    { id: 1, n: 11 },
    { id: 2, n: 11 },
  ])
})
