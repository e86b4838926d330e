import type { Knex } from 'knex'

/**
 * What a commit promises. `full`: it is on the disk before anybody is told of it. `relaxed`: whoever asks sees it, a
 * crash of the process or of PostgreSQL's leaves all of it or nothing, but a power cut may take the last moment back.
 */
export type Durability = 'full' | 'relaxed'

/** A statement of its own that a power cut may take back. Inside a unit it is as durable as the unit. */
export function relaxed<Query extends Knex.QueryBuilder | Knex.Raw>(query: Query): Query {
  const context: QueryContext = { durability: 'relaxed' }
  void query.queryContext(context)
  return query
}

/** For the clients: whether a statement was marked by {@link relaxed}, or begins what is. */
export const isRelaxed = ({ sql, queryContext }: Statement): boolean =>
  sql === BEGIN_RELAXED || queryContext?.durability === 'relaxed'

/** What a dialect of Knex is given to run. */
export interface Statement {
  sql?: string
  bindings?: readonly unknown[]
  queryContext?: QueryContext | undefined
  /** Handed to the driver along with the text. */
  options?: Record<string, unknown>
}

interface QueryContext {
  durability?: Durability
}

/** Begins a transaction that a power cut may take back: the clients know it by its text. */
export const BEGIN_RELAXED = 'BEGIN RELAXED;'
