import type { Database } from 'better-sqlite3'
import type { Knex } from 'knex'
// @ts-expect-error it has no types
import BetterSqlite3 from 'knex/lib/dialects/better-sqlite3/index.js'
import { sqliteDriver } from './sqlite-driver.ts'
import { keepStatements } from './sqlite-statements.ts'

/** Knex publishes its dialects as CommonJS classes without types; this is the part of one we extend. */
interface Dialect extends Knex.Client {
  _driver(): unknown
  _query(connection: unknown, query: { sql?: string }): Promise<unknown>
}
type DialectClass = Omit<typeof Knex.Client, 'prototype'> & (new (config: Knex.Config) => Dialect)
const Dialect = BetterSqlite3 as DialectClass

/** better-sqlite3 waits for a lock inside the event loop; so it waits briefly, and we wait outside of it. */
const BUSY_TIMEOUT_MS = 100
const PAUSE_MS = 100
const PATIENCE_MS = 8_000

/**
 * Another process may hold the write lock for seconds: the statement is repeated without stopping the event loop. A
 * transaction takes the lock when it begins, so that nobody writes between its reading and its writing (a deferred one
 * fails then, SQLITE_BUSY_SNAPSHOT, and no waiting helps).
 */
class PatientSqlite extends Dialect {
  override _driver() {
    return sqliteDriver()
  }

  override async _query(connection: unknown, query: { sql?: string }): Promise<unknown> {
    const giveUp = performance.now() + PATIENCE_MS
    if (query.sql === 'BEGIN;') query.sql = 'BEGIN IMMEDIATE;'
    for (;;) {
      try {
        return await super._query(connection, query)
      } catch (error) {
        if (!isBusy(error) || performance.now() > giveUp) throw error
        await new Promise((wake) => setTimeout(wake, PAUSE_MS))
      }
    }
  }
}

/** BUSY_SNAPSHOT never passes by waiting, so it is not among them. */
const isBusy = (error: unknown) =>
  error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'

/** One file, one writing connection (a second one would wait synchronously for the first). */
export function sqliteOptions(file: string): Knex.Config {
  return {
    client: PatientSqlite,
    connection: { filename: file },
    useNullAsDefault: true,
    pool: { min: 1, max: 1, afterCreate: prepare },
    acquireConnectionTimeout: 10_000,
  }
}

/** Another process may be opening the very same new file: that is waited for outside of the event loop too. */
function prepare(connection: Database, done: (error: Error | null, connection: Database) => void) {
  const giveUp = performance.now() + PATIENCE_MS
  const attempt = () => {
    try {
      configure(connection)
      keepStatements(connection)
    } catch (error) {
      if (isBusy(error) && performance.now() < giveUp) setTimeout(attempt, PAUSE_MS)
      else done(error as Error, connection)
      return
    }
    done(null, connection)
  }
  attempt()
}

/** Durable at every commit, also through a power cut: a rotated refresh token must not be lost. */
function configure(connection: Database) {
  connection.pragma(`busy_timeout = ${BUSY_TIMEOUT_MS}`)
  connection.pragma('journal_mode = WAL')
  connection.pragma('synchronous = FULL')
  connection.pragma('foreign_keys = ON')
  connection.pragma('secure_delete = ON')
}
