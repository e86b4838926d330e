import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { isMigrated, migrate } from '../../../app/store/migrate.ts'
import { ENGINES } from '../../support/databases.ts'
import { emptyDatabase, openHandle } from './empty-database.ts'

/** Several slices of the holder's work, and all of it is longer. */
const PATIENCE_MS = 3_000

/** On its own because it waits as long as a process that starts would: 15 s. */
test('a lock that a killed process left is broken, and the start goes on', async () => {
  const db = openHandle(await emptyDatabase('sqlite'))
  await isMigrated(db)
  await db('knex_migrations_lock').update({ is_locked: 1 })

  await migrate(db)

  expect(await isMigrated(db)).toBe(true)
  expect(await db('knex_migrations_lock').select('is_locked')).toEqual([{ is_locked: 0 }])
})

test.each(ENGINES)('a lock on %s whose holder works for long is waited for', async (engine) => {
  const db = openHandle(await emptyDatabase(engine))
  await isMigrated(db)
  await db('knex_migrations_lock').update({ is_locked: 1 })
  const waiting = migrate(db, PATIENCE_MS).then(() => 'ready')

  for (let slice = 0; slice < 14; slice += 1) {
    await pause(300)
    await db('knex_migrations_lock').update({ is_locked: db.raw('is_locked + 1') })
  }
  const early = await Promise.race([waiting, pause(10, 'waits')])
  await db('knex_migrations_lock').update({ is_locked: 0 })

  expect(early).toBe('waits')
  expect(await waiting).toBe('ready')
})
