import path from 'node:path'
import type { Knex } from 'knex'
import knex from 'knex'
import { migrationSource } from '../../db/migrations/index.ts'
import type { DatabaseConfig } from '../config/database.ts'
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
    config.client === 'sqlite'
      ? sqliteOptions(path.resolve(config.file))
      : postgresOptions(config.url)
  return {
    ...engine,
    // Error messages carry the statement with question marks, never a bound value such as a password hash.
    compileSqlOnError: false,
    migrations: { migrationSource },
    log: { warn: ignore, deprecate: ignore, debug: ignore, error: ignore },
  }
}

function postgresOptions(url: string): Knex.Config {
  return {
    client: 'pg',
    connection: {
      connectionString: url,
      connectionTimeoutMillis: OPENING_MS,
      application_name: 'evosync',
    },
    pool: { min: 0, max: 10 },
    acquireConnectionTimeout: PATIENCE_MS,
  }
}

/** So long a query waits for a connection; then a page says that the database is away. */
const PATIENCE_MS = 5_000
/**
 * Longer than anybody waits: a connection that is given up costs the first in the queue an answer (tarn), also one that
 * would have had its turn at another.
 */
const OPENING_MS = 6_000

const ignore = () => undefined

export function isPostgres(db: Db): boolean {
  return (db.client as { driverName: string }).driverName === 'pg'
}

/** The moment `ms` from now, by the one clock all instances share: PostgreSQL's own, or this machine's for SQLite. */
export function fromNow(db: Db, ms = 0): Date | Knex.Raw {
  return isPostgres(db)
    ? db.raw("clock_timestamp() + ? * interval '1 millisecond'", [ms])
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
