import path from 'node:path'
import knex, { type Knex } from 'knex'
import { migrationSource } from '../../db/migrations/index.ts'
import type { DatabaseConfig } from '../config/index.ts'
import { isOutOfDescriptors } from '../observe/descriptors.ts'
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

/** A unique value is somebody else's already. */
export function isTaken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === '23505'
}

/** What the row belongs to has been deleted meanwhile. */
export function isOrphan(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || code === '23503'
}

/** PostgreSQL ended one of two transactions that stood in each other's way: it may be repeated as a whole. */
export function isCollision(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^40(001|P01)$/.test(String(error.code))
}

/** Our database, or a file, cannot be had right now: locked, full, read-only, out of reach. It may again in a moment. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    AWAY.test(code) ||
    isOutOfDescriptors(error) ||
    error.name === 'KnexTimeoutError' ||
    BROKEN_LINE.test(error.message)
  )
}

/** SQLite's result codes; PostgreSQL's classes 08, 53 and 57P and its read-only state; the system's about sockets. */
const AWAY =
  /^(SQLITE_(BUSY|FULL|READONLY|CANTOPEN|IOERR|LOCKED)|08|53|57P|25006$|E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH))/
/** pg's own words carry no code; Knex puts the statement before them. */
const BROKEN_LINE =
  /(^| - )(Connection terminated|timeout e(xpired|xceeded)|Client has encountered a connection error)/
