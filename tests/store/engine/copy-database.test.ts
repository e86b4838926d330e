import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { DatabaseConfig } from '../../../app/config/database.ts'
import { createVault } from '../../../app/crypto/vault.ts'
import { copyAll, type Copied } from '../../../app/store/copy-database.ts'
import { type Row, shapeOf, type Value } from '../../../app/store/copy-columns.ts'
import { copyOrder, COUNTED_BY_TRIGGERS } from '../../../app/store/copy-order.ts'
import { type Db, isPostgres } from '../../../app/store/db.ts'
import { openDatabase } from '../../../app/store/prepare.ts'
import { labels } from '../../../app/store/sealed-columns.ts'
import { schemaOf } from '../../../app/store/undo.ts'
import { type Engine, freshDatabase } from '../../support/databases.ts'
import { emptyDatabase, openHandle } from './empty-database.ts'

const ROWS = 1_203
const vault = createVault([{ id: 'k1', bytes: randomBytes(32) }])

describe.each<[Engine, Engine]>([
  ['sqlite', 'postgres'],
  ['postgres', 'sqlite'],
])('A copy of everything, from %s to %s', (one, other) => {
  test('has every row of every table, counters and counts included, and what is sealed opens', async () => {
    const from = await filled(one)
    const to = end(await emptyDatabase(other))
    const copied: Copied[] = []

    await copyAll(from, to, (table) => copied.push(table))

    const tables = [...(await schemaOf(from.db)).keys()].filter(
      (name) => !/^(knex_|sqlite_)/.test(name),
    )
    expect(copied.map(({ table }) => table).sort()).toEqual(tables.sort())
    expect(copied.filter(({ rows }) => rows < ROWS)).toEqual([])
    for (const table of COUNTED_BY_TRIGGERS)
      expect(await to.db.from(table).sum('count as sum')).toEqual(
        (await from.db.from(table).sum('count as sum')).map(like(to.db)),
      )
    const sealed = await to.db('webhooks').where({ id: 7 }).first('sealed_secret')
    expect(vault.open(sealed?.sealed_secret ?? '', labels.webhookSecret(7))).toBe('secret-7')
    const [added] = await to.db('letters').insert(letter()).returning('id')
    expect(added?.id).toBe(ROWS + 11) // ten after the last had been there once
    await openDatabase(to.db, to.config, { waitMs: 0 })
  })

  test('cut short, no start takes it for a whole; the next run leaves nothing twice', async () => {
    const from = await filled(one, 30)
    const to = end(await emptyDatabase(other))
    const cut = copyAll(from, to, () => {
      throw new Error('cut')
    })
    await expect(cut).rejects.toThrow('cut')

    await expect(openDatabase(to.db, to.config, { waitMs: 0 })).rejects.toThrow('не закончено')
    const copied: Copied[] = []
    await copyAll(from, to, (table) => copied.push(table))

    expect(copied.find(({ table }) => table === 'users')?.rows).toBe(30)
    await openDatabase(to.db, to.config, { waitMs: 0 })
  })

  test('somebody’s data is not copied over', async () => {
    const from = await filled(one, 3)
    const to = await filled(other, 2)

    await expect(copyAll(from, to, () => undefined)).rejects.toThrow('не пуста: в ней есть строки')

    expect(await to.db('users').orderBy('id').pluck('id')).toEqual([1, 2])
  })
})

test('all that triggers write to is known', async () => {
  const { db } = end(await freshDatabase('sqlite'))
  const triggers = await db.raw<{ sql: string }[]>(
    "select sql from sqlite_master where type = 'trigger'",
  )

  const written = triggers.flatMap(({ sql }) =>
    [...sql.matchAll(/(?:insert into|update|delete from) (\w+)/g)].map(([, name]) => name),
  )

  const known = new Set(written.filter((name) => !['of', 'set'].includes(name ?? '')))
  expect([...known].sort()).toEqual([...COUNTED_BY_TRIGGERS].sort())
})

const end = (config: DatabaseConfig) => ({ config, db: openHandle(config) })

/** Sums come as texts from PostgreSQL. */
const like = (db: Db) => (row: { sum?: unknown }) => ({
  sum: isPostgres(db) ? String(row.sum) : Number(row.sum),
})

/** Rows in every table there is, whatever it is called; every seventh has nothing where that may be. */
async function filled(engine: Engine, rows = ROWS) {
  const made = end(await freshDatabase(engine))
  const { db } = made
  const shape = await shapeOf(db)
  for (const table of await copyOrder(db, [...shape.keys()])) {
    const info = (await db.from(table).columnInfo()) as Record<
      string,
      { nullable: boolean; maxLength: number | string | null }
    >
    const lines = Array.from({ length: rows }, (_, at): Row =>
      Object.fromEntries(
        [...(shape.get(table) ?? [])].map(([name, kind]) => [
          name,
          at % 7 === 6 && info[name]?.nullable && !KEYS.has(name)
            ? null
            : valueOf(name, kind, at + 1, Number(info[name]?.maxLength ?? 99)),
        ]),
      ),
    )
    await db.from(table).delete()
    for (let at = 0; at < rows; at += 100) await db.from(table).insert(lines.slice(at, at + 100))
    if (isPostgres(db) && shape.get(table)?.has('id'))
      await db.raw(`select setval(pg_get_serial_sequence(?, 'id'), ?)`, [table, rows])
  }
  for (let at = 0; at < 10; at += 1) {
    const [gone] = await db('letters').insert(letter()).returning('id')
    await db('letters')
      .where({ id: gone?.id ?? 0 })
      .delete()
  }
  return made
}

/** Of primary keys that are texts; SQLite says they may be nothing. */
const KEYS = new Set(['key', 'key_id', 'lane', 'provider'])

const letter = () => ({
  user_id: 1,
  kind: 'x',
  details: '{}',
  tries: 0,
  next_at: new Date(),
  created_at: new Date(),
})

function valueOf(name: string, kind: string, at: number, longest: number): Value {
  if (name === 'founder') return at === 1 ? true : null
  if (name === 'sealed_secret') return vault.seal(`secret-${at}`, labels.webhookSecret(at))
  if (kind === 'time') return new Date(1_790_000_000_000 + at)
  if (kind === 'flag') return at % 2 === 0
  if (kind === 'bytes') return Buffer.from([at % 256, 0, 255])
  return kind === 'number' ? at : `ё${at.toString(36)}`.slice(0, longest || 99)
}
