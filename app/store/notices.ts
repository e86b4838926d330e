import type { Connection } from './connection-rows.ts'
import { type Db, type Stored, toDate } from './db.ts'
import type { Reader } from './reader.ts'

/** A connection that was in trouble works again, and its owner has not dismissed the news. */
export interface Recovery {
  id: number
  provider: string
  createdAt: Date
}

/** One notice an incident, whichever instance notices it first, and one when it is over. */
export function createNoticeStore(db: Db, reader: Reader) {
  const readRecoveries = reader.all<{ id: number; provider: string; created_at: Stored }>(
    "select id, provider, created_at from notices where user_id = ? and kind = 'recovered' and closed_at is null order by id",
  )

  async function add(
    { userId, provider }: Connection,
    kind: 'incident' | 'recovered',
    code: string,
  ) {
    await closeAll(userId, provider)
    await db('notices').insert({ user_id: userId, provider, kind, code, created_at: new Date() })
  }

  async function closeAll(userId: number, provider: string): Promise<void> {
    await db('notices')
      .where({ user_id: userId, provider })
      .whereNull('closed_at')
      .update({ closed_at: new Date() })
  }

  return {
    /** True for the one who opens the incident. A running one is not opened again, unless `code` may supersede it. */
    async openIncident(
      connection: Connection,
      code: string,
      superseded: readonly string[],
    ): Promise<boolean> {
      const opened = await db('connections')
        .where({ id: connection.id })
        .where((q) =>
          q
            .whereNull('incident')
            .orWhere((running) =>
              running.whereIn('incident', superseded).whereNot('incident', code),
            ),
        )
        .update({ incident: code, incident_at: new Date() })
      if (opened > 0) await add(connection, 'incident', code)
      return opened > 0
    },
    /** True for the one who ends a running incident. */
    async closeIncident(connection: Connection): Promise<boolean> {
      const closed = await db('connections')
        .where({ id: connection.id })
        .whereNotNull('incident')
        .update({ incident: null, incident_at: null })
      if (closed > 0) await add(connection, 'recovered', connection.incident ?? '')
      return closed > 0
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
    async close(userId: number, id: number): Promise<void> {
      await db('notices').where({ user_id: userId, id }).update({ closed_at: new Date() })
    },
    /** The connection was made anew or removed: what was said about the old one is over. */
    closeAll,
    async sweep(before: Date): Promise<void> {
      await db('notices').where('created_at', '<', before).delete()
    },
  }
}
