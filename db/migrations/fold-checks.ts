import type { Knex } from 'knex'

/** Checks folded in one transaction, and those of the last connection among them to their end. */
const AT_ONCE = 5_000
const HALVES = 48
const DAY_S = 24 * 3600
const HALF_S = 1800
const SPAN_S = 300
/** Figures of platforms go no further back. */
const TOTALS_S = 26 * 3600

/**
 * Checks, a row each, become changes and counts. A slice is done or not: whoever is killed goes on with what is left,
 * also when the version before has checked in between.
 */
export async function foldChecks(db: Knex) {
  for (;;) {
    const last = await endOfSlice(db)
    if (last === undefined) return
    await db.transaction((slice) => fold(slice, last))
  }
}

/** The connection with which the next slice ends; undefined when there is nothing left. */
async function endOfSlice(db: Knex): Promise<number | undefined> {
  const [nth] = await db('health_checks')
    .orderBy('connection_id')
    .offset(AT_ONCE - 1)
    .limit(1)
    .select<{ connection_id: number }[]>('connection_id')
  if (nth) return nth.connection_id
  const [row] = await db('health_checks').max<{ last: number | null }[]>({ last: 'connection_id' })
  return row?.last ?? undefined
}

async function fold(slice: Knex, last: number) {
  await showLife(slice)
  const seconds = secondsOf(slice)
  await slice.raw(CHANGES, [last])
  await slice.raw(countsOf(seconds), [last])
  await slice.raw(totalsOf(seconds), [last, Math.floor(Date.now() / 1000) - TOTALS_S])
  await slice('health_checks').where('connection_id', '<=', last).delete()
}

/**
 * Whoever waits for the lock of migrations sees that its holder lives. The row is held until the slice is done, so that
 * two who both believe they have the lock fold one after the other.
 */
async function showLife(slice: Knex) {
  await slice('knex_migrations_lock').update({ is_locked: slice.raw('is_locked + 1') })
}

/** The moment of a check in whole seconds since 1970. */
const secondsOf = (db: Knex) =>
  (db.client as { driverName: string }).driverName === 'pg'
    ? 'cast(floor(extract(epoch from checked_at)) as bigint)'
    : 'checked_at / 1000'

const CHANGES = `
  insert into health_changes (connection_id, changed_at, health, reason)
  select connection_id, checked_at, health, reason
  from (
    select *,
      lag(health) over (partition by connection_id order by checked_at, id) as before,
      lag(reason) over (partition by connection_id order by checked_at, id) as reason_before
    from health_checks where connection_id <= ?
  ) as told
  where before is distinct from health or reason_before is distinct from reason
  order by connection_id, checked_at, id`

const halves = Array.from({ length: HALVES }, (_, half) => `n${half}`)

/** Nothing stays nothing. */
const added = (half: string) =>
  `coalesce(check_counts.${half} + excluded.${half}, check_counts.${half}, excluded.${half})`

const countsOf = (seconds: string) => `
  insert into check_counts (connection_id, day, health, ${halves.join()})
  select connection_id, day, health,
    ${halves.map((_, half) => `sum(case when half = ${half} then 1 end)`).join()}
  from (
    select connection_id, health, at / ${DAY_S} as day, at % ${DAY_S} / ${HALF_S} as half
    from (select connection_id, health, ${seconds} as at from health_checks where connection_id <= ?) as moments
  ) as placed
  where true group by connection_id, day, health
  on conflict (connection_id, day, health) do update set
    ${halves.map((half) => `${half} = ${added(half)}`).join()}`

const totalsOf = (seconds: string) => `
  insert into check_totals (span, provider, slot, passed, failed)
  select span, provider, slot, sum(passed), sum(1 - passed)
  from (
    select ${seconds} / ${SPAN_S} as span, provider, 0 as slot,
      case when health_checks.health = 'online' then 1 else 0 end as passed
    from health_checks join connections on connections.id = connection_id
    where connection_id <= ? and ${seconds} >= ?
  ) as placed
  where true group by span, provider, slot
  on conflict (span, provider, slot) do update set
    passed = check_totals.passed + excluded.passed, failed = check_totals.failed + excluded.failed`
