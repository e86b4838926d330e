import { expect, test } from 'vitest'
import { isMigrated, migrate } from '../../../app/store/migrate.ts'
import { emptyDatabase, openHandle } from './empty-database.ts'

/** On its own because it waits as long as a process that starts would: 15 s. */
test('a lock that a killed process left is broken, and the start goes on', async () => {
  const db = openHandle(await emptyDatabase('sqlite'))
  await isMigrated(db)
  await db('knex_migrations_lock').update({ is_locked: 1 })

  await migrate(db)

  expect(await isMigrated(db)).toBe(true)
  expect(await db('knex_migrations_lock').select('is_locked')).toEqual([{ is_locked: 0 }])
}, 25_000)
