import path from 'node:path'
import type { Database, Statement } from 'better-sqlite3'
import type { DatabaseConfig } from '../config/database.ts'
import { type Db, isPostgres } from './db.ts'
import { openSqlite } from './sqlite-driver.ts'

export type Reader = ReturnType<typeof createReader>

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
    /** All rows of a fixed statement with one placeholder. */
    all<Row>(sql: string): (value: string | number) => Promise<Row[]> {
      if (config.client === 'postgres') {
        return async (value) => (await db.raw<{ rows: Row[] }>(sql, [value])).rows
      }
      const statement = prepared(config.file, sql)
      return (value) => attempt(() => statement().all(value) as Row[])
    },
    /** Its first row. */
    first<Row>(sql: string): (value: string | number) => Promise<Row | undefined> {
      const rows = this.all<Row>(sql)
      return async (value) => (await rows(value))[0]
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
    async (value: string | number) => {
      const answer: unknown = await all.raw(sql, [value])
      return (isPostgres(all) ? (answer as { rows: Row[] }).rows : answer) as Row[]
    }
  return {
    all: ask,
    first:
      <Row>(sql: string) =>
      async (value) =>
        (await ask<Row>(sql)(value))[0],
    close: () => undefined,
  }
}

/** Runs at once; what it throws becomes a rejection. */
function attempt<T>(read: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(read())
  })
}
