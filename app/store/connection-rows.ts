import type { Account } from '../providers/account.ts'
import { toDate, toDateIf } from './db.ts'
import type { ConnectionRow, Read } from './tables.ts'
import { type Health, healthOf, works } from './vocabulary.ts'

/** A person's link to a platform, fit to be shown: no token in it. */
export interface Connection {
  id: number
  userId: number
  provider: string
  account: Account
  /** Rights granted; undefined when the platform does not tell. */
  scope: string[] | undefined
  expiresAt: Date | undefined
  /** When the refresh token ends, if the platform says so. */
  refreshExpiresAt: Date | undefined
  /** When the whole grant ends, however often the access is renewed. */
  endsAt: Date | undefined
  /** There is something to renew the access with, so we can do it ourselves. */
  renewable: boolean
  isOnline: boolean
  health: Health
  /** A code of the texts: why it is not online, or what a person has to do although it is. */
  reason: string | undefined
  /** The platform's own number for it, `ошибка 5`. */
  detail: string | undefined
  lastCheckedAt: Date | undefined
  lastOnlineAt: Date | undefined
  /** Checks are put off until then, because the platform asked for a pause. */
  nextCheckAt: Date | undefined
  /** From then on the access is renewed before it is used. */
  refreshDueAt: Date | undefined
  /** A refresh failed for now and is not tried again before. */
  refreshAfter: Date | undefined
  connectedAt: Date
  /** Checks in a row that did not find it online. */
  failedChecks: number
  /** Refusals in a row of a platform that is not believed at once. */
  refusals: number
  /** The trouble its owner has been told of and that is not over. */
  incident: string | undefined
  /** Grows with every change of the tokens: the fence against results of an earlier time. */
  revision: number
}

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
