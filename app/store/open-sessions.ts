import { type Db, toDate } from './db.ts'
import { hashOf } from './hash.ts'
import { parseSession } from './session-data.ts'

/** A signed-in browser, for its owner to see and end. */
export interface OpenSession {
  id: number
  current: boolean
  userAgent: string
  signedInAt: Date
  seenAt: Date
}

/** The same rows as {@link SessionStore}, seen by their owner. */
export function createOpenSessionStore(db: Db) {
  return {
    async of(userId: number, currentSid: string): Promise<OpenSession[]> {
      const current = hashOf(currentSid)
      const rows = await db('sessions').where({ user_id: userId }).orderBy('seen_at', 'desc')
      return rows.flatMap((row) => {
        const session = parseSession(row.data)
        if (!session || Number(row.expires_at) <= Date.now()) return []
        return {
          id: row.id,
          current: row.sid_hash === current,
          userAgent: session.userAgent ?? '',
          signedInAt: new Date(session.signedInAt ?? toDate(row.created_at)),
          seenAt: toDate(row.seen_at),
        }
      })
    },

    async end(userId: number, id: number): Promise<boolean> {
      return (await db('sessions').where({ user_id: userId, id }).delete()) > 0
    },

    /** All of a person's sessions but, perhaps, the one they are using. */
    async endAll(userId: number, exceptSid?: string): Promise<void> {
      const query = db('sessions').where({ user_id: userId })
      await (exceptSid ? query.whereNot({ sid_hash: hashOf(exceptSid) }) : query).delete()
    },
  }
}
