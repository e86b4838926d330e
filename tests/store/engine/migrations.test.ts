import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { migrationSource } from '../../../db/migrations/index.ts'
import { type Db, isPostgres } from '../../../app/store/db.ts'
import { isMigrated, migrate } from '../../../app/store/migrate.ts'
import { ENGINES } from '../../support/databases.ts'
import { emptyDatabase, openHandle } from './empty-database.ts'

/** Starting, migrations included, takes no longer (README, what to expect). */
const HANGS_MS = 120_000

const migrations = await migrationSource.getMigrations([])
const NAMES = migrations.map((one) => migrationSource.getMigrationName(one))

describe.each(ENGINES)('Migrations on %s', (engine) => {
  test('every one goes up, and down again to where it began', async () => {
    const db = openHandle(await emptyDatabase(engine))
    await isMigrated(db) // makes Knex's own tables

    const before: string[][] = []
    for (const name of NAMES) {
      before.push(await schemaOf(db))
      expect(await run(db, 'up')).toEqual([name])
      expect(await schemaOf(db)).not.toEqual(before.at(-1))
    }
    for (const name of NAMES.toReversed()) {
      expect(await run(db, 'down')).toEqual([name])
      expect(await schemaOf(db)).toEqual(before.pop())
    }

    expect(await isMigrated(db)).toBe(false)
  })

  test('what was taken down comes up again', async () => {
    const db = openHandle(await emptyDatabase(engine))
    await migrate(db)
    const before = await schemaOf(db)
    await db.migrate.rollback(undefined, true)

    await migrate(db)

    expect(await schemaOf(db)).toEqual(before)
    expect(await isMigrated(db)).toBe(true)
  })

  test('are recorded in order, by names without an extension', async () => {
    const db = openHandle(await emptyDatabase(engine))

    await migrate(db)

    const rows = await db<{ id: number; name: string }>('knex_migrations').orderBy('id')
    expect(rows.map(({ name }) => name)).toEqual(NAMES)
    expect(NAMES.every((name) => /^\d{3}-[a-z-]+$/.test(name))).toBe(true)
    expect(NAMES).toEqual([...NAMES].sort())
  })

  test('a database that is up to date is left alone', async () => {
    const db = openHandle(await emptyDatabase(engine))
    await migrate(db)
    const before = await db<object>('knex_migrations')

    await migrate(db)

    expect(await db<object>('knex_migrations')).toEqual(before)
  })

  test('four processes that start at once on one empty database all find it ready', async () => {
    const config = await emptyDatabase(engine)
    const handles = [1, 2, 3, 4].map(() => openHandle(config))

    await Promise.all(handles.map((db) => migrate(db)))

    expect(await Promise.all(handles.map(isMigrated))).toEqual([true, true, true, true])
    const rows = await handles[0]?.<{ name: string }>('knex_migrations').select('name')
    expect(rows?.map(({ name }) => name).sort()).toEqual(NAMES)
  })

  test('an older database gets what is missing, and four starters do not quarrel over it', async () => {
    const config = await emptyDatabase(engine)
    const db = openHandle(config)
    for (let nth = 1; nth <= 4; nth += 1) await db.migrate.up()
    const handles = [1, 2, 3, 4].map(() => openHandle(config))

    await Promise.all(handles.map((handle) => migrate(handle)))

    const rows = await db<{ name: string }>('knex_migrations').select('name')
    expect(rows.map(({ name }) => name).sort()).toEqual(NAMES)
  })

  test('pairs that are there name the platforms they were between', async () => {
    const db = openHandle(await emptyDatabase(engine))
    await upTo(db, '039-photos-ahead')
    const at = new Date()
    const person = { id: 1, name: 'Марина', email: 'm@example.ru', created_at: at, updated_at: at }
    await db('users').insert({ ...person, role: 'owner', password_hash: '' })
    const pair = { user_id: 1, store_name: '', community_name: '', community_url: '' }
    for (const [store_id, community_id] of [
      ['one', '7'],
      ['two', ''],
    ] as const)
      await db('sync_links').insert({
        ...{ ...pair, store_id, community_id, settings: '{}', created_at: at },
        ...{ sealed_feed_key: 'x', feed_hash: store_id },
      })

    await migrate(db)

    const rows = await db('sync_links').orderBy('id').select('source', 'target', 'store_id')
    expect(rows).toEqual([
      { source: 'evotor', target: 'vk', store_id: 'one' },
      { source: 'evotor', target: '', store_id: 'two' },
    ])
  })

  test('a database we cannot understand is not waited for', async () => {
    const db = openHandle(await emptyDatabase(engine))
    await isMigrated(db)
    await db('knex_migrations').insert({ name: '999-from-the-future', batch: 1 })

    await expect(migrate(db)).rejects.toThrow('999-from-the-future')
  })

  // Two starters that make Knex's lock table at once may each put a row into it; Knex then takes it for locked for ever.
  test('two rows in the lock table, neither locked, hold up no start', async () => {
    const db = openHandle(await emptyDatabase(engine))
    await isMigrated(db)
    await db('knex_migrations_lock').insert({ is_locked: 0 })

    // With all patience in the world: nothing but seeing that nobody holds it ends the waiting.
    const start = migrate(db, Infinity).then(() => 'ready', String)

    expect(await Promise.race([start, pause(HANGS_MS, 'still waiting')])).toBe('ready')
  })
})

