import type { Database } from 'better-sqlite3'
import type { Knex } from 'knex'
// @ts-expect-error it has no types
import BetterSqlite3 from 'knex/lib/dialects/better-sqlite3/index.js'
import { BEGIN_RELAXED, type Durability, isRelaxed, type Statement } from './durability.ts'
import { type Builder, type Runner, type Running, runningOne } from './runner.ts'
import { sqliteDriver } from './sqlite-driver.ts'
import { keepStatements } from './sqlite-statements.ts'

/** Knex publishes its dialects as CommonJS classes without types; this is the part of one we extend. */
interface Dialect extends Running<Database> {
  _driver(): unknown
  runner(builder: Builder): Runner
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
 * fails then, SQLITE_BUSY_SNAPSHOT, and no waiting helps). What a power cut may take is committed without a sync of the
 * disk; the next commit that is synced takes it along, for both are in one log.
 */
class PatientSqlite extends Dialect {
  override _driver() {
    return sqliteDriver()
  }

  override runner(builder: Builder) {
    return runningOne(this, builder, super.runner(builder))
  }

  override async _query(connection: Database, query: Statement): Promise<unknown> {
    const giveUp = performance.now() + PATIENCE_MS
    const durability = durabilityOf(query) // asked before a transaction's own words are replaced
    if (query.sql === 'BEGIN;' || query.sql === BEGIN_RELAXED) query.sql = 'BEGIN IMMEDIATE;'
    for (;;) {
      try {
        settle(connection, durability)
        return await super._query(connection, query)
      } catch (error) {
        if (!isBusy(error) || performance.now() > giveUp) throw error
        await new Promise((wake) => setTimeout(wake, PAUSE_MS))
      }
    }
  }
}

/** What the next commit of the connection is to promise; within a transaction that is settled already. */
function settle(connection: Database, durability: Durability | undefined) {
  const before = settled.get(connection)
  if (!durability || durability === before || connection.inTransaction) return
  connection.pragma(SYNCHRONOUS[durability])
  settled.set(connection, durability)
}

const SYNCHRONOUS = { full: 'synchronous = FULL', relaxed: 'synchronous = NORMAL' }
const settled = new WeakMap<Database, Durability>()

/** A statement that only reads promises nothing. */
function durabilityOf(query: Statement): Durability | undefined {
  if (isRelaxed(query)) return 'relaxed'
  return query.sql?.startsWith('select') ? undefined : 'full'
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
  connection.pragma(SYNCHRONOUS.full)
  connection.pragma('foreign_keys = ON')
  connection.pragma('secure_delete = ON')
}
