import type { Knex } from 'knex'
import { type Db, fromNow } from './db.ts'

type Condition = (query: Knex.QueryBuilder) => void

/** Small steps back, as a time service makes them, end no lease that somebody holds; milliseconds. */
const SLACK_MS = 10_000

/**
 * Nobody's, past, or further ahead than a lease of `leaseMs` can ever be: the clock was set back since. By the clock of
 * {@link fromNow}. Whoever may have lost a lease this way compares its claim when it writes.
 */
export const leaseOver =
  (db: Db, column: string, leaseMs: number): Condition =>
  (query) =>
    void query.whereNull(column).orWhere(reached(db, column, leaseMs))

/** A moment that was put off by `mostMs` at the most is there, or the clock was set back since. */
export const reached =
  (db: Db, column: string, mostMs: number): Condition =>
  (query) =>
    void query.where(column, '<=', fromNow(db)).orWhere(tooFar(db, column, mostMs))

/** A moment that was put off by how often it was tried: so long after so many tries, at the most. */
export interface Tried {
  column: string
  tries: string
  pausesMs: readonly number[]
}

/** {@link reached} where the row's tries so far tell how long it may have been put off. */
export const reachedByTries =
  (db: Db, tried: Tried): Condition =>
  (query) =>
    void query.where(tried.column, '<=', fromNow(db)).orWhere(leftByTries(db, tried))

/** Of those the ones that a clock that was set back since has left. */
export const leftByTries =
  (db: Db, { column, tries, pausesMs }: Tried): Condition =>
  (query) => {
    pausesMs.forEach((pauseMs, count) => {
      void query.orWhere((row) => row.where(tries, count).where(tooFar(db, column, pauseMs)))
    })
  }

/** Written before the clock was set back: a date of the past cannot lie ahead. Clocks of instances differ by less. */
export const fromAhead =
  (db: Db, column: string): Condition =>
  (query) =>
    void query.where(column, '>', fromNow(db, SKEW_MS))

const SKEW_MS = 2 * 60_000

/** Further ahead than it can be while the clock goes forward. */
export const tooFar =
  (db: Db, column: string, mostMs: number): Condition =>
  (query) =>
    void query.where(column, '>', fromNow(db, mostMs + SLACK_MS))
