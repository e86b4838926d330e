import { setImmediate as othersTurn } from 'node:timers/promises'
import { asking } from '../observe/request.ts'
import { type Db, type Stored, toDate } from './db.ts'
import { isOrphan } from './db-errors.ts'
import { deleteInSlices } from './slices.ts'
import {
  fromRow,
  type JournalEntry,
  type PastEvent,
  type Row,
  type EventFilter,
} from './event-rows.ts'

/** What a person is told of an entry; `at` as the engine has it. */
type OwnEvent = Pick<Row, 'at' | 'event' | 'provider' | 'address'>

/** Rows read in one go: awaiting SQLite alone gives nobody else a turn. */
const AT_ONCE = 500
const MONTH_MS = 30 * 24 * 3600_000

/** The journal: append only, one row an event. */
export function createEventStore(db: Db) {
  const journal = () =>
    db('events')
      .leftJoin('users', 'users.id', 'events.user_id')
      .orderBy('events.id', 'desc')
      .select<Row[]>(
        'events.id',
        'at',
        'event',
        'provider',
        'address',
        'request_id',
        'details',
        'user_id',
        'email',
      )

  return {
    /** Nothing where the person has been deleted meanwhile: their journal went with them. In a unit, all of it fails. */
    async add({
      event,
      userId,
      provider,
      address = asking.getStore()?.address,
      details,
    }: JournalEntry): Promise<void> {
      try {
        await db('events').insert({
          at: new Date(),
          event,
          user_id: userId ?? null,
          provider: provider ?? null,
          address: address ?? null,
          request_id: asking.getStore()?.id ?? null,
          details: details ? JSON.stringify(details) : null,
        })
      } catch (error) {
        if (db.isTransaction || !isOrphan(error)) throw error
      }
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
    /** All about a person, the oldest first, some at a time. */
    async *ofUser(userId: number): AsyncGenerator<OwnEvent[]> {
      for (let after = 0; ;) {
        const rows = await db('events')
          .where({ user_id: userId })
          .where('id', '>', after)
          .orderBy('id')
          .limit(AT_ONCE)
          .select<(OwnEvent & { id: number })[]>('id', 'at', 'event', 'provider', 'address')
        const last = rows.at(-1)
        if (!last) return
        yield rows.map(({ at, event, provider, address }) => ({ at, event, provider, address }))
        await othersTurn()
        after = last.id
      }
    },
    /** The latest entries about a person and a platform, newest first. */
    async recent(userId: number, provider: string, most: number): Promise<PastEvent[]> {
      const rows = await journal().where({ user_id: userId, provider }).limit(most)
      return rows.map(fromRow)
    },
    /** A page of everybody's journal, newest first. */
    async page({ userId, event, before }: EventFilter, most: number): Promise<PastEvent[]> {
      const query = journal().limit(most)
      if (userId !== undefined) void query.where({ user_id: userId })
      if (event !== undefined) void query.where({ event })
      if (before !== undefined) void query.where('events.id', '<', before)
      return (await query).map(fromRow)
    },
    /** All about a person. */
    async forget(userId: number): Promise<void> {
      await deleteInSlices(db, 'events', (q) => q.where({ user_id: userId }).orderBy('id'))
    },
    async sweep(before: Date): Promise<void> {
      await deleteInSlices(db, 'events', (q) => q.where('at', '<', before).orderBy('at'))
    },
  }
}
