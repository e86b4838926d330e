import type { Knex } from 'knex'
// @ts-expect-error it has no types
import Postgres from 'knex/lib/dialects/postgres/index.js'
import type { DatabaseConfig } from '../config/database.ts'
import { isCollision, isUnprepared } from './db-errors.ts'
import { BEGIN_RELAXED, isRelaxed, type Statement } from './durability.ts'
import { type Builder, type Runner, type Running, runningOne } from './runner.ts'
import { createStatementNames } from './postgres-statements.ts'

/** What `pg` calls a client, as far as it matters here. */
interface Connection {
  getTransactionStatus(): string | null
  query(text: string): Promise<unknown>
}

/** Knex publishes its dialects as CommonJS classes without types; this is the part of one we extend. */
interface Dialect extends Running<Connection> {
  runner(builder: Builder): Runner
}
type DialectClass = Omit<typeof Knex.Client, 'prototype'> & (new (config: Knex.Config) => Dialect)
const Dialect = Postgres as DialectClass

type PostgresDatabase = DatabaseConfig & { client: 'postgres' }
type Names = ReturnType<typeof createStatementNames>
type PostgresConfig = Knex.Config & { names?: Names }

/**
 * Statements that come again and again are prepared once a connection, under names. What a power cut may take is
 * committed without waiting for PostgreSQL's disk: its own log takes it along with the next commit that is waited for.
 * A statement by itself is a transaction of its own, and is repeated as a whole where it stood in another's way.
 * Transactions of Knex have clients that no constructor made, so nothing here is private to an instance.
 */
class PreparingPostgres extends Dialect {
  override runner(builder: Builder) {
    return runningOne(this, builder, super.runner(builder))
  }

  override async _query(connection: Connection, query: Statement): Promise<unknown> {
    const { names } = this.config as PostgresConfig
    const run = (statement: Statement) => super._query(connection, statement)
    if (query.sql === BEGIN_RELAXED) return await run({ sql: BEGIN_UNSYNCED })
    const alone = connection.getTransactionStatus() === 'I'
    const named = () => run(withName(query, names))
    const ask = () => (alone && isRelaxed(query) ? unsynced(connection, named) : named())
    for (let tries = 1; ; tries += 1) {
      try {
        return await ask()
      } catch (error) {
        if (names && isUnprepared(error)) mendNames(names, error)
        if (!alone || !isCollision(error) || tries === MOST_TRIES) throw error
      }
    }
  }
}

function mendNames(names: Names, { code }: { code: string }) {
  if (code === TABLE_CHANGED) names.renew()
  else names.stop()
}

/** One message, one answer. */
const BEGIN_UNSYNCED = 'BEGIN; SET LOCAL synchronous_commit TO OFF'
const TABLE_CHANGED = '0A000'
const MOST_TRIES = 3

function withName(query: Statement, names: Names | undefined): Statement {
  const name = query.sql && names?.of(query.sql)
  return name ? { ...query, options: { ...query.options, name } } : query
}

/** The setting ends with its transaction, also where a pooler shares the connection. */
async function unsynced(connection: Connection, ask: () => Promise<unknown>): Promise<unknown> {
  await connection.query(BEGIN_UNSYNCED)
  try {
    const answer = await ask()
    await connection.query('COMMIT')
    return answer
  } catch (error) {
    await connection.query('ROLLBACK')
    throw error
  }
}

/** How Knex reaches PostgreSQL. */
export function postgresOptions({ url, prepares, pool = {} }: PostgresDatabase): PostgresConfig {
  const { max = MOST, acquireMs = PATIENCE_MS, idleMs = IDLE_MS, statementMs } = pool
  return {
    client: PreparingPostgres,
    connection: {
      connectionString: url,
      connectionTimeoutMillis: pool.connectMs ?? acquireMs + LATER_MS,
      application_name: 'evosync',
      ...(statementMs && { statement_timeout: statementMs }),
    },
    pool: { min: 0, max, idleTimeoutMillis: idleMs },
    acquireConnectionTimeout: acquireMs,
    ...(prepares !== false && { names: createStatementNames() }),
  }
}

const MOST = 10
/** So long a query waits for a connection; then a page says that the database is away. */
const PATIENCE_MS = 5_000
/**
 * Opening one takes longer than anybody waits: a connection that is given up costs the first in the queue an answer
 * (tarn), also one that would have had its turn at another.
 */
const LATER_MS = 1_000
const IDLE_MS = 30_000
