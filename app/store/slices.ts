import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { Tables } from 'knex/types/tables.js'
import type { Db } from './db.ts'

/** So many rows of SQLite are deleted, and wiped from the disk, in some milliseconds. */
const SLICE = 100
/** Others have their turn in between. */
const REST_MS = 10

/**
 * Deletes what may be much, slice by slice, each a unit of its own: nobody waits for the whole. `which` says the order too,
 * so that PostgreSQL goes by the index each time and not past what the slice before has left of the table.
 */
export async function deleteInSlices(
  db: Db,
  table: keyof Tables,
  which: (query: Knex.QueryBuilder) => unknown,
  key: string | readonly string[] = 'id',
): Promise<void> {
  const rows = () => db.from<Record<string, unknown>>(table)
  for (;;) {
    const some = rows()
      .select(...[key].flat())
      .modify(which)
      .limit(SLICE)
    if (
      (await rows()
        .whereIn(key as string, some)
        .delete()) < SLICE
    )
      return
    await pause(REST_MS)
  }
}
