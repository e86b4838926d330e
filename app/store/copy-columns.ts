import { createHash } from 'node:crypto'
import { type Db, isPostgres } from './db.ts'

/** What a column holds, whichever engine keeps it. */
export type Kind = 'time' | 'flag' | 'bytes' | 'number' | 'text'

/** Columns of every table of ours by their kinds; Knex's own two are left out. */
export type Shape = ReadonlyMap<string, ReadonlyMap<string, Kind>>

/** Reads what a database has: a table nobody has thought of here is copied like the others. */
export async function shapeOf(db: Db): Promise<Shape> {
  const found = await db.raw<{ rows: Column[] } | Column[]>(isPostgres(db) ? POSTGRES : SQLITE)
  const shape = new Map<string, Map<string, Kind>>()
  for (const { table, column, type } of Array.isArray(found) ? found : found.rows) {
    if (/^(knex_migrations|sqlite_)/.test(table)) continue
    const columns = shape.get(table) ?? new Map<string, Kind>()
    shape.set(table, columns.set(column, kindOf(type.toLowerCase())))
  }
  return shape
}

interface Column {
  table: string
  column: string
  type: string
}

const POSTGRES = `select c.relname as "table", a.attname as "column", format_type(a.atttypid, null) as type
  from pg_class c join pg_attribute a on a.attrelid = c.oid
  where c.relkind = 'r' and c.relnamespace = to_regnamespace(current_schema()) and a.attnum > 0
    and not a.attisdropped order by 1, a.attnum`
const SQLITE = `select m.name as "table", c.name as "column", c.type as type
  from sqlite_master m join pragma_table_info(m.name) c where m.type = 'table' order by 1, c.cid`

function kindOf(type: string): Kind {
  if (/^(timestamp|datetime)/.test(type)) return 'time'
  if (type === 'boolean') return 'flag'
  if (/^(bytea|blob)/.test(type)) return 'bytes'
  return /int|real|double|float|numeric|decimal/.test(type) ? 'number' : 'text'
}

export type Value = string | number | boolean | Date | Uint8Array | null
export type Row = Record<string, Value>

/** One row as both engines take it. */
export function portable(row: Row, columns: ReadonlyMap<string, Kind>): Row {
  return Object.fromEntries(
    [...columns].map(([name, kind]) => [name, valueOf(row[name] ?? null, kind)]),
  )
}

function valueOf(value: Value, kind: Kind): Value {
  if (value === null) return null
  if (kind === 'time') return timeOf(value)
  if (kind === 'flag') return Boolean(Number(value))
  if (kind === 'number') return typeof value === 'string' ? numberOf(value) : value
  return value
}

function timeOf(value: Value): Date {
  if (value instanceof Date) return value
  return new Date(typeof value === 'string' && !/^-?\d+$/.test(value) ? value : Number(value))
}

/** PostgreSQL gives large integers as texts, which its own columns take, and those of SQLite too. */
const numberOf = (text: string) => (Number.isSafeInteger(Number(text)) ? Number(text) : text)

/** Tells whether two tables hold the same rows, in whatever order they come. */
export function createDigest(columns: ReadonlyMap<string, Kind>) {
  const sum = Buffer.alloc(32)
  const names = [...columns.keys()].sort()
  let rows = 0
  return {
    add(row: Row) {
      const hash = createHash('sha256')
      for (const name of names) hash.update(`${textOf(row[name] ?? null)}\u001f`)
      hash.digest().forEach((byte, at) => {
        sum[at] = (sum[at] ?? 0) ^ byte
      })
      rows += 1
    },
    result: () => ({ rows, checksum: sum.toString('hex') }),
  }
}

function textOf(value: Value): string {
  if (value === null) return '\u0000'
  if (value instanceof Date) return String(value.getTime())
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  return typeof value === 'boolean' ? String(Number(value)) : String(value)
}
