import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'

/** So many statements have a name; each connection keeps what it was asked of them. */
const MOST = 300
/** So many are counted until they earn one. */
const MOST_COUNTED = 1_000
/** One that is asked for once is seldom asked for again, such as a list of ids of its own length. */
const EARNED = 3
/** Signs: one that writes many rows at once is long, and seldom the same again. */
const LONGEST = 4_000
const NAMED = /^\s*(select|insert|update|delete|with)\b/i

/** How statements of this process are called, so that PostgreSQL reads and plans each of them once a connection. */
export function createStatementNames() {
  const counted = new LRUCache<string, number>({ max: MOST_COUNTED })
  let named = new Map<string, string>()
  let edition = 0
  let off = false

  function earns(sql: string): boolean {
    if (off || named.size >= MOST || sql.length > LONGEST || !NAMED.test(sql)) return false
    const count = (counted.get(sql) ?? 0) + 1
    counted.set(sql, count)
    return count >= EARNED
  }

  return {
    /** Undefined: it goes without. */
    of(sql: string): string | undefined {
      const known = named.get(sql)
      if (known !== undefined || !earns(sql)) return known
      const name = `${edition}_${createHash('sha256').update(sql).digest('base64url').slice(0, 22)}`
      named.set(sql, name)
      counted.delete(sql)
      return name
    },
    /** The tables have changed: what was planned before is not asked for again. */
    renew() {
      edition += 1
      named = new Map()
    },
    /** A pooler between us and PostgreSQL hands out other sessions each time, which know none of the names. */
    stop() {
      off = true
      named = new Map()
    },
  }
}
