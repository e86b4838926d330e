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
  const uses: KeyUse[] = []
  for (const sealed of SEALED_COLUMNS) {
    if (await db.schema.hasColumn(sealed.table, sealed.column))
      uses.push(...(await useOf(db, sealed)))
  }
  return uses
}

/** A sealed text names its key between the first two stops; reading it costs one pass over the table. */
async function useOf(db: Db, { table, column }: SealedColumn): Promise<KeyUse[]> {
  const keyId = isPostgres(db)
    ? db.raw("split_part(??, '.', 2)", [column])
    : db.raw("substr(??, 4, instr(substr(??, 4, 40), '.') - 1)", [column, column])
  const rows: { keyId: string; values: number | string }[] = await db(table)
    .whereNotNull(column)
    .select(db.raw('? as ??', [keyId, 'keyId']), db.raw('count(*) as ??', ['values']))
    .groupByRaw('1')
  return rows.map((row) => ({ keyId: row.keyId, table, values: Number(row.values) }))
}

/** «ключ k1 — 12 значений (connections: 10, webhooks: 2)». */
export function keyUseInWords(keyId: string, uses: readonly KeyUse[]): string {
  const mine = uses.filter((use) => use.keyId === keyId)
  const total = mine.reduce((sum, { values }) => sum + values, 0)
  const tables = mine.map(({ table, values }) => `${table}: ${values}`).join(', ')
  return `ключ ${keyId} — значений ${total} (${tables})`
}
