import type { Context } from '../../../context.ts'
import { isGone } from '../../../catalogue/decide-step.ts'
import type { Product } from '../../../catalogue/goods.ts'
import type { Photo } from '../../../store/photos.ts'
import type { Link } from '../../../store/sync-links.ts'

/** Photos a product has at the most: as many as the largest card shows. */
export const MOST_OF_A_GOOD = 5

/** Products that are on the till, by their names. */
export async function goodsOf({ syncItems }: Context, { id }: Link): Promise<Product[]> {
  const known = await syncItems.known(id)
  return known
    .filter((one) => !isGone(one))
    .map(({ product }) => product)
    .sort((a, b) => names.compare(a.name, b.name))
}

const names = new Intl.Collator('ru', { numeric: true })

/** One product of a pair; undefined for what its till has not. */
export async function goodOf(
  { syncItems }: Context,
  { id }: Link,
  productId: string,
): Promise<Product | undefined> {
  return (await syncItems.of(id, [productId])).get(productId)?.product
}

/**
 * Gives photos to a product, behind those it has; how many found room. Only a product of this pair's till takes any, and only
 * photos of its owner's.
 */
export async function addToGood(
  ctx: Context,
  link: Link,
  productId: string,
  photoIds: readonly number[],
): Promise<number> {
  if (photoIds.length === 0 || !(await goodOf(ctx, link, productId))) return 0
  let added = 0
  await changePhotos(ctx, link, productId, (there) => {
    const all = [...new Set([...there, ...photoIds])].slice(0, MOST_OF_A_GOOD)
    added = photoIds.filter((id) => all.includes(id)).length
    return all
  })
  return added
}

/** Another order, or fewer. Every pair of this till looks at its goods anew. */
export async function changePhotos(
  ctx: Context,
  link: Link,
  productId: string,
  change: (photoIds: readonly number[]) => readonly number[],
): Promise<void> {
  await ctx.syncGoodPhotos.change(link, productId, change)
  await ctx.syncLinks.touch(link)
}

/** Photos a person has sent that stand nowhere: they wait to be given to a product. */
export async function waitingPhotos(ctx: Context, userId: number): Promise<Photo[]> {
  const links = await ctx.syncLinks.list(userId)
  const used = new Set([
    ...(await ctx.syncGoodPhotos.usedBy(userId)),
    ...links.flatMap(({ settings }) => [settings.photoId, ...Object.values(settings.photos)]),
  ])
  return (await ctx.photos.list(userId)).filter(({ id }) => !used.has(id))
}
