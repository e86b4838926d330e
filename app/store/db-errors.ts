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

/**
 * PostgreSQL ended one of two transactions that stood in each other's way, or one that used what it prepared for tables
 * of before: it may be repeated as a whole.
 */
export function isCollision(error: unknown): boolean {
  const collided =
    error instanceof Error && 'code' in error && /^40(001|P01)$/.test(String(error.code))
  return collided || isUnprepared(error)
}

/** A statement that was prepared is not there (any more), is another's, or has other columns now (PostgreSQL). */
export function isUnprepared(error: unknown): error is Error & { code: string } {
  if (!(error instanceof Error) || !('code' in error)) return false
  const { code, message } = error
  return (
    code === '26000' || code === '42P05' || (code === '0A000' && message.includes('cached plan'))
  )
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

/** SQLite's result codes; PostgreSQL's classes 08, 53 and 57P, a statement that took too long, and its read-only state; the system's about sockets. */
const AWAY =
  /^(SQLITE_(BUSY|FULL|READONLY|CANTOPEN|IOERR|LOCKED)|08|53|57P|57014$|25006$|E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOSTUNREACH|NETUNREACH))/
/** pg's own words carry no code; Knex puts the statement before them. */
const BROKEN_LINE =
  /(^| - )(Connection terminated|timeout e(xpired|xceeded)|Client has encountered a connection error)/
