import type { Db } from './db.ts'
import { transact } from './transaction.ts'

/** A shop of a till, and whose it is. */
export interface Till {
  userId: number
  source: string
  storeId: string
}

/** Owners' photos of products, in their order: kept by the till's product, so that pairs come and go. */
export function createSyncGoodPhotoStore(db: Db) {
  const keyOf = ({ userId, source, storeId }: Till) => ({
    ...{ user_id: userId, source, store_id: storeId },
  })

  const inOrder = (till: Till) =>
    db('sync_good_photos')
      .where(keyOf(till))
      .orderBy(['product_id', 'place'])
      .select('product_id', 'photo_id')

  return {
    /** Product → numbers of its photos, the main one first. */
    async ofTill(till: Till): Promise<Map<string, number[]>> {
      return byProduct(await inOrder(till))
    },
    /** The same of these products. */
    async ofSome(till: Till, productIds: readonly string[]): Promise<Map<string, number[]>> {
      return byProduct(await inOrder(till).whereIn('product_id', productIds))
    },
    async of(till: Till, productId: string): Promise<number[]> {
      const rows = await db('sync_good_photos')
        .where({ ...keyOf(till), product_id: productId })
        .orderBy('place')
        .select('photo_id')
      return rows.map(({ photo_id }) => photo_id)
    },
    /**
     * What `change` makes of a product's photos, in one unit with reading them. Only photos of this person stay: `change` may
     * name any number.
     */
    async change(
      till: Till,
      productId: string,
      change: (photoIds: readonly number[]) => readonly number[],
    ): Promise<void> {
      const key = { ...keyOf(till), product_id: productId }
      await transact(db, async (all) => {
        const rows = await all('sync_good_photos').where(key).orderBy('place').select('photo_id')
        const wanted = [...new Set(change(rows.map(({ photo_id }) => photo_id)))]
        const own = await all('sync_photos')
          .where({ user_id: till.userId })
          .whereIn('id', wanted)
          .select('id')
        const ids = new Set(own.map(({ id }) => id))
        await all('sync_good_photos').where(key).delete()
        const kept = wanted.filter((id) => ids.has(id))
        if (kept.length > 0)
          await all('sync_good_photos')
            .insert(kept.map((photo_id, place) => ({ ...key, photo_id, place })))
            .onConflict(['user_id', 'source', 'store_id', 'product_id', 'photo_id'])
            .merge(['place']) // somebody else was quicker
      })
    },
    /** Numbers of a person's photos that stand by a product. */
    async usedBy(userId: number): Promise<number[]> {
      const rows = await db('sync_good_photos').where({ user_id: userId }).distinct('photo_id')
      return rows.map(({ photo_id }) => photo_id)
    },
  }
}

function byProduct(rows: readonly { product_id: string; photo_id: number }[]) {
  const found = new Map<string, number[]>()
  for (const { product_id, photo_id } of rows)
    found.set(product_id, [...(found.get(product_id) ?? []), photo_id])
  return found
}
