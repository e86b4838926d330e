import path from 'node:path'
import type { Database, Statement } from 'better-sqlite3'
import type { DatabaseConfig } from '../config/database.ts'
import { type Db, isPostgres } from './db.ts'
import { openSqlite } from './sqlite-driver.ts'

export type Reader = ReturnType<typeof createReader>

type Values = (string | number)[]

/**
 * The way for the few questions every page asks. On SQLite they go through prepared statements on a second, read-only
 * connection, which costs a tenth of Knex and never waits for a writer; on PostgreSQL they go where all queries go.
 */
export function createReader(db: Db, config: DatabaseConfig) {
  let handle: Database | undefined
  let closed = false

  function open(file: string): Database {
    if (closed) throw new Error('The database is closed')
    handle ??= openSqlite(path.resolve(file), { readonly: true })
    return handle
  }

  /** Prepared when it is first wanted: the tables may not be there before. */
  function prepared(file: string, sql: string): () => Statement {
    let statement: Statement | undefined
    return () => (statement ??= open(file).prepare(sql))
  }

  return {
    /** All rows of a fixed statement, by the values of its placeholders. */
    all<Row>(sql: string): (...values: Values) => Promise<Row[]> {
      if (config.client === 'postgres') {
        return async (...values) => (await db.raw<{ rows: Row[] }>(sql, values)).rows
      }
      const statement = prepared(config.file, sql)
      return (...values) => attempt(() => statement().all(values) as Row[])
    },
    /** Its first row. */
    first<Row>(sql: string): (...values: Values) => Promise<Row | undefined> {
      const rows = this.all<Row>(sql)
      return async (...values) => (await rows(...values))[0]
    },
    close() {
      closed = true
      handle?.close()
    },
  }
}

/** The same questions within a transaction, which sees its own writes. */
export function readerWithin(all: Db): Reader {
  const ask =
    <Row>(sql: string) =>
    async (...values: Values) => {
      const answer: unknown = await all.raw(sql, values)
      return (isPostgres(all) ? (answer as { rows: Row[] }).rows : answer) as Row[]
    }
  return {
    all: ask,
    first:
      <Row>(sql: string) =>
      async (...values) =>
        (await ask<Row>(sql)(...values))[0],
    close: () => undefined,
  }
}

/** Runs at once; what it throws becomes a rejection. */
function attempt<T>(read: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(read())
  })
}
