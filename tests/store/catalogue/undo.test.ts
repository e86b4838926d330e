import { describe, expect, test } from 'vitest'
import { MIGRATION_NAMES } from '../../../db/migrations/index.ts'
import { type Db, isPostgres } from '../../../app/store/db.ts'
import { isMigrated, migrate, partBatches } from '../../../app/store/migrate.ts'
import { doneMigrations, lossOf, undoLast } from '../../../app/store/undo.ts'
import { ENGINES } from '../../support/databases.ts'
import { addConnected, openContext } from '../context.ts'
import { emptyDatabase, openHandle } from '../engine/empty-database.ts'

describe.each(ENGINES)('Taking migrations back on %s', (engine) => {
  test('a start records each migration by itself, so that Knex too takes back one', async () => {
    const db = openHandle(await emptyDatabase(engine))
    await migrate(db)

    await db.migrate.rollback()

    expect(await doneMigrations(db)).toEqual(MIGRATION_NAMES.slice(0, -1).toReversed())
  })

  test('what was recorded as one batch is parted, in its order', async () => {
    const db = openHandle(await emptyDatabase(engine))
    await db.migrate.latest()

    await partBatches(db)

    const rows = await db<{ batch: number }>('knex_migrations').orderBy('id').select('batch')
    expect(rows.map(({ batch }) => batch)).toEqual(MIGRATION_NAMES.map((_, nth) => nth + 1))
  })

  test('the loss is told beforehand, and telling it loses nothing', async () => {
    const ctx = await openContext(engine)
    await addConnected(ctx)

    const loss = await lossOf(ctx.db, await doneMigrations(ctx.db))

    expect(loss.tables).toContainEqual({ name: 'connections', rows: 1 })
    expect(await countAll(ctx.db)).toMatchObject({ connections: 1, users: 1 })
    expect(await isMigrated(ctx.db)).toBe(true)
  })

  test('step by step, nothing is lost but what was told', async () => {
    const ctx = await openContext(engine)
    await fill(ctx.db, (await addConnected(ctx)).id)

    for (const name of MIGRATION_NAMES.toReversed()) {
      const before = await countAll(ctx.db)
      const loss = await lossOf(ctx.db, [name])
      await undoLast(ctx.db)

      for (const { name: table } of loss.tables) Reflect.deleteProperty(before, table)
      const { knex_migrations: done, ...left } = await countAll(ctx.db)
      for (const table of Object.keys(left))
        if (!(table in before)) Reflect.deleteProperty(left, table) // back again
      expect({ ...left, knex_migrations: (done ?? 0) + 1 }, name).toEqual(before)
    }
    expect(await doneMigrations(ctx.db)).toEqual([])
  })
})

/** Rows that hang on the connection: a table made anew would take them along. */
async function fill(db: Db, connectionId: number) {
  const at = new Date()
  await db('health_changes').insert({
    connection_id: connectionId,
    changed_at: at,
    health: 'online',
  })
  await db('events').insert({ at, event: 'connected' })
}

async function countAll(db: Db): Promise<Record<string, number>> {
  const found = await db.raw<{ rows: { name: string }[] } | { name: string }[]>(
    isPostgres(db)
      ? "select tablename as name from pg_tables where schemaname = 'public'"
      : "select name from sqlite_master where type = 'table' and name not like 'sqlite%'",
  )
  const tables = Array.isArray(found) ? found : found.rows
  const counted = tables.map(async ({ name }) => {
    const [row] = await db(name).count<{ rows: number | string }[]>({ rows: '*' })
    return [name, Number(row?.rows)] as const
  })
  return Object.fromEntries(await Promise.all(counted))
}
