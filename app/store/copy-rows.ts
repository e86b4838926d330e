import type { Knex } from 'knex'
import { portable, type Kind, type Row } from './copy-columns.ts'
import { type Db, isPostgres } from './db.ts'
import { openSqlite } from './sqlite-driver.ts'

/** Pictures are among them: some tens of megabytes at the most. */
const SLICE = 200

/** All rows of a database as it was when the reading began. */
export interface Source {
  slices(table: string, columns: ReadonlyMap<string, Kind>): Iterable<Row[]> | AsyncIterable<Row[]>
  close(): Promise<void>
}

/** Reads a SQLite file by a connection of its own, or PostgreSQL by a cursor: never more than a slice is in memory. */
export async function openSource(db: Db, file: string | undefined): Promise<Source> {
  return isPostgres(db) || file === undefined ? await postgresSource(db) : sqliteSource(file)
}

function sqliteSource(file: string): Source {
  const database = openSqlite(file, { readonly: true })
  database.exec('begin')
  return {
    *slices(table, columns) {
      let slice: Row[] = []
      for (const row of database.prepare<[], Row>(`select * from "${table}"`).iterate()) {
        slice.push(portable(row, columns))
        if (slice.length < SLICE) continue
        yield slice
        slice = []
      }
      if (slice.length > 0) yield slice
    },
    close() {
      database.close()
      return Promise.resolve()
    },
  }
}

async function postgresSource(db: Db): Promise<Source> {
  const held: Knex.Transaction = await db.transaction({
    isolationLevel: 'repeatable read',
    readOnly: true,
  })
  return {
    async *slices(table, columns) {
      await held.raw('declare copying no scroll cursor for select * from ??', [table])
      for (;;) {
        const { rows } = await held.raw<{ rows: Row[] }>(`fetch ${SLICE} from copying`)
        if (rows.length === 0) break
        yield rows.map((row) => portable(row, columns))
      }
      await held.raw('close copying')
    },
    async close() {
      await held.rollback()
    },
  }
}
