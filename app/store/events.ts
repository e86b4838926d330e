import { asking } from '../request.ts'
import { type Db, type Stored, toDate } from './db.ts'

/** Something worth remembering; never a secret. */
export interface JournalEntry {
  event: string
  userId?: number | undefined
  provider?: string | undefined
  /** Where it was done from; the request's own address unless said otherwise. */
  address?: string | undefined
  details?: Record<string, unknown> | undefined
}

const MONTH_MS = 30 * 24 * 3600_000

/** The journal: append only, one row an event. */
export function createEventStore(db: Db) {
  return {
    async add({
      event,
      userId,
      provider,
      address = asking.getStore()?.address,
      details,
    }: JournalEntry): Promise<void> {
      await db('events').insert({
        at: new Date(),
        event,
        user_id: userId ?? null,
        provider: provider ?? null,
        address: address ?? null,
        request_id: asking.getStore()?.id ?? null,
        details: details ? JSON.stringify(details) : null,
      })
    },
    /** Whether this person has signed in from this address within a month. */
    async knowsAddress(userId: number, address: string): Promise<boolean> {
      const row: unknown = await db('events')
        .where({ user_id: userId, event: 'signed_in', address })
        .where('at', '>', new Date(Date.now() - MONTH_MS))
        .first('id')
      return row !== undefined
    },
    /** When this last happened to a person's connection; undefined when never, or longer ago than the journal goes. */
    async lastAt(userId: number, provider: string, event: string): Promise<Date | undefined> {
      const [at] = await db('events')
        .where({ user_id: userId, provider, event })
        .orderBy('id', 'desc')
        .limit(1)
        .pluck<Stored[]>('at')
      return at === undefined ? undefined : toDate(at)
    },
    async ofUser(userId: number): Promise<Record<string, unknown>[]> {
      return await db('events')
        .where({ user_id: userId })
        .orderBy('id')
        .select<Record<string, unknown>[]>('at', 'event', 'provider', 'address')
    },
    async sweep(before: Date): Promise<void> {
      await db('events').where('at', '<', before).delete()
    },
  }
}
