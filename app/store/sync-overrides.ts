import { isSet, type Overrides } from '../catalogue/owner/overrides.ts'
import { type Db, toDate } from './db.ts'
import type { Till } from './sync-good-photos.ts'
import type { Read, SyncOverrideRow } from './tables.ts'
import { transact } from './transaction.ts'

type Row = Read<SyncOverrideRow>

/** The last time many products at once were set aside or taken back. */
export interface Act {
  at: Date
  /** Set aside; false: taken back. */
  aside: boolean
  count: number
}

const KEY = ['user_id', 'source', 'store_id', 'product_id'] as const
const AT_ONCE = 200

/** What owners have set for products by hand: kept by the till's product, so that pairs come and go. */
export function createSyncOverrideStore(db: Db) {
  const keyOf = ({ userId, source, storeId }: Till) => ({
    ...{ user_id: userId, source, store_id: storeId },
  })
  const ofTill = (till: Till) => db('sync_overrides').where(keyOf(till))

  return {
    /** Product → what was set, of those where something is. */
    async ofTill(till: Till): Promise<Map<string, Overrides>> {
      return byProduct(await ofTill(till))
    },
    /** The same of these products. */
    async of(till: Till, productIds: readonly string[]): Promise<Map<string, Overrides>> {
      return byProduct(await ofTill(till).whereIn('product_id', productIds))
    },
    /** What `change` makes of it, in one unit with reading it; undefined leaves all as it was. Gives whether it was written. */
    async change(
      till: Till,
      productId: string,
      change: (now: Overrides) => Overrides | undefined,
    ): Promise<boolean> {
      const key = { ...keyOf(till), product_id: productId }
      return await transact(db, async (all) => {
        const row = await all('sync_overrides').where(key).first()
        const wanted = change(row ? toOverrides(row) : {})
        if (!wanted) return false
        if (isSet(wanted))
          await all('sync_overrides')
            .insert({ ...key, ...columnsOf(wanted) })
            .onConflict([...KEY])
            .merge()
        else await all('sync_overrides').where(key).delete()
        return true
      })
    },
    /**
     * Sets these aside, or takes them back, in one unit: all of them or none. Gives those that were not so before; what was
     * done to many before this can no longer be undone.
     */
    async setAside(till: Till, productIds: readonly string[], aside: boolean): Promise<string[]> {
      const act_at = new Date()
      const changed: string[] = []
      await transact(db, async (all) => {
        for (let from = 0; from < productIds.length; from += AT_ONCE) {
          const some = productIds.slice(from, from + AT_ONCE)
          const rows = await all('sync_overrides').where(keyOf(till)).whereIn('product_id', some)
          const before = new Map(rows.map((row) => [row.product_id, Boolean(row.aside)]))
          changed.push(...some.filter((id) => (before.get(id) ?? false) !== aside))
        }
        if (changed.length === 0) return
        const acted = all('sync_overrides').where(keyOf(till)).whereNotNull('act_at')
        await acted.clone().where(NOTHING_SET).delete()
        await acted.update(NO_ACT)
        for (let from = 0; from < changed.length; from += AT_ONCE)
          await all('sync_overrides')
            .insert(
              changed.slice(from, from + AT_ONCE).map((product_id) => ({
                ...{ ...keyOf(till), product_id, aside, act_at, aside_before: !aside },
              })),
            )
            .onConflict([...KEY])
            .merge(['aside', 'act_at', 'aside_before'])
      })
      return changed
    },
    /** Undefined: there was none, or it has been undone. */
    async lastAct(till: Till): Promise<Act | undefined> {
      const [row] = await ofTill(till)
        .whereNotNull('act_at')
        .groupBy('act_at', 'aside')
        .select('act_at', 'aside')
        .count({ n: '*' })
      if (!row?.act_at) return undefined
      return { at: toDate(row.act_at), aside: Boolean(row.aside), count: Number(row.n) }
    },
    /** Takes the last change of many back, where it is still this one. Gives the products that are again as before. */
    async undoAct(till: Till, at: Date): Promise<string[]> {
      return await transact(db, async (all) => {
        const act = all('sync_overrides').where({ ...keyOf(till), act_at: at })
        const rows = await act.clone().select('product_id')
        await act.update({ aside: all.ref('aside_before'), ...NO_ACT })
        return rows.map(({ product_id }) => product_id)
      })
    },
  }
}

const NOTHING_SET = { title: null, description: null, old_price: null, aside: false }
const NO_ACT = { act_at: null, aside_before: null }

const byProduct = (rows: readonly Row[]): Map<string, Overrides> =>
  new Map(
    rows
      .map((row) => [row.product_id, toOverrides(row)] as const)
      .filter(([, overrides]) => isSet(overrides)),
  )

const toOverrides = ({ title, description, old_price, aside }: Row): Overrides => ({
  ...(title !== null && { title }),
  ...(description !== null && { description }),
  ...(old_price !== null && { oldPrice: Number(String(old_price)) }), // a text of PostgreSQL's driver
  ...(Boolean(aside) && { aside: true as const }),
})

/** Setting one product by itself ends what many at once had done to it. */
const columnsOf = ({ title, description, oldPrice, aside }: Overrides) => ({
  title: title ?? null,
  description: description ?? null,
  old_price: oldPrice ?? null,
  aside: aside ?? false,
  ...NO_ACT,
})
