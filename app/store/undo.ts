import { MIGRATIONS_TABLE, migrationSource } from '../../db/migrations/index.ts'
import { type Db, isPostgres } from './db.ts'

/** What taking migrations back costs: `sync_runs` with so many rows, columns as `connections.ends_at`. */
export interface Loss {
  tables: { name: string; rows: number }[]
  columns: string[]
}

/** Names of the migrations this database has had, newest first. */
export async function doneMigrations(db: Db): Promise<string[]> {
  const rows = await db(MIGRATIONS_TABLE).orderBy('id', 'desc').select('name')
  return rows.map(({ name }) => name)
}

/** Takes migrations back for a moment, inside a transaction that is given up, and looks at what is missing then. */
export async function lossOf(db: Db, names: readonly string[]): Promise<Loss> {
  const all = await migrationSource.getMigrations([])
  const given = await db.transaction()
  try {
    const before = await schemaOf(given)
    const rows = await countRows(given, [...before.keys()])
    for (const name of names) {
      const found = all.find((one) => migrationSource.getMigrationName(one) === name)
      if (!found) throw new Error(`no migration ${name}`)
      await (await migrationSource.getMigration(found)).down?.(given)
    }
    const after = await schemaOf(given)
    const columns = [...before].flatMap(([table, names]) =>
      after.has(table)
        ? names.filter((one) => !after.get(table)?.includes(one)).map((one) => `${table}.${one}`)
        : [],
    )
    return { tables: rows.filter(({ name }) => !after.has(name)), columns }
  } finally {
    await given.rollback()
  }
}

/** Takes back the newest migration. */
export async function undoLast(db: Db): Promise<void> {
  await db.migrate.down()
}

async function countRows(db: Db, tables: string[]): Promise<Loss['tables']> {
  const counted = []
  for (const name of tables) {
    const [row] = await db(name).count<{ rows: number | string }[]>({ rows: '*' })
    counted.push({ name, rows: Number(row?.rows) })
  }
  return counted
}

/** Columns by table. */
export async function schemaOf(db: Db): Promise<Map<string, string[]>> {
  const sql = isPostgres(db)
    ? `select table_name as "table", column_name as "column" from information_schema.columns
       where table_schema = current_schema()`
    : `select m.name as "table", c.name as "column" from sqlite_master m, pragma_table_info(m.name) c
       where m.type = 'table'`
  const found = await db.raw<{ rows: Column[] } | Column[]>(sql)
  const schema = new Map<string, string[]>()
  for (const { table, column } of Array.isArray(found) ? found : found.rows) {
    schema.set(table, [...(schema.get(table) ?? []), column])
  }
  return schema
}

interface Column {
  table: string
  column: string
}
