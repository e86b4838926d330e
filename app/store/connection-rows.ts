import type { Account } from '../providers/account.ts'
import type { Connection } from './connection.ts'
import { toDate, toDateIf } from './db.ts'
import type { ConnectionRow, Read } from './tables.ts'
import { healthOf, works } from './vocabulary.ts'

/** The part of a row that pages show. */
export type ShownRow = Pick<Read<ConnectionRow>, (typeof SHOWN)[number]>

/** Columns of {@link ShownRow}. */
export const SHOWN = [
  'id',
  'user_id',
  'provider',
  'account_id',
  'account_name',
  'profile',
  'renewable',
  'scope',
  'expires_at',
  'refresh_expires_at',
  'ends_at',
  'is_online',
  'health',
  'reason',
  'detail',
  'last_checked_at',
  'last_online_at',
  'next_check_at',
  'refresh_due_at',
  'refresh_after',
  'connected_at',
  'failed_checks',
  'refusals',
  'incident',
  'revision',
] as const satisfies (keyof ConnectionRow)[]

/** A row that has gone bad costs its details, never the page or the tick it stands in. */
function parseProfile(text: string): Account['profile'] {
  try {
    return JSON.parse(text) as Account['profile']
  } catch {
    return {}
  }
}

export function toConnection(row: ShownRow): Connection {
  const health = healthOf(row.health)
  return {
    id: row.id,
    userId: row.user_id,
    provider: row.provider,
    account: {
      ...(row.account_id !== null && { id: row.account_id }),
      ...(row.account_name !== null && { name: row.account_name }),
      profile: parseProfile(row.profile),
    },
    scope: row.scope?.split(' ').filter(Boolean),
    expiresAt: toDateIf(row.expires_at),
    refreshExpiresAt: toDateIf(row.refresh_expires_at),
    endsAt: toDateIf(row.ends_at),
    renewable: Boolean(row.renewable),
    isOnline: Boolean(row.is_online) && works(health),
    health,
    reason: row.reason ?? undefined,
    detail: row.detail ?? undefined,
    lastCheckedAt: toDateIf(row.last_checked_at),
    lastOnlineAt: toDateIf(row.last_online_at),
    nextCheckAt: toDateIf(row.next_check_at),
    refreshDueAt: toDateIf(row.refresh_due_at),
    refreshAfter: toDateIf(row.refresh_after),
    connectedAt: toDate(row.connected_at),
    failedChecks: row.failed_checks,
    refusals: row.refusals,
    incident: row.incident ?? undefined,
    revision: row.revision,
  }
}