test('both engines have the same tables with the same columns', async () => {
  const [sqlite, postgres] = await Promise.all(
    ENGINES.map(async (engine) => {
      const db = openHandle(await emptyDatabase(engine))
      await migrate(db)
      return db
    }),
  )
  if (!sqlite || !postgres) throw new Error('an engine is missing')
  const tables = (await schemaOf(sqlite)).flatMap((line) => /^table (.+)$/.exec(line)?.[1] ?? [])

  const columns = await Promise.all([sqlite, postgres].map((db) => columnsOf(db, tables)))

  expect(tables).toContain('connections')
  expect(columns[0]).toEqual(columns[1])
})

async function run(db: Db, way: 'up' | 'down'): Promise<string[]> {
  const [, names] = (await db.migrate[way]()) as [number, string[]]
  return names
}

/** Every table, column and index, in words. */
async function schemaOf(db: Db): Promise<string[]> {
  const found = isPostgres(db)
    ? await db.raw<{ rows: { line: string }[] }>(
        `select 'table ' || tablename as line from pg_tables where schemaname = 'public'
         union all select 'index ' || indexname from pg_indexes where schemaname = 'public'`,
      )
    : await db.raw<{ line: string }[]>(
        `select type || ' ' || name as line from sqlite_master where name not like 'sqlite_%'`,
      )
  const rows = Array.isArray(found) ? found : found.rows
  const lines = rows.map(({ line }) => line)
  const tables = lines.flatMap((line) => /^table (.+)$/.exec(line)?.[1] ?? [])
  const columns = Object.entries(await columnsOf(db, tables)).map(
    ([table, names]) => `columns ${table} ${names.join()}`,
  )
  return [...lines, ...columns, ...(await typesOf(db, tables))].sort()
}

async function typesOf(db: Db, tables: string[]): Promise<string[]> {
  const infos = tables.map(async (table) => {
    const info = await db(table).columnInfo()
    return Object.entries(info).map(([name, { type }]) => `type ${table}.${name} ${type}`)
  })
  return (await Promise.all(infos)).flat()
}

async function columnsOf(db: Db, tables: string[]) {
  const infos = tables.map(async (table) => {
    const info = await db(table).columnInfo()
    return [table, Object.keys(info).sort()] as const
  })
  return Object.fromEntries(await Promise.all(infos))
}

async function upTo(db: Db, name: (typeof NAMES)[number]) {
  for (const one of NAMES) {
    await run(db, 'up')
    if (one === name) return
  }
}
