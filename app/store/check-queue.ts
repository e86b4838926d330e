import type { Knex } from 'knex'
import { type Db, fromNow } from './db.ts'
import { fromAhead, reached, tooFar } from './leases.ts'

type Condition = (query: Knex.QueryBuilder) => void

/** However long a pause a platform asks for, it is looked at again after an hour. */
export const LONGEST_PAUSE_MS = 3600_000

/** Which connections are due for a check, as the indexes of the queue know them. */
export function checkQueue(db: Db) {
  /** Not checked since, or by a clock that has been set back since. */
  const unchecked =
    (since: Date): Condition =>
    (query) =>
      void query
        .whereNull('last_checked_at')
        .orWhere('last_checked_at', '<', since)
        .orWhere(fromAhead(db, 'last_checked_at'))

  const notPostponed: Condition = (query) =>
    void query.whereNull('next_check_at').orWhere(reached(db, 'next_check_at', LONGEST_PAUSE_MS))

  /** Neither rests nor has rested; the latest checks last. */
  const plain =
    (which: Condition): Condition =>
    (query) =>
      void query.whereNull('next_check_at').where(which).orderBy('last_checked_at')
  const rested =
    (since: Date, which: Condition): Condition =>
    (query) =>
      void query.where(which).where(unchecked(since)).orderBy('next_check_at')

  return {
    unchecked,
    notPostponed,
    /**
     * All that may be due, part after part, each in the order of an index: those never checked, those checked longest
     * ago, those whose pause is over; then what a clock that was set back has left.
     */
    parts: (since: Date): Condition[] => [
      plain((q) => void q.whereNull('last_checked_at')),
      plain((q) => void q.where('last_checked_at', '<', since)),
      rested(since, (q) => void q.where('next_check_at', '<=', fromNow(db))),
      plain(fromAhead(db, 'last_checked_at')),
      rested(since, tooFar(db, 'next_check_at', LONGEST_PAUSE_MS)),
    ],
  }
}
