import type { Knex } from 'knex'
import { describe, expect, test } from 'vitest'
import type { Connection } from '../../app/store/connection.ts'
import { type Db, isPostgres } from '../../app/store/db.ts'
import { inOneTransaction } from '../../app/store/unit.ts'
import { createCheckHistoryStore } from '../../app/store/check-history.ts'
import type { Health } from '../../app/store/vocabulary.ts'
import { ENGINES } from '../support/databases.ts'
import { countAsked } from '../support/statements.ts'
import { addConnected, ago, DAY_MS, fromNow, HOUR_MS, openContext } from './context.ts'

const PACE_MS = 5 * 60_000
const A_DAY = DAY_MS / PACE_MS
const DAYS = 30
const CONNECTIONS = 2
const MOST_BYTES = 20_000

describe.each(ENGINES)('A month of checks on %s', (engine) => {
  test('takes less than 20 KB a connection, some outages among it', async () => {
    const ctx = await openContext(engine)
    const connections: Connection[] = []
    for (let index = 0; index < CONNECTIONS; index += 1)
      connections.push(await addConnected(ctx, `owner${index}`))
    for (const one of connections)
      await ctx.checkHistory.add(one, { health: 'online' }, ago(40 * DAY_MS))
    const before = await sizeOf(ctx.db) // with a first page for each table and index
    const begins = ago(DAYS * DAY_MS).getTime()

    for (let day = 0; day < DAYS; day += 1) {
      for (const one of connections) await recordDay(ctx.db, one, begins, day)
      const now = new Date(begins + (day + 1) * DAY_MS)
      await ctx.checkHistory.sweep(new Date(now.getTime() - DAYS * DAY_MS), now)
      if (isPostgres(ctx.db)) for (const table of TABLES) await ctx.db.raw(`vacuum ${table}`) // nobody does it by itself here
    }

    const bytes = ((await sizeOf(ctx.db)) - before) / CONNECTIONS
    for (const { id } of connections) expect(await counted(ctx.db, id)).toBe(DAYS * A_DAY)
    expect(bytes).toBeGreaterThan(0)
    expect(bytes).toBeLessThan(MOST_BYTES)
    // A platform's own figures go back a day, however many are connected.
    const [{ n } = { n: 0 }] = await ctx.db('check_totals').count({ n: '*' })
    expect(Number(n)).toBeLessThan(26 * 12 * CONNECTIONS)
  })
})

/** As the ticks of a day do, one check after the other: what any statement under way could see takes room until it ends. */
async function recordDay(db: Db, connection: Connection, begins: number, day: number) {
  const record = async (db: Db) => {
    const history = createCheckHistoryStore(db)
    for (let nth = 0; nth < A_DAY; nth += 1) {
      const at = new Date(begins + day * DAY_MS + nth * PACE_MS)
      await history.add(connection, { health: healthAt(day, nth) }, at)
    }
  }
  if (isPostgres(db)) await inOneMessage(db, record)
  else await inOneTransaction(db, record) // a commit is waited for, and changes no size
}

/** Each statement in a transaction of its own, as it would be, but none waits for the answer to the one before. */
async function inOneMessage(db: Db, work: (db: Db) => Promise<void>) {
  const said: string[] = []
  const note = (sql: string, values: Knex.RawBinding[]) => {
    said.push(`begin; ${db.raw(sql, values).toQuery()}; commit`)
    return Promise.resolve()
  }
  await work(
    new Proxy(db, {
      get: (of, name) => (name === 'raw' ? note : (Reflect.get(of, name) as unknown)),
    }),
  )
  await db.raw(said.join(';\n'))
}

/** An outage of half an hour every third day, and a revocation for a day. */
function healthAt(day: number, nth: number): Health {
  if (day === 17) return 'revoked'
  return day % 3 === 0 && nth >= 100 && nth < 106 ? 'unreachable' : 'online'
}

/** All checks that are counted, over all days and verdicts. */
async function counted(db: Db, connectionId: number): Promise<number> {
  const rows = await db('check_counts').where({ connection_id: connectionId })
  return rows
    .flatMap((row) => Object.entries(row))
    .filter(([name]) => /^n\d+$/.test(name))
    .reduce((sum, [, count]) => sum + Number(count), 0)
}

const TABLES = ['health_changes', 'check_counts']

/** Bytes of the history, indexes and room left by rows that are gone included; without PostgreSQL's maps of free room, 32 KB a table. */
async function sizeOf(db: Db): Promise<number> {
  if (isPostgres(db)) {
    const sizes = TABLES.map(
      (table) => `pg_relation_size('${table}') + pg_indexes_size('${table}')`,
    ).join(' + ')
    const { rows } = await db.raw<{ rows: { bytes: string }[] }>(`select ${sizes} as bytes`)
    return Number(rows[0]?.bytes)
  }
  const [row] = await db.raw<{ bytes: number }[]>(
    `select sum(pgsize) as bytes from dbstat where name in (select name from sqlite_master where tbl_name in (${TABLES.map(() => '?').join()}))`,
    TABLES,
  )
  return Number(row?.bytes)
}

