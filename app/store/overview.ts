import { spanOf } from './check-times.ts'
import { type Health, healthOf } from './vocabulary.ts'
import { type Db, fromNow, isPostgres, type Stored, toDate } from './db.ts'

/** Connections of a platform in one state. */
export interface HealthCount {
  provider: string
  health: Health
  count: number
}

/** Checks that found the connection well, and those that did not. */
export interface CheckCount {
  provider: string
  passed: number
  failed: number
}

/** Refreshes the journal tells of. */
export interface RefreshCount {
  provider: string
  refreshed: number
  failed: number
}

/** Connections whose check a platform asked to put off, and when the last of them may be asked again. */
export interface PostponedCount {
  provider: string
  count: number
  until: Date
}

/** Figures about everybody's connections, for administrators and for /metrics. Nobody is named. */
export function createOverviewStore(db: Db) {
  return {
    async connections(): Promise<HealthCount[]> {
      const rows = await db('connection_counts')
        .groupBy('provider', 'health')
        .having(db.raw('sum(count)'), '<>', 0)
        .select<Counted<Omit<HealthCount, 'health'> & { health: string }>[]>(
          'provider',
          'health',
          db.raw('sum(count) as count'),
        )
      return rows.map(({ provider, health, count }) => ({
        provider,
        health: healthOf(health),
        count: Number(count),
      }))
    },
    /** Since the five minutes that hold the moment began; of connections that are gone too. */
    async checks(since: Date): Promise<CheckCount[]> {
      const rows = await db('check_totals')
        .where('span', '>=', spanOf(since))
        .groupBy('provider')
        .select<Counted<CheckCount>[]>(
          'provider',
          db.raw('sum(passed) as passed'),
          db.raw('sum(failed) as failed'),
        )
      return rows.map((row) => ({ ...row, passed: Number(row.passed), failed: Number(row.failed) }))
    },
    /** Since the beginning of that hour. */
    async refreshes(since: Date): Promise<RefreshCount[]> {
      const rows = await db('refresh_counts')
        .where('hour', '>=', hourOf(since))
        .groupBy('provider')
        .select<Counted<RefreshCount>[]>(
          'provider',
          db.raw("sum(case when event = 'refreshed' then count else 0 end) as refreshed"),
          db.raw("sum(case when event = 'refreshed' then 0 else count end) as failed"),
        )
      return rows.map((row) => ({
        ...row,
        refreshed: Number(row.refreshed),
        failed: Number(row.failed),
      }))
    },
    /** Figures of hours before that are asked for no more. */
    async sweep(before: Date): Promise<void> {
      await db('refresh_counts').where('hour', '<', hourOf(before)).delete()
    },
    async postponed(): Promise<PostponedCount[]> {
      const rows = await db('connections')
        .where('next_check_at', '>', fromNow(db))
        .groupBy('provider')
        .select<{ provider: string; count: number | string; until: Stored }[]>(
          'provider',
          db.raw('count(*) as count'),
          db.raw('max(next_check_at) as until'),
        )
      return rows.map(({ provider, count, until }) => ({
        provider,
        count: Number(count),
        until: toDate(until),
      }))
    },

    /** Runs under way, by their state. */
    async runs(): Promise<Record<'running' | 'queued' | 'paused', number>> {
      const rows = await db('sync_runs')
        .where('active_link_id', '>', 0)
        .groupBy('state')
        .select<{ state: string; count: number | string }[]>('state', db.raw('count(*) as count'))
      const of = (state: string) => Number(rows.find((row) => row.state === state)?.count ?? 0)
      return { running: of('running'), queued: of('queued'), paused: of('paused') }
    },

    /** Which engine serves, and the last migration it knows. */
    async engine(): Promise<{ name: string; version: string; migration: string }> {
      const postgres = isPostgres(db)
      const [row] = await db.select<{ version: string }[]>(
        db.raw(`${versionOf(postgres)} as version`),
      )
      const last = await db('knex_migrations').orderBy('id', 'desc').first<{ name: string }>('name')
      return {
        name: postgres ? 'PostgreSQL' : 'SQLite',
        version: row?.version ?? '',
        migration: last.name,
      }
    },
    /** Connections of this process to the database; asks it nothing. */
    pool(): { used: number; free: number; waiting: number } {
      const { pool } = db.client as { pool?: Pool }
      if (!pool) return { used: 0, free: 0, waiting: 0 }
      return {
        used: pool.numUsed(),
        free: pool.numFree(),
        waiting: pool.numPendingAcquires() + pool.numPendingCreates(),
      }
    },
  }
}

const hourOf = (date: Date) => Math.floor(date.getTime() / 3600_000)

const versionOf = (postgres: boolean) =>
  postgres ? "current_setting('server_version')" : 'sqlite_version()'

/** Sums and counts are texts on PostgreSQL. */
type Counted<Row> = { [Name in keyof Row]: Row[Name] extends number ? number | string : Row[Name] }

/** The part of tarn, Knex's pool, that tells how it is. */
interface Pool {
  numUsed: () => number
  numFree: () => number
  numPendingAcquires: () => number
  numPendingCreates: () => number
}
