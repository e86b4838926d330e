import type { Connection } from './connection.ts'
import { type Db, toDate } from './db.ts'
import { queueDelivery, type WebhookEvent } from './delivery-rows.ts'
import type { Reader } from './reader.ts'
import { deleteInSlices } from './slices.ts'
import type { NoticeRow, Read } from './tables.ts'
import { transact } from './transaction.ts'

/** A connection that was in trouble works again, and its owner has not dismissed the news. */
export interface Recovery {
  id: number
  provider: string
  createdAt: Date
}

/** A platform is down for many, or no longer, and this administrator has not dismissed the news. */
export interface OutageNotice {
  id: number
  provider: string
  over: boolean
  code: string
  /** Connections it concerned when it was noticed. */
  count: number
}

type Row = Read<NoticeRow>

/** One notice an incident, whichever instance notices it first, and one when it is over. */
export function createNoticeStore(db: Db, reader: Reader) {
  const readRecoveries = reader.all<Pick<Row, 'id' | 'provider' | 'created_at'>>(
    "select id, provider, created_at from notices where user_id = ? and kind = 'recovered' and closed_at is null order by id",
  )
  const readOutages = reader.all<Row>(
    "select * from notices where user_id = ? and kind in ('outage', 'outage_over') and closed_at is null order by id",
  )

  /** Whoever changes the connection's row tells of it, in the app and to the queues: all of it or nothing. */
  async function tell(
    change: (all: Db) => Promise<number>,
    { userId, provider }: Connection,
    { kind, code, news }: Told,
  ): Promise<boolean> {
    return await transact(db, async (all) => {
      if ((await change(all)) === 0) return false
      await closeAll(userId, provider, all)
      await all('notices').insert({
        user_id: userId,
        provider,
        kind,
        code,
        created_at: new Date(),
      })
      if (news) await queueDelivery(all, userId, news)
      return true
    })
  }

  async function closeAll(userId: number, provider: string, all: Db = db): Promise<void> {
    await all('notices')
      .where({ user_id: userId, provider })
      .whereIn('kind', ['incident', 'recovered'])
      .whereNull('closed_at')
      .update({ closed_at: new Date() })
  }

  return {
    /**
     * True for the one who opens the incident; the letter waits to be written and `news` to be sent from then on. A
     * running one is not opened again, unless `code` may supersede it.
     */
    async openIncident(
      connection: Connection,
      code: string,
      superseded: readonly string[],
      news?: WebhookEvent,
    ): Promise<boolean> {
      const open = (all: Db) =>
        all('connections')
          .where({ id: connection.id })
          .where((q) =>
            q
              .whereNull('incident')
              .orWhere((running) =>
                running.whereIn('incident', superseded).whereNot('incident', code),
              ),
          )
          .update({ incident: code, incident_at: new Date() })
      return await tell(open, connection, { kind: 'incident', code, news })
    },
    /** True for the one who ends a running incident. */
    async closeIncident(connection: Connection, news?: WebhookEvent): Promise<boolean> {
      const close = (all: Db) =>
        all('connections')
          .where({ id: connection.id })
          .whereNotNull('incident')
          .update({ incident: null, incident_at: null })
      const code = connection.incident ?? ''
      return await tell(close, connection, { kind: 'recovered', code, news })
    },
    /** The goods wait for their owner; only a letter tells of it, the app shows how they stand. */
    async addStop(userId: number, provider: string, code: string): Promise<void> {
      await db('notices').insert({
        user_id: userId,
        provider,
        kind: 'sync',
        code,
        created_at: new Date(),
      })
    },
    /** Incidents themselves show as the state of their connection; only recoveries have to be told. */
    async recoveries(userId: number): Promise<Recovery[]> {
      const rows = await readRecoveries(userId)
      return rows.map(({ id, provider, created_at }) => ({
        id,
        provider,
        createdAt: toDate(created_at),
      }))
    },
    /** What an administrator has not dismissed. */
    async outages(userId: number): Promise<OutageNotice[]> {
      const rows = await readOutages(userId)
      return rows.map(({ id, provider, kind, code, count }) => ({
        id,
        provider,
        over: kind === 'outage_over',
        code,
        count: count ?? 0,
      }))
    },
    async close(userId: number, id: number): Promise<void> {
      await db('notices').where({ user_id: userId, id }).update({ closed_at: new Date() })
    },
    /** The connection was made anew or removed: what was said about the old one is over. */
    closeAll: (userId: number, provider: string) => closeAll(userId, provider),
    async sweep(before: Date): Promise<void> {
      await deleteInSlices(db, 'notices', (q) =>
        q.where('created_at', '<', before).orderBy('created_at'),
      )
    },
  }
}

interface Told {
  kind: 'incident' | 'recovered'
  code: string
  news: WebhookEvent | undefined
}
