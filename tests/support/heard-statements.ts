import { createRequire } from 'node:module'
import type { Database } from 'better-sqlite3'
import { sqliteDriver } from '../../app/store/sqlite-driver.ts'

/** A statement as the database got it. */
export interface Said {
  sql: string
  values: unknown[]
}

interface Client {
  query: (...said: unknown[]) => unknown
}
const { Client } = createRequire(import.meta.url)('pg') as { Client: { prototype: Client } }

/** Hears every statement that either driver is given from now on, each text once, until `stop`. */
export function hearStatements(): { heard: Map<string, Said>; stop: () => void } {
  const heard = new Map<string, Said>()
  const hear = (sql: string, values: unknown[] = []) => {
    if (!heard.has(sql)) heard.set(sql, { sql, values })
  }
  const stops = [hearSqlite(hear), hearPostgres(hear)]
  return {
    heard,
    stop() {
      for (const stop of stops) stop()
    },
  }
}

type Hear = (sql: string, values?: unknown[]) => void

function hearSqlite(hear: Hear): () => void {
  const driver = sqliteDriver().prototype as Pick<Database, 'prepare'>
  const { prepare } = driver
  driver.prepare = function (this: Database, sql: string) {
    hear(sql)
    return prepare.call(this, sql)
  } as typeof prepare
  return () => {
    driver.prepare = prepare
  }
}

function hearPostgres(hear: Hear): () => void {
  const { prototype } = Client
  const { query } = prototype
  prototype.query = function (this: Client, ...said: unknown[]) {
    const [first, values] = said
    if (typeof first === 'string') hear(first, Array.isArray(values) ? values : [])
    else if (isSaid(first)) hear(first.text, first.values)
    return query.apply(this as never, said)
  }
  return () => {
    prototype.query = query
  }
}

const isSaid = (first: unknown): first is { text: string; values?: unknown[] } =>
  typeof first === 'object' && first !== null && 'text' in first
