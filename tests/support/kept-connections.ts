import { createRequire } from 'node:module'

/** What `pg` calls a client, as far as it matters here. */
interface Connection {
  processID: number
  __knex__disposed?: unknown
  /** What this end believes to be prepared at the other. */
  connection: { parsedStatements: Record<string, string> }
  getTransactionStatus(): string | null
  query(statement: string): Promise<unknown>
  end(): Promise<void>
}

/** The part of Knex's dialect that opens and closes connections of a pool. */
interface Dialect {
  version?: string
  connectionSettings: { connectionString?: string }
  acquireRawConnection(): Promise<Connection>
  destroyRawConnection(connection: Connection): Promise<void>
}

/** More are only open where a test is about many at once. */
const KEPT_EACH = 4

/** By the address of a database: connections that nobody has at the moment. */
const kept = new Map<string, Connection[]>()

const Postgres = createRequire(import.meta.url)('knex/lib/dialects/postgres/index.js') as {
  prototype: Dialect
}
// eslint-disable-next-line @typescript-eslint/unbound-method -- each is called with its own `this`
const { acquireRawConnection: open, destroyRawConnection: close } = Postgres.prototype

/**
 * Each test has pools of its own, but their connections live longer: PostgreSQL begins a process for each, which reads
 * what every table is like anew. That costs several times what most tests ask of it.
 */
Postgres.prototype.acquireRawConnection = async function (this: Dialect) {
  const { connectionString: url = '' } = this.connectionSettings
  for (;;) {
    const connection = kept.get(url)?.pop()
    if (!connection) return await open.call(this)
    if (!isFit(connection)) continue
    Object.assign(this, { version }) // or it would be asked for again
    return connection
  }
}

/** Nothing of a session outlives it; one within a transaction, or broken, ends. */
Postgres.prototype.destroyRawConnection = async function (this: Dialect, connection: Connection) {
  const { connectionString: url = '' } = this.connectionSettings
  const others = kept.get(url)
  if (!others || others.length >= KEPT_EACH || !isFit(connection)) {
    await close.call(this, connection)
    return
  }
  version = this.version
  connection.connection.parsedStatements = {}
  await connection.query('discard all').then(
    () => others.push(connection),
    () => close.call(this, connection),
  )
}

let version: string | undefined

const isFit = (connection: Connection) =>
  !connection.__knex__disposed && connection.getTransactionStatus() === 'I'

/** From now on connections to this database outlive their pools. */
export function keepConnectionsTo(url: string): void {
  kept.set(url, [])
}

/** Process numbers of those that nobody has. */
export const keptFor = (url: string): number[] =>
  (kept.get(url) ?? []).map(({ processID }) => processID)

/** Ends them; later ones end with their pool. */
export async function letGoOf(url: string): Promise<void> {
  const connections = kept.get(url) ?? []
  kept.delete(url)
  await Promise.allSettled(connections.map((connection) => connection.end()))
}
