import { setImmediate as nextTurn } from 'node:timers/promises'
import { dayOf, spanOf } from './check-times.ts'
import { type Db, toDate } from './db.ts'

/** Rows looked at, or deleted, by one statement; pages have their turn in between. */
const AT_ONCE = 500
/** Pages tell of a day. */
const TOTALS_KEPT_MS = 25 * 3600_000

/** Forgets what checks found before then, but the change that still holds; figures of platforms after a day. */
export async function sweepChecks(db: Db, before: Date, now: Date): Promise<void> {
  await sweepChanges(db, before)
  const days = db('check_counts').where('day', '<', dayOf(before)).limit(AT_ONCE)
  const key = ['connection_id', 'day', 'health'] as const
  await inSlices(() => db('check_counts').whereIn(key, days.clone().select(key)).delete())
  const last = spanOf(new Date(now.getTime() - TOTALS_KEPT_MS))
  const spans = db('check_totals').where('span', '<', last).limit(AT_ONCE)
  const total = ['span', 'provider', 'slot'] as const
  await inSlices(() => db('check_totals').whereIn(total, spans.clone().select(total)).delete())
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
    await db('health_changes').whereIn('id', ids).whereExists(laterOne(db)).delete()
    after = last.id
    await nextTurn()
  }
}

const laterOne = (db: Db) =>
  db('health_changes as later')
    .select(db.raw('1'))
    .where('later.connection_id', db.ref('health_changes.connection_id'))
    .where('later.id', '>', db.ref('health_changes.id'))

async function inSlices(deleteSome: () => Promise<number>) {
  while ((await deleteSome()) === AT_ONCE) await nextTurn()
}
