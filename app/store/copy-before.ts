import path from 'node:path'
import type { DatabaseConfig } from '../config/database.ts'
import { MIGRATION_NAMES } from '../../db/migrations/index.ts'
import { BACKUPS } from './backup-advice.ts'
import { stampOf } from './backup-names.ts'
import { copySqlite } from './backups.ts'
import type { Db } from './db.ts'
import { readVersion } from './schema-version.ts'

/**
 * Copies a SQLite database that migrations are about to change, if somebody's data is in it. Such a copy is never tidied
 * away.
 * @returns where the copy is; undefined when none was needed
 * @throws ConfigError in words when it cannot be made: then nothing is to be migrated
 */
export async function copyBeforeMigrations(
  db: Db,
  config: DatabaseConfig,
): Promise<string | undefined> {
  if (config.client !== 'sqlite') return undefined
  const { done } = await readVersion(db)
  const next = MIGRATION_NAMES.find((name) => !done.includes(name))
  if (done.length === 0 || next === undefined || !(await hasPeople(db))) return undefined
  return await copySqlite(
    config.file,
    path.join(BACKUPS, `before-${next}-${stampOf(new Date())}.sqlite`),
  )
}

/** Everything there is belongs to somebody. */
const hasPeople = async (db: Db): Promise<boolean> =>
  (await db.schema.hasTable('users')) && (await db('users').first('id')) !== undefined
