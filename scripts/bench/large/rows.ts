import type { Db } from '../../../app/store/db.ts'
import { isPostgres } from '../../../app/store/db.ts'

/** Ways of saying it in either engine's SQL; `i` counts the rows from 1. */
export interface Sql {
  /** The moment so many milliseconds ago. */
  ago: (ms: string) => string
}

/** Fills a table by one statement: `columns` are expressions over `i`, from 1 to `count`. */
export async function fill(
  db: Db,
  table: string,
  count: number,
  columns: (sql: Sql) => Record<string, string>,
): Promise<void> {
  const now = Date.now()
  const postgres = isPostgres(db)
  const ago = (ms: string) =>
    postgres ? `to_timestamp((${now} - (${ms})) / 1000.0)` : `${now} - (${ms})`
  const row = columns({ ago })
  const numbers = postgres
    ? `select generate_series(1, ${count})`
    : `select 1 union all select i + 1 from n where i < ${count}`
  await db.raw(
    `insert into ${table} (${Object.keys(row).join()})
     with recursive n(i) as (${numbers}) select ${Object.values(row).join()} from n`,
  )
}

/** As two engines know a repeatable hash of a row: hex digits that no two rows share. */
export const hex = (salt: string) =>
  `'${salt}' || replace(cast(i as text), '-', '') || 'ffffffffffffffff'`

/** Inserts rows made here, some at a time. */
export async function insertAll(
  db: Db,
  table: string,
  count: number,
  rowOf: (index: number) => object,
): Promise<void> {
  for (let from = 0; from < count; from += AT_ONCE) {
    const rows = Array.from({ length: Math.min(AT_ONCE, count - from) }, (_, at) =>
      rowOf(from + at),
    )
    await db.batchInsert(table, rows, AT_ONCE)
  }
}

const AT_ONCE = 500
