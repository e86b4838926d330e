import type { Db } from './db.ts'
import { isCollision } from './db-errors.ts'
import type { Durability } from './durability.ts'
import { transact } from './transaction.ts'

const MOST_TRIES = 3

/**
 * Runs `work` in one transaction: all of its writes are there afterwards, as durable as was asked, or none is. `work` speaks to the
 * database through what it is given alone, calls nobody outside, and may run again where two transactions of
 * PostgreSQL stood in each other's way.
 */
export async function inOneTransaction<T>(
  db: Db,
  work: (all: Db) => Promise<T>,
  durability: Durability = 'full',
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await transact(db, work, durability)
    } catch (error) {
      if (!isCollision(error) || tries === MOST_TRIES) throw error
    }
  }
}
