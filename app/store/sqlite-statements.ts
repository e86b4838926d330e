import type { Database, Statement } from 'better-sqlite3'
import { LRUCache } from 'lru-cache'

/** So many are kept of a connection. */
const MOST = 200
/** Signs: one that writes many rows at once is long, and seldom the same again. */
const LONGEST = 4_000
/** Other statements may take effect when they are prepared already (sqlite.org/pragma.html). */
const KEPT = /^\s*(select|insert|update|delete|with|begin|commit)\b/i

/** Knex has each statement prepared anew, which costs SQLite about as much as carrying it out: the latest are kept. */
export function keepStatements(connection: Database): void {
  const kept = new LRUCache<string, Statement>({ max: MOST })
  const prepare = connection.prepare.bind(connection)

  const remembered = (sql: string): Statement => {
    const known = kept.get(sql)
    if (known) return known.busy ? prepare(sql) : known
    const statement = prepare(sql)
    kept.set(sql, statement)
    return statement
  }

  const own = (sql: string) =>
    sql.length <= LONGEST && KEPT.test(sql) ? remembered(sql) : prepare(sql)
  connection.prepare = own as typeof connection.prepare
}
