import { setImmediate as othersTurn } from 'node:timers/promises'
import { type Db, fromNow, isPostgres } from './db.ts'
import { leaseOver, reachedByTries } from './leases.ts'
import type { Read, NoticeRow } from './tables.ts'
import { NOTICE_KINDS, type NoticeKind, wordIn } from './vocabulary.ts'

/** A notice whose letter is still to be written. */
export interface QueuedNotice {
  id: number
  userId: number
  provider: string
  kind: NoticeKind
  code: string
  /** Connections it concerns, where it is an administrator's. */
  count: number
  /** Letters that did not leave so far. */
  tries: number
}

type Row = Read<NoticeRow>

/** Rows written in one go. */
const AT_ONCE = 100
const FIRST_PAUSE_MS = 5 * 60_000
/** Clocks of instances differ by less. */
const SKEW_MS = 2 * 60_000
/** A letter that did not leave so often is given up: some ten hours in all. */
export const MOST_TRIES = 8
/** After so many tries: five minutes, then twice as long each time. */
const PAUSES_MS = Array.from({ length: MOST_TRIES }, (_, tries) =>
  tries === 0 ? 0 : FIRST_PAUSE_MS * 2 ** (tries - 1),
)

const PAUSES = { column: 'tell_until', tries: 'tries', pausesMs: PAUSES_MS }

/** The queue of letters, which is the table of notices itself. A claim is a lease: two instances never write the same letter. */
export function createNoticeQueue(db: Db) {
  /** Those of a kind we cannot know are left to the version that can. */
  const untold = () => db('notices').whereNull('told_at').whereIn('kind', NOTICE_KINDS)
  /** Neither claimed nor put off; one column holds the end of either. */
  const free = (leaseMs: number) =>
    untold().where((q) =>
      q
        .where((claimed) =>
          claimed.whereNotNull('teller').where(leaseOver(db, 'tell_until', leaseMs)),
        )
        .orWhere((rests) =>
          rests
            .whereNull('teller')
            .where((end) => end.whereNull('tell_until').orWhere(reachedByTries(db, PAUSES))),
        ),
    )
  const held = (ids: readonly number[], owner: string) =>
    untold().whereIn('id', ids).where({ teller: owner })

  return {
    /**
     * Takes everything that is to be told to up to `most` persons, whose oldest notice is from `before` or earlier; a
     * person's notices stay together. The rows are locked in one order, so that nobody gets half of them.
     */
    async claim(
      owner: string,
      before: Date,
      most: number,
      leaseMs: number,
    ): Promise<QueuedNotice[]> {
      const ahead = new Date(Date.now() + SKEW_MS) // noticed before the clock was set back
      const persons = free(leaseMs)
        .select('user_id')
        .groupBy('user_id')
        .havingRaw('(min(created_at) <= ? or min(created_at) > ?)', [before, ahead])
        .orderBy('user_id')
        .limit(most)
      const theirs = free(leaseMs).select('id').whereIn('user_id', persons).orderBy('id')
      const rows = await db('notices')
        .whereIn('id', isPostgres(db) ? theirs.forUpdate() : theirs)
        .update({ teller: owner, tell_until: fromNow(db, leaseMs) })
        .returning('*')
      return rows.sort((a, b) => a.id - b.id).flatMap(toTelling)
    },
    /** Right before a letter leaves: true when all of it is still ours, and stays so for another lease. */
    async hold(ids: readonly number[], owner: string, leaseMs: number): Promise<boolean> {
      const mine = await held(ids, owner).update({ tell_until: fromNow(db, leaseMs) })
      return mine === ids.length
    },
    /** Its letter has left, or none is needed any more. */
    async told(ids: readonly number[], owner: string): Promise<void> {
      await held(ids, owner).update({ told_at: new Date() })
    },
    /** The letter did not leave for the `tries`th time. */
    async putOff(ids: readonly number[], owner: string, tries: number): Promise<void> {
      const until = fromNow(db, PAUSES_MS[tries])
      await held(ids, owner).update({ teller: null, tell_until: until, tries })
    },
    /** Gives back what was claimed and not come to. */
    async release(ids: readonly number[], owner: string): Promise<void> {
      await held(ids, owner).update({ teller: null, tell_until: null })
    },
    /** Nobody writes letters here. */
    async skipAll(): Promise<void> {
      for (let skipped = AT_ONCE; skipped === AT_ONCE;) {
        skipped = await db('notices')
          .whereIn('id', untold().select('id').orderBy('user_id').limit(AT_ONCE))
          .update({ told_at: new Date() })
        await othersTurn()
      }
    },
  }
}

function toTelling(row: Row): QueuedNotice[] {
  const { id, user_id: userId, provider, code, count, tries } = row
  const kind = wordIn(NOTICE_KINDS, row.kind)
  return kind ? [{ id, userId, provider, kind, code, count: count ?? 0, tries }] : []
}
