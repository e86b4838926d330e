import type { Account } from '../providers/account.ts'
import { createCheckHistoryStore } from './check-history.ts'
import { toConnection } from './connection-rows.ts'
import type { Connection } from './connection.ts'
import { accountColumns } from './connection-columns.ts'
import { type Db, fromNow, isPostgres, type Stored, toDate } from './db.ts'
import { blocked } from './blocked.ts'
import { checkQueue, LONGEST_PAUSE_MS } from './check-queue.ts'
import { leaseOver } from './leases.ts'
import type { Columns, ConnectionRow } from './tables.ts'
import { type Health, works } from './vocabulary.ts'

/** What a check found. */
export interface Verdict {
  health: Health
  reason?: string
  detail?: string
  /** As the platform names it now, when it answered. */
  account?: Account
}

/** The connection a check began with: a later revision has other tokens. */
export interface Seen extends Pick<Connection, 'id' | 'revision'> {
  /** What it was claimed by; whoever lost the claim meanwhile records nothing. */
  claim?: string
}

const NOT_CLAIMED = {
  next_check_at: null,
  check_owner: null,
  check_until: null,
} satisfies Columns<ConnectionRow>

/** The queue of health checks, which is the table of connections itself, and their results. */
export function createCheckStore(db: Db) {
  const table = () => db('connections')
  const history = createCheckHistoryStore(db)
  const held = ({ id, revision, claim }: Seen) =>
    table().where({ id, revision, ...(claim !== undefined && { check_owner: claim }) })
  const queue = checkQueue(db)

  return {
    /**
     * Takes up to `most` connections of a platform that have not been checked since `since` and that nobody is
     * checking; two instances never get the same one. A lease that runs out gives the connection back.
     */
    async claim(
      provider: string,
      since: Date,
      most: number,
      owner: string,
      leaseMs: number,
    ): Promise<Connection[]> {
      const claimed: Connection[] = []
      for (const part of queue.parts(since)) {
        const found = table()
          .select('id')
          .where({ provider })
          .whereNotIn('user_id', blocked(db))
          .where(leaseOver(db, 'check_until', leaseMs))
          .modify(part)
          .limit(most - claimed.length)
        const rows = await table()
          .whereIn('id', isPostgres(db) ? found.forUpdate().skipLocked() : found)
          .update({ check_owner: owner, check_until: fromNow(db, leaseMs) })
          .returning('*')
        claimed.push(...rows.map(toConnection))
        if (claimed.length >= most) break
      }
      return claimed
    },
    /** When the next lease of somebody else on a connection still unchecked since `since` runs out. */
    async nextLeaseEnd(provider: string, since: Date): Promise<Date | undefined> {
      const row = await table()
        .where({ provider })
        .whereNotIn('user_id', blocked(db))
        .where(queue.unchecked(since))
        .whereNotNull('check_until')
        .where(queue.notPostponed)
        .min({ at: 'check_until' })
        .first<{ at: Stored | null } | undefined>()
      return row?.at == null ? undefined : toDate(row.at)
    },

    /**
     * Records a verdict and its history; gives the connection as it stands then, or undefined when its tokens
     * have been replaced or its claim lost meanwhile: what was found with the old ones is nobody's business any more.
     */
    async record(seen: Seen, verdict: Verdict): Promise<Connection | undefined> {
      const now = new Date()
      const online = works(verdict.health)
      const [row] = await held(seen)
        .update({
          is_online: online,
          health: verdict.health,
          reason: verdict.reason ?? null,
          detail: verdict.detail ?? null,
          last_checked_at: now,
          updated_at: now,
          failed_checks: online ? 0 : db.raw('failed_checks + 1'),
          ...(online && { last_online_at: now, refusals: 0 }),
          ...(verdict.account && named(verdict.account)),
          ...NOT_CLAIMED,
        })
        .returning('*')
      if (!row) return undefined
      return (await history.add(row, verdict, now)) ? toConnection(row) : undefined
    },
    /** The history of a verdict the connection was saved with. */
    keepHistory: (connection: Connection, verdict: Verdict): Promise<boolean> =>
      history.add(connection, verdict, connection.lastCheckedAt ?? new Date()),
    /**
     * A fact met outside of a check, with the tokens of this revision: no mark of the strip, and no news where it is known
     * already or the tokens have been replaced, which gives undefined.
     */
    async learn({ id, revision }: Seen, verdict: Verdict): Promise<Connection | undefined> {
      const { health, reason = null, detail = null } = verdict
      const [row] = await table()
        .where({ id, revision })
        .whereNot({ health })
        .update({
          is_online: works(health),
          health,
          reason,
          detail,
          updated_at: new Date(),
        })
        .returning('*')
      return row && toConnection(row)
    },
    /** The platform asked for a pause: whether the connection lives is not known anew, and nobody asks before. */
    async postpone(seen: Seen, until: Date, reason?: string): Promise<void> {
      await held(seen).update({
        ...NOT_CLAIMED,
        next_check_at: new Date(Math.min(until.getTime(), Date.now() + LONGEST_PAUSE_MS)),
        ...(reason && { reason }),
      })
    },

    /** Notes that the platform refused the tokens, and puts the next question off; gives how often in a row it has. */
    async countRefusal(id: number, pauseMs: number): Promise<number> {
      const [row] = await table()
        .where({ id })
        .update({ refusals: db.raw('refusals + 1'), next_check_at: fromNow(db, pauseMs) })
        .returning<{ refusals: number }[]>('refusals')
      return row?.refusals ?? 0
    },

    /** Whatever revision it has: something is wrong with it that asking again at once would not mend. */
    async putOff(id: number, claim: string, until: Date): Promise<void> {
      await table()
        .where({ id, check_owner: claim })
        .update({ ...NOT_CLAIMED, next_check_at: until })
    },
  }
}

/** A till account without stores tells nothing; what was known of it stays. */
function named(account: Account) {
  return account.id || account.name ? accountColumns(account) : {}
}
