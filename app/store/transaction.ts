import { setTimeout as pause } from 'node:timers/promises'
import type { Knex } from 'knex'
// @ts-expect-error it has no types
import makeKnex from 'knex/lib/knex-builder/make-knex.js'
import { BEGIN_RELAXED, type Durability } from './durability.ts'
import type { Running } from './runner.ts'

/** A connection while a transaction has it; Knex knows whose it is by the mark. */
interface Connection {
  __knexTxId?: string
  /** Its pool gives it to nobody any more. */
  __knex__disposed?: unknown
}

type Client = Running<Connection>
type Work<T> = (all: Knex) => Promise<T>

/** How one begins and ends; one within another is a part that can be taken back alone. */
interface Brackets {
  begin: string
  commit: string
  rollback: string
}

const WHOLE: Readonly<Record<Durability, Brackets>> = {
  full: { begin: 'BEGIN;', commit: 'COMMIT;', rollback: 'ROLLBACK' },
  relaxed: { begin: BEGIN_RELAXED, commit: 'COMMIT;', rollback: 'ROLLBACK' },
}

/** A server that is gone does not take anything back; then the connection goes instead. */
const ROLLBACK_MS = 5_000

let count = 0

/**
 * Runs `work` in one transaction of this durability. Knex's own costs more than ten statements of SQLite do, as it makes
 * all of its parts anew; here they are made when somebody wants them, which few do.
 */
export async function transact<T>(
  db: Knex,
  work: Work<T>,
  durability: Durability = 'full',
): Promise<T> {
  const client = db.client as Client
  const connection = (await client.acquireConnection()) as Connection
  try {
    const before = connection.__knexTxId
    if (before !== undefined) return await bracketed(client, connection, work, partOf((count += 1)))
    connection.__knexTxId = `unit${(count += 1)}`
    try {
      return await bracketed(client, connection, work, WHOLE[durability])
    } finally {
      delete connection.__knexTxId
    }
  } finally {
    await client.releaseConnection(connection)
  }
}

const partOf = (number: number): Brackets => ({
  begin: `SAVEPOINT part${number};`,
  commit: `RELEASE SAVEPOINT part${number};`,
  rollback: `ROLLBACK TO SAVEPOINT part${number}`,
})

async function bracketed<T>(
  client: Client,
  connection: Connection,
  work: Work<T>,
  { begin, commit, rollback }: Brackets,
): Promise<T> {
  let over = false
  const within = clientWithin(client, connection, () => over || client.isOver?.() === true)
  await tell(client, connection, begin)
  try {
    const result = await work(databaseOf(within))
    over = true
    await tell(client, connection, commit)
    return result
  } catch (error) {
    over = true
    await takeBack(client, connection, rollback)
    throw error
  }
}

async function tell(client: Client, connection: Connection, sql: string): Promise<void> {
  client.emit('query', { sql, __knexTxId: connection.__knexTxId })
  await client._query(connection, { sql })
}

/** Where that fails the connection is in nobody knows what state. */
async function takeBack(client: Client, connection: Connection, sql: string): Promise<void> {
  const late = new AbortController()
  const tooLate = pause(ROLLBACK_MS, undefined, { signal: late.signal }).then(() => {
    throw new Error('nothing could be taken back in time')
  })
  try {
    await Promise.race([tell(client, connection, sql), tooLate])
  } catch (error) {
    connection.__knex__disposed = error
  } finally {
    late.abort()
    tooLate.catch(() => undefined)
  }
}

/** The same client, on one connection. */
function clientWithin(client: Client, connection: Connection, isOver: () => boolean): Client {
  return Object.assign(Object.create(client) as Client, {
    transacting: true,
    isOver,
    acquireConnection: () => Promise.resolve(connection),
    releaseConnection: () => Promise.resolve(),
    /** Whoever listens, listens to the client itself. */
    on: () => undefined,
    emit: (name: string, ...told: unknown[]) => client.emit(name, ...told),
  })
}

/** Knex's function over a client; the rest of what Knex can do is made at the first question for it. */
function databaseOf(client: Client): Knex {
  let whole: Knex | undefined
  const own = {
    client,
    isTransaction: true,
    raw: (sql: string, values: Knex.RawBinding) => client.raw(sql, values) as Knex.Raw,
    from: (table: string) => client.queryBuilder().from(table),
    ref: (name: string) => client.ref(name) as Knex.Ref<string, Record<string, string>>,
    transaction: (work: Work<unknown>) => transact(database, work),
  }
  const database: Knex = new Proxy(ignore as unknown as Knex, {
    apply: (_, __, [table]: [string]) => client.queryBuilder().table(table),
    get: (_, name) =>
      Object.hasOwn(own, name)
        ? own[name as keyof typeof own]
        : (Reflect.get((whole ??= (makeKnex as (of: Client) => Knex)(client)), name) as unknown),
  })
  return database
}

const ignore = () => undefined
