import { MIGRATIONS_TABLE } from '../../db/migrations/index.ts'
import type { Db } from './db.ts'

const PATIENCE_MS = 15_000
const PAUSE_MS = 200

/** Whether the database has every migration this version knows. Rejects when it cannot be asked. */
export async function isMigrated(db: Db): Promise<boolean> {
  const [, pending] = (await db.migrate.list()) as [unknown[], unknown[]]
  return pending.length === 0
}

/**
 * Brings the schema up to date, one migration a batch, so that taking back a batch takes back one step. Two processes may do so at once: one works, the other waits for it. A lock that nobody
 * gives back (its process was killed) is broken after 15 s without a sign of life: whoever works for long counts in it.
 */
export async function migrate(db: Db, patienceMs = PATIENCE_MS): Promise<void> {
  let giveUp = performance.now() + patienceMs
  let sign: number | undefined
  for (;;) {
    try {
      await upToDate(db)
      return
    } catch (error) {
      if (!isSomebodyElse(error)) throw error
      const seen = await lockOf(db)
      if (seen !== sign) giveUp = performance.now() + patienceMs
      sign = seen
      if (performance.now() > giveUp || isLockBroken(seen, error)) break
      await new Promise((wake) => setTimeout(wake, PAUSE_MS))
    }
  }
  await db.migrate.forceFreeMigrationsLock()
  await upToDate(db)
}

async function upToDate(db: Db): Promise<void> {
  while (!(await isMigrated(db))) await db.migrate.up()
  await partBatches(db)
}

/**
 * Earlier versions, and the `knex` command, record many migrations as one batch, which a rollback would undo at once:
 * each becomes a batch of its own.
 */
export async function partBatches(db: Db): Promise<void> {
  const rows = await db(MIGRATIONS_TABLE).select('batch')
  if (new Set(rows.map(({ batch }) => batch)).size === rows.length) return
  await db(MIGRATIONS_TABLE).update({
    batch: db(`${MIGRATIONS_TABLE} as older`)
      .count()
      .where('older.id', '<=', db.ref(`${MIGRATIONS_TABLE}.id`)),
  })
}

/** What stands in the lock: 0 while nobody has it; undefined while it is not there yet. */
async function lockOf(db: Db): Promise<number | undefined> {
  if (!(await db.schema.hasTable('knex_migrations_lock'))) return undefined
  const row = await db('knex_migrations_lock').max<{ taken: number | null }[]>({
    taken: 'is_locked',
  })
  return row[0]?.taken ?? undefined
}

/** Knex finds the lock taken although nobody holds it: two processes have made its row at the same moment. */
const isLockBroken = (taken: number | undefined, error: unknown) =>
  error instanceof Error && error.name === 'MigrationLocked' && !taken

/** The lock is taken, or another process has just created the very table we were about to. */
function isSomebodyElse(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : undefined
  return (
    error.name === 'MigrationLocked' ||
    code === '23505' ||
    code === '42P07' ||
    /already exists|database is locked/.test(error.message)
  )
}
