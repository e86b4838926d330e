import { describe, expect, test } from 'vitest'
import { createCheckHistoryStore } from '../../../app/store/check-history.ts'
import { createOverviewStore } from '../../../app/store/overview.ts'
import type { Db } from '../../../app/store/db.ts'
import { migrate } from '../../../app/store/migrate.ts'
import type { Health } from '../../../app/store/vocabulary.ts'
import { ENGINES } from '../../support/databases.ts'
import { emptyDatabase, openHandle } from './empty-database.ts'

const BEFORE = '041-text-ids'
const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS
/** The middle of a half hour, so that what stands a few minutes beside it is in the same. */
const NOON = new Date(Math.floor(Date.now() / DAY_MS) * DAY_MS - 2 * DAY_MS + 12.25 * 3600_000)

describe.each(ENGINES)('Folding a row a check on %s', (engine) => {
  test('keeps the changes and the counts, and the old rows are gone', async () => {
    const db = await before(engine, 2)
    await addChecks(db, [
      [1, 0, 'online'],
      [1, 5, 'unreachable', 'provider_unavailable'],
      [1, 10, 'unreachable', 'provider_unavailable'],
      [1, 40, 'unreachable', 'tls_error'],
      [1, 45, 'online'],
      [2, 5, 'revoked', 'token_revoked'],
    ])

    await migrate(db)

    const history = createCheckHistoryStore(db)
    expect(await db.schema.hasTable('health_checks')).toBe(false)
    expect(plain(await history.changes(1, new Date(0)))).toEqual([
      [0, 'online'],
      [5, 'unreachable'],
      [40, 'unreachable'],
      [45, 'online'],
    ])
    expect(
      await db('health_changes').where({ connection_id: 1 }).orderBy('id').pluck('reason'),
    ).toEqual([null, 'provider_unavailable', 'tls_error', null])
    const counts = await history.counts(1, new Date(0))
    expect(counts.map(({ from, health, count }) => [at(from), health, count]).sort()).toEqual(
      [
        [-15, 'online', 1],
        [-15, 'unreachable', 2],
        [15, 'unreachable', 1],
        [45, 'online', 1],
      ].sort(),
    )
    expect(await history.counts(2, new Date(0))).toHaveLength(1)
  })

  test('a process killed after some slices is gone on with, and counts nothing twice', async () => {
    const db = await before(engine, 40)
    const moments = Array.from({ length: 400 }, (_, nth) => nth)
    for (let id = 1; id <= 40; id += 1)
      await addChecks(
        db,
        moments.map((nth) => [id, nth, nth % 100 === 0 ? 'unreachable' : 'online']),
      )
    const killed = killAfter(db, 2)

    await expect(db.migrate.up()).rejects.toThrow('killed')
    killed()
    const [left] = await db('health_checks' as 'users').count<{ n: number | string }[]>({ n: '*' })
    await db('health_checks').insert(rowOf([1, 399, 'online'])) // the version before went on in between
    await db.migrate.forceFreeMigrationsLock()
    await migrate(db)

    expect(Number(left?.n)).toBeLessThan(16_000)
    expect(Number(left?.n)).toBeGreaterThan(0)
    for (const id of [1, 20, 40]) {
      const counts = await createCheckHistoryStore(db).counts(id, new Date(0))
      const sum = (wanted: Health) =>
        counts.filter(({ health }) => health === wanted).reduce((all, { count }) => all + count, 0)
      expect([id, sum('unreachable'), sum('online')]).toEqual([id, 4, id === 1 ? 397 : 396])
    }
  })

  test('figures of the last day are those of before', async () => {
    const db = await before(engine, 2)
    const now = Date.now()
    const check = (id: number, minutesAgo: number, health: Health) => ({
      connection_id: id,
      checked_at: new Date(now - minutesAgo * MINUTE_MS),
      health,
    })
    await db('health_checks').insert([
      check(1, 1, 'online'),
      check(2, 2, 'unreachable'),
      check(2, 300, 'online'),
      check(2, 3000, 'online'),
    ])

    await migrate(db)

    const overview = createOverviewStore(db)
    expect(await overview.checks(new Date(now - 60 * MINUTE_MS))).toEqual([
      { provider: 'vk', passed: 1, failed: 1 },
    ])
    expect(await overview.checks(new Date(now - DAY_MS))).toEqual([
      { provider: 'vk', passed: 2, failed: 1 },
    ])
  })

  test('taken back, the changes are checks again', async () => {
    const db = await before(engine, 1)
    await addChecks(db, [
      [1, 0, 'online'],
      [1, 5, 'online'],
      [1, 10, 'revoked', 'token_revoked'],
    ])
    await migrate(db)

    await db.migrate.down({ name: '042-check-history' })

    const rows = await db('health_checks')
      .orderBy('id')
      .select<{ checked_at: Date; health: string; reason: string | null }[]>(
        'checked_at',
        'health',
        'reason',
      )
    expect(
      rows.map(({ checked_at, health, reason }) => [at(new Date(checked_at)), health, reason]),
    ).toEqual([
      [0, 'online', null],
      [10, 'revoked', 'token_revoked'],
    ])
  })
})

type Check = [connection: number, minutes: number, health: Health, reason?: string]

/** The last schema that had a row a check, and so many connections of VK. */
async function before(engine: (typeof ENGINES)[number], connections: number): Promise<Db> {
  const db = openHandle(await emptyDatabase(engine))
  for (let done = ''; done !== BEFORE;) {
    const [, [name = '']] = (await db.migrate.up()) as [number, string[]]
    done = name
  }
  const moment = new Date()
  for (let id = 1; id <= connections; id += 1) {
    const times = { created_at: moment, updated_at: moment }
    await db('users').insert({
      id,
      email: `${id}@example.ru`,
      name: 'Марина',
      role: 'owner',
      ...times,
    })
    await db('connections').insert({
      ...{ id, user_id: id, provider: 'vk', profile: '{}', sealed_tokens: '', renewable: false },
      ...{ is_online: true, health: 'online', connected_at: moment, updated_at: moment },
      ...{ revision: 1, failed_checks: 0 },
    })
  }
  return db
}

const rowOf = ([connection_id, minutes, health, reason]: Check) => ({
  connection_id,
  checked_at: new Date(NOON.getTime() + minutes * MINUTE_MS),
  health,
  reason: reason ?? null,
})

async function addChecks(db: Db, checks: Check[]) {
  await db('health_checks').insert(checks.map(rowOf))
}

/** Minutes from noon. */
const at = (date: Date) => (date.getTime() - NOON.getTime()) / MINUTE_MS
const plain = (changes: { at: Date; health: Health }[]) =>
  changes.map((change) => [at(change.at), change.health])

/** Nothing gets through any more once so many slices have been folded; gives what lets it live again. */
function killAfter(db: Db, slices: number): () => void {
  let folded = 0
  const count = ({ sql }: { sql: string }) => {
    if (sql.includes('insert into check_counts')) folded += 1
    if (folded > slices && sql.includes('insert into check_totals')) throw new Error('killed')
  }
  db.on('query', count)
  return () => void db.removeListener('query', count)
}
