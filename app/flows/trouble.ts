import type { Connection } from '../store/connection-rows.ts'

const WARNING_MS = 7 * 24 * 3600_000
/** One missed check may be a blip; the second in a row is told. */
const TOLD_AFTER = 2

/** Troubles that pass or can wait; one that needs a person now takes their place. */
export const PASSIVE: readonly string[] = [
  'provider_unavailable',
  'provider_refused',
  'expires_soon',
  'refresh_failed',
]

/** Troubles only an administrator can end; owners are not blamed for them. */
export const OURS: readonly string[] = ['provider_refused', 'tls_error']

/** What a connection's owner has to know about, as a code of the texts; undefined when all is well. */
export function troubleOf(connection: Connection, now: Date): string | undefined {
  const { health, reason, failedChecks } = connection
  if (health === 'online') return expiresSoon(connection, now) ? 'expires_soon' : undefined
  if (health === 'unreachable') {
    return failedChecks >= TOLD_AFTER ? (reason ?? 'provider_unavailable') : undefined
  }
  return reason ?? 'token_revoked'
}

/** The access ends within seven days and we cannot renew it by ourselves. */
export function expiresSoon(connection: Connection, now: Date): boolean {
  const end = endOf(connection)
  return end !== undefined && end.getTime() - now.getTime() < WARNING_MS
}

/** When reconnecting becomes necessary: the refresh token's end if there is one, otherwise the access token's. */
export function endOf({ renewable, expiresAt, refreshExpiresAt }: Connection): Date | undefined {
  return renewable ? refreshExpiresAt : expiresAt
}
