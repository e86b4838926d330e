import path from 'node:path'
import type { Knex } from 'knex'
import knex from 'knex'
import { migrationSource } from '../../db/migrations/index.ts'
import type { DatabaseConfig } from '../config/database.ts'
import { postgresOptions } from './postgres.ts'
import { prepareSqliteFile } from './sqlite-file.ts'
import { sqliteOptions } from './sqlite.ts'

export type Db = Knex

/**
 * Opens the database; nothing is asked of it yet, except that a missing SQLite file is made and another looked at.
 * @throws ConfigError when the file is none we can use
 */
export function openDb(config: DatabaseConfig): Db {
  if (config.client === 'sqlite') prepareSqliteFile(path.resolve(config.file))
  return knex(databaseOptions(config))
}

/** Knex options of either engine, migrations included; the `knex` command uses the same. */
export function databaseOptions(config: DatabaseConfig): Knex.Config {
  const engine =
    config.client === 'sqlite' ? sqliteOptions(path.resolve(config.file)) : postgresOptions(config)
  return {
    ...engine,
    // Error messages carry the statement with question marks, never a bound value such as a password hash.
    compileSqlOnError: false,
    migrations: { migrationSource },
    log: { warn: ignore, deprecate: ignore, debug: ignore, error: ignore },
  }
}

const ignore = () => undefined

export function isPostgres(db: Db): boolean {
  return (db.client as { driverName: string }).driverName === 'pg'
}

/**
 * The moment `ms` from now, by the one clock all instances share: PostgreSQL's own, or this machine's for SQLite. Asked
 * once a statement, in a question of its own: PostgreSQL would ask its clock anew for each row, and use no index.
 */
export function fromNow(db: Db, ms = 0): Date | Knex.Raw {
  return isPostgres(db)
    ? db.raw("(select clock_timestamp() + ? * interval '1 millisecond')", [ms])
    : new Date(Date.now() + ms)
}

/** Deleted secrets must not live on in SQLite's write-ahead log. */
export async function forgetDeleted(db: Db): Promise<void> {
  if (!isPostgres(db)) await db.raw('pragma wal_checkpoint(truncate)')
}

/** Dates come back as numbers from SQLite and as Dates from PostgreSQL; big integers as numbers or texts. */
export type Stored = number | string | Date

export const toDate = (value: Stored): Date =>
  new Date(typeof value === 'string' ? Number(value) : value)

export const toDateIf = (value: Stored | null): Date | undefined =>
  value === null ? undefined : toDate(value)