describe.each(ENGINES)('The history of checks on %s', (engine) => {
  test('tells one connection’s counts and changes since a moment, oldest first', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addConnected(ctx, 'marina'), await addConnected(ctx, 'oleg')]
    await ctx.checkHistory.add(marina, { health: 'revoked' }, ago(30 * DAY_MS))
    await ctx.checkHistory.add(marina, { health: 'permission' }, ago(26 * HOUR_MS))
    await ctx.checks.record(oleg, { health: 'permission' })
    for (const health of ['unreachable', 'unreachable', 'online', 'online', 'online'] as const)
      await ctx.checks.record(marina, { health })

    const counts = await ctx.checkHistory.counts(marina.id, ago(HOUR_MS))
    const changes = await ctx.checkHistory.changes(marina.id, ago(HOUR_MS))

    const sums = { unreachable: 0, online: 0, permission: 0, revoked: 0 }
    for (const { health, count } of counts) sums[health] += count
    expect(sums).toEqual({ unreachable: 2, online: 3, permission: 0, revoked: 0 })
    expect(changes.map(({ health }) => health)).toEqual(['permission', 'unreachable', 'online'])
  })

  test('another reason is a change, the same one is none', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    for (const reason of [undefined, undefined, 'no_stores', 'no_stores', 'other_account'])
      await ctx.checks.record(connection, { health: 'online', ...(reason && { reason }) })

    expect(await ctx.db('health_changes').orderBy('id').pluck('reason')).toEqual([
      null,
      'no_stores',
      'other_account',
    ])
  })

  test('a clock that was set back makes no change a check', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    await ctx.checkHistory.add(connection, { health: 'online' }, fromNow(DAY_MS))

    for (let nth = 0; nth < 3; nth += 1)
      await ctx.checks.record(connection, { health: 'unreachable' })

    expect(await ctx.db('health_changes').orderBy('id').pluck('health')).toEqual([
      'online',
      'unreachable',
    ])
  })

  test('what holds is remembered however long ago it began; the rest goes after a month', async () => {
    const ctx = await openContext(engine)
    const [marina, oleg] = [await addConnected(ctx, 'marina'), await addConnected(ctx, 'oleg')]
    await ctx.checkHistory.add(marina, { health: 'online' }, ago(40 * DAY_MS))
    await ctx.checkHistory.add(marina, { health: 'revoked' }, ago(39 * DAY_MS))
    await ctx.checkHistory.add(oleg, { health: 'online' }, ago(38 * DAY_MS))
    await ctx.checkHistory.add(oleg, { health: 'unreachable' }, ago(DAY_MS))

    await ctx.checkHistory.sweep(ago(30 * DAY_MS), new Date())

    expect(await ctx.db('health_changes').orderBy('id').pluck('health')).toEqual([
      'revoked',
      'unreachable',
    ])
    expect(await ctx.checkHistory.changes(marina.id, ago(DAY_MS))).toMatchObject([
      { health: 'revoked' },
    ])
    expect(await ctx.db('check_counts').pluck('connection_id')).toEqual([oleg.id])
    expect(await ctx.db('check_totals').select('span')).toHaveLength(1)
  })

  test('a person’s is forgotten some at a time, and nobody else’s', async () => {
    const ctx = await openContext(engine)
    const [mine, other] = [await addConnected(ctx, 'marina'), await addConnected(ctx, 'oleg')]
    const rows = Array.from({ length: 250 }, (_, nth) => ({
      connection_id: mine.id,
      ...{ changed_at: ago(DAY_MS - nth), health: 'online' },
    }))
    await ctx.db.batchInsert('health_changes', rows, 50)
    await ctx.checkHistory.add(other, { health: 'online' }, ago(HOUR_MS))

    const asked = await countAsked(ctx, () => ctx.checkHistory.forget(mine.userId))

    expect(asked.statements).toHaveLength(3)
    expect(asked.synced).toBe(0)
    expect(await ctx.checkHistory.changes(mine.id, ago(2 * DAY_MS))).toEqual([])
    expect(await ctx.checkHistory.changes(other.id, ago(DAY_MS))).toHaveLength(1)
  })

  test('sweeping goes through thousands of rows in slices', async () => {
    const ctx = await openContext(engine)
    const connection = await addConnected(ctx)
    const rows = Array.from({ length: 1_300 }, (_, nth) => ({
      connection_id: connection.id,
      changed_at: ago(40 * DAY_MS - nth * 60_000),
      health: nth % 2 === 0 ? ('online' as const) : ('unreachable' as const),
    }))
    await ctx.db.batchInsert('health_changes', rows, 100)
    await ctx.checkHistory.add(connection, { health: 'permission' }, new Date())

    await ctx.checkHistory.sweep(ago(30 * DAY_MS), new Date())

    expect(await ctx.db('health_changes').pluck('health')).toEqual(['permission'])
  })
})
