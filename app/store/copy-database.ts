import path from 'node:path'
import type { DatabaseConfig } from '../config/database.ts'
import { ConfigError } from '../errors.ts'
import { createDigest, type Kind, type Row, type Shape, shapeOf } from './copy-columns.ts'
import { copyOrder } from './copy-order.ts'
import { openSource, type Source } from './copy-rows.ts'
import { type Db, isPostgres } from './db.ts'
import { relaxed } from './durability.ts'
import { isMigrated, migrate } from './migrate.ts'
import { COPYING } from './schema-version.ts'

/** A table that is over. */
export interface Copied {
  table: string
  rows: number
}

/** One end of the way. */
export interface End {
  db: Db
  config: DatabaseConfig
}

/** Most values of one statement that both engines take. */
const MOST_VALUES = 20_000

/**
 * Copies every row into an empty database of either engine and compares both ends. What was begun and cut short begins
 * anew; nothing starts on such a half. `told` hears of each table that has proved to be the same.
 * @throws ConfigError in words
 */
export async function copyAll(from: End, to: End, told: (copied: Copied) => void): Promise<void> {
  if (!(await isMigrated(from.db)))
    refuse(
      'база, из которой копируют, старше этой версии EvoSync. Сначала выполните npm run migrate',
    )
  await migrate(to.db)
  const shape = await shapeOf(to.db)
  const order = await copyOrder(
    to.db,
    [...shape.keys()].filter((table) => table !== COPYING),
  )
  await begin(to.db, order)
  const file = from.config.client === 'sqlite' ? path.resolve(from.config.file) : undefined
  const source = await openSource(from.db, file)
  try {
    const sums = new Map<string, Sum>()
    for (const table of order) sums.set(table, await copyTable(source, to.db, table, shape))
    await carryCounters(from.db, to.db, order)
    await compare(to, order, shape, sums, told)
  } finally {
    await source.close()
  }
  await to.db.schema.dropTable(COPYING)
}

/** Only what we have begun ourselves may be emptied. */
async function begin(db: Db, order: readonly string[]) {
  if (await db.schema.hasTable(COPYING)) {
    for (const table of order.toReversed()) await db.from(table).delete()
    return
  }
  for (const table of order) {
    if ((await db.from(table).first(db.raw('1'))) !== undefined) {
      refuse(`база, в которую копируют, не пуста: в ней есть строки в ${table}. Создайте новую`)
    }
  }
  await db.schema.createTable(COPYING, (table) => {
    table.datetime('began_at')
  })
}

type Sum = ReturnType<ReturnType<typeof createDigest>['result']>

async function copyTable(source: Source, db: Db, table: string, shape: Shape): Promise<Sum> {
  const columns = shape.get(table) ?? new Map<string, Kind>()
  const digest = createDigest(columns)
  await db.from(table).delete() // what triggers have counted
  for await (const slice of source.slices(table, columns)) {
    for (const row of slice) digest.add(row)
    await insert(db, table, slice, columns.size)
  }
  return digest.result()
}

async function insert(db: Db, table: string, rows: readonly Row[], columns: number) {
  const most = Math.max(1, Math.floor(MOST_VALUES / columns))
  for (let at = 0; at < rows.length; at += most) {
    try {
      await relaxed(db.from(table).insert(rows.slice(at, at + most)))
    } catch (cause) {
      const why = cause instanceof Error && 'code' in cause ? String(cause.code) : 'без кода'
      throw new ConfigError(
        [
          `Таблица ${table} не копируется: база не принимает её строк (${why}). Исправьте их и повторите, копирование начнётся заново.`,
        ],
        { cause },
      )
    }
  }
}

/** The next row gets no number that one had before. */
async function carryCounters(from: Db, to: Db, order: readonly string[]) {
  const shape = await shapeOf(to)
  for (const table of order) {
    if (shape.get(table)?.get('id') !== 'number') continue
    const last = await counterOf(from, table)
    if (last === 0) continue
    if (isPostgres(to)) {
      await to.raw(`select setval(pg_get_serial_sequence(?, 'id'), ?)`, [table, last])
    } else {
      await to.raw('delete from sqlite_sequence where name = ?', [table])
      await to.raw('insert into sqlite_sequence (name, seq) values (?, ?)', [table, last])
    }
  }
}

async function counterOf(db: Db, table: string): Promise<number> {
  const found = await db.raw<{ rows: Counter[] } | Counter[]>(
    isPostgres(db)
      ? `select coalesce(pg_sequence_last_value(pg_get_serial_sequence(?, 'id')::regclass), 0) as last`
      : 'select coalesce(max(seq), 0) as last from sqlite_sequence where name = ?',
    [table],
  )
  const [row] = Array.isArray(found) ? found : found.rows
  return Number(row?.last ?? 0)
}

interface Counter {
  last: number | string
}

async function compare(
  to: End,
  order: readonly string[],
  shape: Shape,
  sums: ReadonlyMap<string, Sum>,
  told: (copied: Copied) => void,
) {
  const file = to.config.client === 'sqlite' ? path.resolve(to.config.file) : undefined
  const written = await openSource(to.db, file)
  try {
    for (const table of order) {
      const columns = shape.get(table) ?? new Map<string, Kind>()
      const digest = createDigest(columns)
      for await (const slice of written.slices(table, columns))
        for (const row of slice) digest.add(row)
      const [read, sent] = [digest.result(), sums.get(table)]
      if (read.rows !== sent?.rows || read.checksum !== sent.checksum)
        refuse(
          `таблица ${table} не сошлась: прочитано строк ${sent?.rows ?? 0}, записано ${read.rows}. Остановите всё, что работает с этими базами, и повторите`,
        )
      told({ table, rows: read.rows })
    }
  } finally {
    await written.close()
  }
}

function refuse(words: string): never {
  throw new ConfigError([`Не скопировано: ${words}.`])
}
