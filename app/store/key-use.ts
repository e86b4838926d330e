import { type Db, isPostgres } from './db.ts'
import { type SealedColumn, SEALED_COLUMNS } from './sealed-columns.ts'

/** How many values of a table are sealed with a key. */
export interface KeyUse {
  keyId: string
  table: string
  values: number
}

/** Which keys the database needs, canaries aside. Tables that an older schema lacks are passed over. */
export async function keyUse(db: Db): Promise<KeyUse[]> {
  const [first, ...others] = (await columnsThere(db)).map((sealed) => keysIn(db, sealed))
  if (!first) return []
  const rows = (await db
    .from(first.unionAll(others).as('sealed'))
    .select('keyId', 'table', 'column')
    .count({ values: '*' })
    .groupBy('keyId', 'table', 'column')
    .orderBy('keyId')) as (Place & { keyId: string; values: number | string })[]
  return SEALED_COLUMNS.flatMap(({ table, column }) =>
    rows
      .filter((row) => row.table === table && row.column === column)
      .map(({ keyId, values }) => ({ keyId, table, values: Number(values) })),
  )
}

/** In one question, and not from the information schema: a start would wait a tenth of a second for the answers. */
async function columnsThere(db: Db): Promise<SealedColumn[]> {
  const columns = [...new Set(SEALED_COLUMNS.map(({ column }) => column))]
  const names = columns.map(() => '?').join()
  const rows = isPostgres(db)
    ? (
        await db.raw<{ rows: Place[] }>(
          `select relname as "table", attname as "column"
           from pg_class join pg_attribute on attrelid = pg_class.oid
           where relnamespace = to_regnamespace(current_schema()) and attname in (${names})`,
          columns,
        )
      ).rows
    : await db.raw<Place[]>(
        `select tables.name as "table", columns.name as "column"
         from sqlite_master tables join pragma_table_info(tables.name) columns
         where columns.name in (${names})`,
        columns,
      )
  return SEALED_COLUMNS.filter(({ table, column }) =>
    rows.some((row) => row.table === table && row.column === column),
  )
}

type Place = Pick<SealedColumn, 'table' | 'column'>

/** A sealed text names its key between the first two stops; reading it costs one pass over the table. */
function keysIn(db: Db, { table, column }: SealedColumn) {
  const keyId = isPostgres(db)
    ? db.raw("split_part(??, '.', 2)", [column])
    : db.raw("substr(??, 4, instr(substr(??, 4, 40), '.') - 1)", [column, column])
  return db
    .from(table)
    .whereNotNull(column)
    .select(db.raw('? as ??', [keyId, 'keyId']))
    .select(db.raw('? as ??, ? as ??', [table, 'table', column, 'column']))
}

/** «ключ k1 — 12 значений (connections: 10, webhooks: 2)». */
export function keyUseInWords(keyId: string, uses: readonly KeyUse[]): string {
  const mine = uses.filter((use) => use.keyId === keyId)
  const total = mine.reduce((sum, { values }) => sum + values, 0)
  const tables = mine.map(({ table, values }) => `${table}: ${values}`).join(', ')
  return `ключ ${keyId} — значений ${total} (${tables})`
}
