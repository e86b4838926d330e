import { isOutOfDescriptors } from '../observe/descriptors.ts'

/** A unique value is somebody else's already. */
export function isTaken(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'SQLITE_CONSTRAINT_UNIQUE' || code === '23505'
}

/** What the row belongs to has been deleted meanwhile. */
export function isOrphan(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'SQLITE_CONSTRAINT_FOREIGNKEY' || code === '23503'
}

/** PostgreSQL ended one of two transactions that stood in each other's way: it may be repeated as a whole. */
export function isCollision(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^40(001|P01)$/.test(String(error.code))
}

/** Our database, or a file, cannot be had right now: locked, full, read-only, out of reach. It may again in a moment. */
export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error && typeof error.code === 'string' ? error.code : ''
  return (
    AWAY.test(code) ||
    isOutOfDescriptors(error) ||
    error.name === 'KnexTimeoutError' ||
    BROKEN_LINE.test(error.message)
  )
}

/** SQLite's result codes; PostgreSQL's classes 08, 53 and 57P and its read-only state; the system's about sockets. */
const AWAY =
  /^(SQLITE_(BUSY|FULL|READONLY|CANTOPEN|IOERR|LOCKED)|08|53|57P|25006$|E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH))/
/** pg's own words carry no code; Knex puts the statement before them. */
const BROKEN_LINE =
  /(^| - )(Connection terminated|timeout e(xpired|xceeded)|Client has encountered a connection error)/
