import type { Knex } from 'knex'
import { beginOf, dayOf, type Half, HALF_HOURS, halfHourOf, halfOf, spanOf } from './check-times.ts'
import { sweepChecks } from './check-sweep.ts'
import type { Connection } from './connection.ts'
import { type Db, isPostgres, toDate } from './db.ts'
import { isOrphan } from './db-errors.ts'
import { deleteInSlices } from './slices.ts'
import type { CheckCountRow, Read } from './tables.ts'
import { type Health, healthOf, HEALTHS, wordIn, works } from './vocabulary.ts'

/** What a check found, as far as it is remembered. */
export interface Found {
  health: Health
  reason?: string | null
  detail?: string | null
}

/** Checks of one half hour with one verdict; `from` is when the half hour begins. */
export interface CountedChecks {
  from: Date
  health: Health
  count: number
}

/** From then on checks found this, until the next change. */
export interface HealthChange {
  at: Date
  health: Health
}

/** On PostgreSQL checks of one platform are counted in so many rows, so that they seldom wait for each other. */
const SLOTS = 4
/** Changes of one connection that are looked at: more than a day of checks can make at the usual pace. */
const MOST_CHANGES = 300

/** What checks found: where it changed, and how many found what each half hour (decision 039). */
export function createCheckHistoryStore(db: Db) {
  const postgres = isPostgres(db)

  /** In one statement where the engine can, one after the other where asking costs nothing. */
  async function runTogether(parts: [sql: string, values: Knex.RawBinding[]][]) {
    if (!postgres) for (const [sql, values] of parts) await db.raw(sql, values)
    else
      await db.raw(
        withAll(parts.map(([sql]) => sql)),
        parts.flatMap(([, values]) => values),
      )
  }

  return {
    /** False when the connection was removed between its verdict and this. */
    async add(
      { id, provider }: Pick<Connection, 'id' | 'provider'>,
      { health, reason = null, detail = null }: Found,
      at: Date,
    ): Promise<boolean> {
      const { day, half } = halfOf(at)
      const passed = works(health) ? 1 : 0
      const slot = postgres ? id % SLOTS : 0
      try {
        await runTogether([
          [CHANGE, [id, at, health, reason, detail, id, health, reason]],
          [countIn(half), [id, day, health]],
          [TOTAL, [spanOf(at), provider, slot, passed, 1 - passed]],
        ])
        return true
      } catch (error) {
        if (isOrphan(error)) return false
        throw error
      }
    },

    /** Each half hour since then that has seen checks of the connection, the one that holds the moment included. */
    async counts(connectionId: number, since: Date): Promise<CountedChecks[]> {
      const rows = await db('check_counts')
        .where({ connection_id: connectionId })
        .where('day', '>=', dayOf(since))
        .orderBy('day')
      const begins = halfHourOf(since)
      return rows.flatMap(countsOf).filter(({ from }) => from >= begins)
    },
    /** Changes since then, oldest first, after the one that held at that moment. */
    async changes(connectionId: number, since: Date): Promise<HealthChange[]> {
      const rows = await db('health_changes')
        .where({ connection_id: connectionId })
        .orderBy('id', 'desc')
        .limit(MOST_CHANGES)
        .select('changed_at', 'health')
      const all = rows.map((row) => ({ at: toDate(row.changed_at), health: healthOf(row.health) }))
      const held = all.findIndex(({ at }) => at < since)
      return (held < 0 ? all : all.slice(0, held + 1)).reverse()
    },
    /** All that checks of a person's connections found. */
    async forget(userId: number): Promise<void> {
      const theirs = () => db('connections').where({ user_id: userId }).select('id')
      await deleteInSlices(db, 'health_changes', (q) =>
        q.whereIn('connection_id', theirs()).orderBy(['connection_id', 'id']),
      )
    },
    /** Forgets what checks found before then, but the change that still holds; figures of platforms after a day. */
    sweep: (before: Date, now: Date): Promise<void> => sweepChecks(db, before, now),
  }
}

const withAll = (parts: readonly string[]) =>
  `with ${parts.map((sql, nth) => `part${nth} as (${sql})`).join()} select 1`

/** A row where the verdict is another than the last one's. */
const CHANGE = `
  insert into health_changes (connection_id, changed_at, health, reason, detail)
  select ?, ?, ?, ?, ? where not exists (
    select 1 from health_changes
    where id = (select max(id) from health_changes where connection_id = ?)
      and health = ? and reason is not distinct from ?
  )`

const countIn = (half: Half) => `
  insert into check_counts (connection_id, day, health, ${half}) values (?, ?, ?, 1)
  on conflict (connection_id, day, health) do update set ${half} = coalesce(check_counts.${half}, 0) + 1`

const TOTAL = `
  insert into check_totals (span, provider, slot, passed, failed) values (?, ?, ?, ?, ?)
  on conflict (span, provider, slot) do update
  set passed = check_totals.passed + excluded.passed, failed = check_totals.failed + excluded.failed`

/** A verdict we do not know is no check that we can tell of. */
function countsOf(row: Read<CheckCountRow>): CountedChecks[] {
  const health = wordIn(HEALTHS, row.health)
  if (!health) return []
  return HALF_HOURS.map((half, nth) => ({
    from: beginOf(row.day, nth),
    health,
    count: row[half] ?? 0,
  })).filter(({ count }) => count > 0)
}
