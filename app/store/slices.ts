import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { Tables } from 'knex/types/tables.js'
import type { Db } from './db.ts'
import { relaxed } from './durability.ts'

/** So many rows of SQLite are deleted, and wiped from the disk, in some milliseconds. */
const SLICE = 100
/** Others have their turn in between. */
const REST_MS = 10

/** `key` tells rows apart; `most` go at once. */
interface Slices {
  key?: string | readonly string[]
  most?: number
}

/**
 * Deletes what may be much, slice by slice, each a unit of its own: nobody waits for the whole, and none waits for the
 * disk, for what a power cut brings back is deleted again. `which` says the order too, so that PostgreSQL goes by the
 * index each time and not past what the slice before has left of the table.
 */
export async function deleteInSlices(
  db: Db,
  table: keyof Tables,
  which: (query: Knex.QueryBuilder) => unknown,
  { key = 'id', most = SLICE }: Slices = {},
): Promise<void> {
  const rows = () => db.from<Record<string, unknown>>(table)
  for (;;) {
    const some = rows()
      .select(...[key].flat())
      .modify(which)
      .limit(most)
    const slice = rows().whereIn(key as string, some)
    if ((await relaxed(slice.delete())) < most) return
    await pause(REST_MS)
  }
}
