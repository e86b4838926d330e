import type { Context } from '../../../context.ts'
import type { Product } from '../../../catalogue/goods.ts'
import type { Showing } from '../../../catalogue/owner/in-window.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Claim } from '../../../store/sync-run-rows.ts'
import { whileOurs } from '../runs/run-lease.ts'

/** Rows kept in one go: nobody has to wait for all of them. */
const AT_ONCE = 400

/**
 * Keeps how the products stand, all there are, for the owner to look at; piece by piece and each as long as the run is ours.
 * @throws RunLost
 */
export async function keepShowings(
  ctx: Context,
  { id }: Pick<Link, 'id'>,
  run: Claim | undefined,
  { products, showings }: { products: readonly Product[]; showings: readonly Showing[] },
): Promise<void> {
  const known = new Map(products.map((product) => [product.id, product]))
  const goods = showings.flatMap((showing) => {
    const product = known.get(showing.productId)
    return product ? [{ product, showing }] : []
  })
  const { put, gone } = await ctx.syncGoods.differences(id, goods)
  for (let from = 0; from < put.length; from += AT_ONCE) {
    const some = put.slice(from, from + AT_ONCE)
    await whileOurs(ctx, run, ({ syncGoods }) => syncGoods.put(some))
  }
  if (gone.length > 0) await whileOurs(ctx, run, ({ syncGoods }) => syncGoods.forget(id, gone))
}
