import type { Context } from '../../../context.ts'
import { buildItem } from '../../../catalogue/build-item.ts'
import { isGone } from '../../../catalogue/decide-step.ts'
import type { GroupIndex } from '../../../catalogue/group-index.ts'
import { showingAhead } from '../../../catalogue/owner/ahead.ts'
import { isSameStore, type Link } from '../../../store/sync-links.ts'
import { placesOf } from './first-showings.ts'
import { ownedOf } from './owned.ts'

const AT_ONCE = 200

/**
 * What an owner has changed of these products shows at once, in all windows of their till; nobody outside is asked.
 * `changed`: more than a page tells of.
 */
export async function restate(
  ctx: Context,
  till: Link,
  productIds: readonly string[],
  changed = false,
): Promise<void> {
  const links = await ctx.syncLinks.list(till.userId)
  for (const link of links.filter((one) => isSameStore(one, till))) {
    const places = await placesOf(ctx, link)
    for (let from = 0; from < productIds.length; from += AT_ONCE)
      await restateIn(ctx, { link, places }, productIds.slice(from, from + AT_ONCE), changed)
  }
}

async function restateIn(
  ctx: Context,
  { link, places }: { link: Link; places: GroupIndex },
  ids: readonly string[],
  changed: boolean,
) {
  const isFile = link.target === undefined
  const { settings } = link
  const owned = await ownedOf(ctx, link, ids)
  const known = await ctx.syncItems.of(link.id, ids)
  const before = await ctx.syncGoods.of([link.id], ids)
  const here = [...known.values()].filter((one) => !isGone(one))
  const goods = here.map(({ product, linked }) => {
    const itemId = linked?.itemId
    const own = owned(product.id)
    const given = own.overrides?.title
    const verdict = buildItem(product, places, settings, isFile || itemId !== undefined, own)
    const was = before.get(link.id)?.get(product.id)
    const ahead = showingAhead(verdict, { was, itemId, isFile, changed, settings })
    const showing = { productId: product.id, ...ahead, ...(given !== undefined && { given }) }
    return { product, showing }
  })
  await ctx.syncGoods.keep(link.id, goods)
}
