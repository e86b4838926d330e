import { setImmediate as nextTurn } from 'node:timers/promises'
import { dayOf, spanOf } from './check-times.ts'
import { type Db, toDate } from './db.ts'
import { relaxed } from './durability.ts'
import { deleteInSlices } from './slices.ts'

/** Changes looked at by one statement; pages have their turn in between. */
const AT_ONCE = 100
/** Pages tell of a day. */
const TOTALS_KEPT_MS = 25 * 3600_000

/** Forgets what checks found before then, but the change that still holds; figures of platforms after a day. */
export async function sweepChecks(db: Db, before: Date, now: Date): Promise<void> {
  await sweepChanges(db, before)
  const days = ['connection_id', 'day', 'health']
  await deleteInSlices(
    db,
    'check_counts',
    (q) => q.where('day', '<', dayOf(before)).orderBy('day'),
    { key: days },
  )
  const last = spanOf(new Date(now.getTime() - TOTALS_KEPT_MS))
  const spans = ['span', 'provider', 'slot']
  await deleteInSlices(db, 'check_totals', (q) => q.where('span', '<', last).orderBy('span'), {
    key: spans,
  })
}

/** Rows stand in the order of their time, so the first slice that is young enough is the end. */
async function sweepChanges(db: Db, before: Date) {
  for (let after = 0; ;) {
    const slice = await db('health_changes')
      .where('id', '>', after)
      .orderBy('id')
      .limit(AT_ONCE)
      .select('id', 'changed_at')
    const last = slice.at(-1)
    const old = slice.filter(({ changed_at }) => toDate(changed_at) < before)
    if (!last || old.length === 0) return
    const ids = old.map(({ id }) => id)
    await relaxed(db('health_changes').whereIn('id', ids).whereExists(laterOne(db)).delete())
    after = last.id
    await nextTurn()
  }
}

const laterOne = (db: Db) =>
  db('health_changes as later')
    .select(db.raw('1'))
    .where('later.connection_id', db.ref('health_changes.connection_id'))
    .where('later.id', '>', db.ref('health_changes.id'))
