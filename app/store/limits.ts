import type { Db } from './db.ts'
import { relaxed } from './durability.ts'
import { hashOf } from './hash.ts'
import { deleteInSlices } from './slices.ts'

/** So many in a window, counted from the first. */
export interface Limit {
  name: string
  most: number
  windowMs: number
}

/** `count` includes this one; the window ends in `resetsInMs`. */
export interface Hit {
  count: number
  exceeded: boolean
  resetsInMs: number
}

const SLACK_MS = 10_000

/**
 * Counters that survive a restart and are shared by all instances. One statement a hit: parallel hits all count. A power
 * cut may take the last of them.
 */
export function createLimitStore(db: Db) {
  const key = ({ name }: Limit, subject: string) => `${name}:${hashOf(subject)}`

  return {
    async hit(limit: Limit, subject: string): Promise<Hit> {
      const now = Date.now()
      // A window that ends later than one can was begun before the clock was set back.
      const over = '(rate_limits.resets_at <= ? or rate_limits.resets_at > ?)'
      const ends = [now, now + limit.windowMs + SLACK_MS]
      const [row] = await relaxed(
        db('rate_limits')
          .insert({ key: key(limit, subject), count: 1, resets_at: now + limit.windowMs })
          .onConflict('key')
          .merge({
            count: db.raw(`case when ${over} then 1 else rate_limits.count + 1 end`, ends),
            resets_at: db.raw(
              `case when ${over} then excluded.resets_at else rate_limits.resets_at end`,
              ends,
            ),
          })
          .returning(['count', 'resets_at']),
      )
      const count = row?.count ?? 1
      const resetsInMs = Number(row?.resets_at ?? now) - now
      return { count, exceeded: count > limit.most, resetsInMs }
    },
    /** Takes one hit back: the attempt turned out to be a good one. */
    async undo(limit: Limit, subject: string): Promise<void> {
      await db('rate_limits')
        .where({ key: key(limit, subject) })
        .where('count', '>', 0)
        .decrement('count', 1)
    },
    async forget(limit: Limit, subject: string): Promise<void> {
      await db('rate_limits')
        .where({ key: key(limit, subject) })
        .delete()
    },
    async sweep(): Promise<void> {
      await deleteInSlices(
        db,
        'rate_limits',
        (q) => q.where('resets_at', '<', Date.now()).orderBy('resets_at'),
        { key: 'key' },
      )
    },
  }
}
