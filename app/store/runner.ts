import type { Knex } from 'knex'
import type { Statement } from './durability.ts'

/** A statement on its way, as Knex has compiled it. */
export interface Compiled extends Statement {
  sql: string
}

/** What Knex builds a statement with, as far as it is run here. */
export interface Builder {
  toSQL(): Compiled
  queryContext(): Statement['queryContext']
  /** Of a builder of queries, not of tables. */
  _single?: unknown
  isRawInstance?: boolean
  _connection?: unknown
}

/** The part of a client of Knex that runs a statement. */
export interface Running<Connection> extends Knex.Client {
  prepBindings(bindings: readonly unknown[]): readonly unknown[]
  positionBindings(sql: string): string
  processResponse(query: Compiled, runner: unknown): unknown
  _query(connection: Connection, query: Statement): Promise<unknown>
  /** Set in a transaction's client: whether it has been committed or taken back. */
  isOver?: () => boolean
}

/** Runs what was built. */
export interface Runner {
  run(): Promise<unknown>
}

/** Has {@link runOne} run what is one question or one change. */
export function runningOne<Connection extends object>(
  client: Running<Connection>,
  builder: Builder,
  runner: Runner,
): Runner {
  if (isOne(builder)) runner.run = runningBy(client, builder)
  return runner
}

/** Handed back, not written where it is assigned: see scripts/young-functions.ts. */
const runningBy =
  <Connection extends object>(client: Running<Connection>, builder: Builder) =>
  () =>
    runOne(client, builder)

const isOne = (builder: Builder): boolean =>
  (builder._single !== undefined || builder.isRawInstance === true) &&
  builder._connection === undefined

/**
 * Runs one statement of a builder of Knex. Does what Knex's own runner does for it, without its dozen promises and
 * copies, which cost as much as SQLite's answer: `query` is told, errors begin with the statement, never with a value.
 */
async function runOne<Connection extends object>(
  client: Running<Connection>,
  builder: Builder,
): Promise<unknown> {
  const query = builder.toSQL()
  query.queryContext = builder.queryContext()
  query.bindings = client.prepBindings(query.bindings ?? [])
  query.sql = client.positionBindings(query.sql)
  const connection = (await client.acquireConnection()) as Connection
  try {
    if (client.isOver?.()) throw new Error(`the transaction is over: ${query.sql}`)
    client.emit('query', { ...marksOf(connection), ...query })
    const answered = (await client._query(connection, query)) as Compiled
    return client.processResponse(answered, { client, builder, connection })
  } catch (error) {
    if (error instanceof Error) error.message = `${query.sql} - ${error.message}`
    throw error
  } finally {
    await client.releaseConnection(connection)
  }
}

/** How Knex marks a connection and the transaction that has it. */
function marksOf(connection: object) {
  const { __knexUid, __knexTxId } = connection as { __knexUid?: string; __knexTxId?: string }
  return { __knexUid, __knexTxId }
}
