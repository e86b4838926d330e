import type { Context } from '../../../context.ts'
import { ProviderError } from '../../../errors.ts'
import { type Picture, toCard } from '../../../pictures/index.ts'
import type { Known } from '../../../store/sync-items.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Entry } from '../../../catalogue/entry.ts'
import { isGone } from '../../../catalogue/decide-step.ts'
import { drawnPhoto } from '../../../catalogue/pictures/drawn-photo.ts'
import type { Image, Product } from '../../../catalogue/goods.ts'
import {
  createGroupIndex,
  type GroupIndex,
  lineage,
  nearest,
} from '../../../catalogue/group-index.ts'
import { givenName, nameOf } from '../../../catalogue/name.ts'
import type { Overrides } from '../../../catalogue/owner/overrides.ts'
import { TABLE } from '../../../catalogue/file-capacity.ts'
import { cardAddresses } from '../card-address.ts'
import { ownedOf } from '../goods/owned.ts'
import { entryOf } from './feed-entry.ts'
import { createPictures } from '../load-picture.ts'
import { sourceOf } from '../endpoints.ts'

/** One product of a link's files. */
export interface FeedGood {
  known: Known
  entry: Omit<Entry, 'offerId'>
}

/** Undefined for what the files do not name. */
export async function feedGood(
  ctx: Context,
  link: Link,
  base: string,
  productId: string,
): Promise<FeedGood | undefined> {
  const known = (await ctx.syncItems.of(link.id, [productId])).get(productId)
  if (!known || isGone(known)) return undefined
  const groupIndex = await groupIndexOf(ctx, link)
  const entry = entryOf(
    known,
    link,
    groupIndex,
    { base, cardAt: cardAddresses(ctx, link) },
    (await ownedOf(ctx, link, [productId]))(productId),
  )
  return entry && { known, entry }
}

/**
 * The picture of one product of a file: the till's (`own`), made a JPEG, or the owner's for its group or for all where
 * that cannot be had, or one that we draw. Only an address the till named is fetched.
 * @throws ProviderError when the connection does not work and there is no other picture
 */
export async function feedPicture(
  ctx: Context,
  link: Link,
  { product }: Known,
): Promise<{ picture: Picture; own: boolean } | undefined> {
  const fromTill = await tillPicture(ctx, link, product.image).catch((error: unknown) => {
    if (error instanceof ProviderError) return error
    throw error
  })
  if (fromTill && !(fromTill instanceof ProviderError)) return { picture: fromTill, own: true }

  const index = await groupIndexOf(ctx, link)
  const groups = lineage(product, index)
  const photoId = nearest(groups, link.settings.photos) ?? link.settings.photoId
  const picture = photoId && (await ctx.photos.picture(link.userId, photoId))
  if (picture) return { picture, own: false }
  const { overrides } = (await ownedOf(ctx, link, [product.id]))(product.id)
  const name = link.settings.drawn && whollyNamed(product, overrides, index)
  if (name) {
    const { drawing } = drawnPhoto(product, name, index)
    return { picture: await toCard(drawing, TABLE.picture), own: false }
  }
  if (fromTill) throw fromTill
  return undefined
}

function whollyNamed(product: Product, { title }: Overrides = {}, index: GroupIndex) {
  const name =
    title === undefined ? nameOf(product, index, true) : givenName(title, index.capacity, true)
  return 'full' in name ? name.full : undefined
}

async function tillPicture(ctx: Context, link: Link, image: Image | undefined) {
  const till = image && (await sourceOf(ctx, link))
  if (!till) return undefined
  const fetch = (one: Image) => till.source.image(till.fromTill, one)
  const found = await createPictures(ctx, { userId: link.userId, fetch, frame: TABLE.picture })({
    photo: `till:${image.version}`,
    image,
  })
  return 'picture' in found ? found.picture : undefined
}

async function groupIndexOf(ctx: Context, link: Link) {
  const { groups, albumOf } = await ctx.syncItems.groups(link.id)
  return createGroupIndex({ groups, albumOf, albums: [], capacity: TABLE })
}
