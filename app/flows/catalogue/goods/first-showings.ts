import type { Context } from '../../../context.ts'
import { buildItem } from '../../../catalogue/build-item.ts'
import { isGone } from '../../../catalogue/decide-step.ts'
import { YML } from '../../../catalogue/file-capacity.ts'
import { createGroupIndex, type GroupIndex } from '../../../catalogue/group-index.ts'
import type { Owned } from '../../../catalogue/owner/overrides.ts'
import type { Showing } from '../../../catalogue/owner/in-window.ts'
import type { Known } from '../../../store/sync-items.ts'
import type { Link } from '../../../store/sync-links.ts'
import { ownedOf } from './owned.ts'
import { keepShowings } from './keep-showings.ts'

/** Pairs whose goods are known and were never compared since they are kept for the owner: they stand as the rules say. */
export async function firstShowings(ctx: Context, links: readonly Link[]): Promise<void> {
  for (const link of links) {
    if (await ctx.syncGoods.any([link.id])) continue
    const known = (await ctx.syncItems.known(link.id)).filter((one) => !isGone(one))
    if (known.length === 0) continue
    const places = await placesOf(ctx, link)
    const products = known.map(({ product }) => product)
    const owned = await ownedOf(ctx, link)
    const showings = known.map((one) => likely(one, link, places, owned(one.product.id)))
    await keepShowings(ctx, link, undefined, { products, showings })
  }
}

/** Where products stand at the till, for the window of a pair; its albums are asked of nobody. */
export async function placesOf(ctx: Context, link: Link): Promise<GroupIndex> {
  const { groups, albumOf } = await ctx.syncItems.groups(link.id)
  const shop = link.target === undefined ? undefined : ctx.providers.target(link.target)
  return createGroupIndex({ groups, albumOf, albums: [], capacity: shop?.target.capacity ?? YML })
}

function likely({ product, linked }: Known, link: Link, places: GroupIndex, owned: Owned): Showing {
  const isThere = link.target === undefined || linked !== undefined
  const verdict = buildItem(product, places, link.settings, isThere, owned)
  const card = linked && { itemId: linked.itemId }
  const base = { productId: product.id, ...card }
  if ('item' in verdict) return { ...base, state: isThere ? 'shown' : 'waits' }
  return { ...base, state: 'out', reason: 'refused' in verdict ? verdict.refused : verdict.leftOut }
}
