import { type Db, fromNow, isPostgres } from './db.ts'

/** A letter about an account that waits to be written; how often it did not leave. */
export interface WaitingLetter {
  id: number
  userId: number
  kind: string
  details: unknown
  tries: number
}

/** The outbox of letters about accounts. It holds what a letter is about, never its text: a link is made as it leaves. */
export function createLetterStore(db: Db) {
  const held = (id: number, sender: string) => db('letters').where({ id, sender })

  return {
    async add(userId: number, kind: string, details: Readonly<Record<string, string>>) {
      const due = { next_at: fromNow(db), created_at: new Date() }
      await db('letters').insert({
        user_id: userId,
        kind,
        details: JSON.stringify(details),
        ...due,
      })
    },
    /** What is due, for one of several instances; given back by itself when the lease is over. */
    async claim(sender: string, most: number, leaseMs: number): Promise<WaitingLetter[]> {
      const due = db('letters')
        .select('id')
        .where('next_at', '<=', fromNow(db))
        .orderBy('next_at')
        .limit(most)
      const rows = await db('letters')
        .whereIn('id', isPostgres(db) ? due.forUpdate().skipLocked() : due)
        .update({ sender, next_at: fromNow(db, leaseMs) })
        .returning('*')
      return rows
        .sort((a, b) => a.id - b.id)
        .map(({ id, user_id: userId, kind, details, tries }) => {
          return { id, userId, kind, details: JSON.parse(details) as unknown, tries }
        })
    },
    /** It has left, or will not. */
    async remove(id: number, sender: string): Promise<void> {
      await held(id, sender).delete()
    },
    async putOff(id: number, sender: string, pauseMs: number): Promise<void> {
      const later = { sender: null, next_at: fromNow(db, pauseMs), tries: db.raw('tries + 1') }
      await held(id, sender).update(later)
    },
  }
}
