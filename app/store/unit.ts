import type { Db } from './db.ts'
import { isCollision } from './db-errors.ts'

const MOST_TRIES = 3

/**
 * Runs `work` in one transaction: all of its writes are there afterwards, durable, or none is. `work` speaks to the
 * database through what it is given alone, calls nobody outside, and may run again where two transactions of
 * PostgreSQL stood in each other's way.
 */
export async function inOneTransaction<T>(db: Db, work: (all: Db) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await db.transaction(work)
    } catch (error) {
      if (!isCollision(error) || tries === MOST_TRIES) throw error
    }
  }
}
