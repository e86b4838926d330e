import type { Vault } from '../crypto/vault.ts'
import { type Db, forgetDeleted } from './db.ts'
import { keyUse, type KeyUse } from './key-use.ts'
import { type SealedColumn, SEALED_COLUMNS } from './sealed-columns.ts'
import { keepCanary } from './vault-canary.ts'

const SLICE = 500

/** What a change of keys came to. */
export interface Resealed {
  /** Values that no key of ours opens, by table. */
  unreadable: Readonly<Record<string, number>>
  /** What is still sealed with other keys than the first. */
  left: KeyUse[]
  /** Keys nothing needs any more. */
  free: string[]
}

/**
 * Seals everything anew with the first key, slice by slice, beside instances that go on working: a value that changed
 * meanwhile is left to whoever changed it. Ended anywhere, it goes on from there. `told` hears of each slice.
 */
export async function resealAll(
  db: Db,
  vault: Vault,
  told: (table: string, values: number) => void,
): Promise<Resealed> {
  await keepCanary(db, vault) // before anything needs the new key
  const unreadable: Record<string, number> = {}
  for (const sealed of SEALED_COLUMNS) {
    const lost = await resealColumn(db, vault, sealed, told)
    if (lost > 0) unreadable[sealed.table] = (unreadable[sealed.table] ?? 0) + lost
  }
  const [first, ...others] = vault.keyIds
  const left = (await keyUse(db)).filter(({ keyId }) => keyId !== first)
  const free = others.filter((id) => !left.some(({ keyId }) => keyId === id))
  await db('vault_canaries').whereIn('key_id', free).delete()
  await forgetDeleted(db) // the old texts must not live on in the log
  return { unreadable, left, free }
}

type Row = Parameters<SealedColumn['label']>[0] & { id: number; sealed: string }

async function resealColumn(
  db: Db,
  vault: Vault,
  { table, column, owner, label }: SealedColumn,
  told: (table: string, values: number) => void,
): Promise<number> {
  const fresh = `v1.${vault.keyIds[0] ?? ''}.`
  let [last, lost] = [0, 0]
  for (;;) {
    const rows = await db(table)
      .where('id', '>', last)
      .whereNotNull(column as never)
      .whereRaw('substr(??, 1, ?) <> ?', [column, fresh.length, fresh])
      .orderBy('id')
      .limit(SLICE)
      .select<Row[]>('id', { sealed: column }, ...owner)
    if (rows.length === 0) return lost
    const changed = rows.flatMap((row) => {
      const text = vault.openIfPossible(row.sealed, label(row))
      return text === undefined ? [] : [[row.id, row.sealed, vault.seal(text, label(row))] as const]
    })
    await swap(db, table, column, changed)
    lost += rows.length - changed.length
    last = rows.at(-1)?.id ?? last
    told(table, changed.length)
  }
}

/** One statement of compare-and-set for all rows; both engines name the columns of VALUES alike. */
async function swap(
  db: Db,
  table: string,
  column: string,
  changed: readonly (readonly [id: number, before: string, after: string])[],
): Promise<void> {
  if (changed.length === 0) return
  const values = changed.map(() => '(?, ?, ?)').join(', ')
  await db.raw(
    `update ?? set ?? = v.column3 from (values ${values}) as v
     where ??.id = cast(v.column1 as integer) and ??.?? = v.column2`,
    [table, column, ...changed.flat(), table, table, column],
  )
}
