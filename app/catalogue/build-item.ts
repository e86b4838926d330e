import { placementOf } from './albums.ts'
import type { Capacity } from './capacity.ts'
import { descriptionOf } from './description.ts'
import { drawnPhoto } from './pictures/drawn-photo.ts'
import type { Product } from './goods.ts'
import type { Item, Reason } from './items.ts'
import { givenName, nameOf } from './name.ts'
import { oldPriceFor, type Owned } from './owner/overrides.ts'
import { priceFor } from './price.ts'
import type { Settings } from './settings.ts'
import { lineage, nearest, type GroupIndex } from './group-index.ts'
import { skuOf } from './sku.ts'
import { stockFor } from './stock.ts'

/**
 * The card of a product; or why it is not wanted on display, so that a card it has takes its leave; or why it cannot be
 * expressed, so that a card it has stays as it is.
 */
export type BuiltItem = { item: Item } | { leftOut: Reason } | { refused: Reason }

/** A card that is there needs neither category nor picture; what is the owner's of this product comes before the till's. */
export function buildItem(
  product: Product,
  groupIndex: GroupIndex,
  settings: Settings,
  isThere = false,
  { photos = [], overrides = {} }: Owned = {},
): BuiltItem {
  const { capacity } = groupIndex
  const groups = lineage(product, groupIndex)
  const priced = priceFor(
    product.price,
    nearest(groups, settings.prices) ?? settings.price,
    capacity,
  )
  const stock = stockFor(product, capacity)

  if (overrides.aside) return { leftOut: { code: 'set_aside' } }
  const unwanted = notWanted(product, groups, groupIndex, settings)
  if (unwanted) return { leftOut: unwanted }
  if (!('price' in priced)) return priced
  const { price } = priced
  if (stock === 0 && settings.outOfStock === 'delete') return { leftOut: { code: 'out_of_stock' } }

  const name =
    overrides.title === undefined
      ? nameOf(product, groupIndex, settings.cutNames)
      : givenName(overrides.title, capacity, settings.cutNames)
  if ('refused' in name) return name
  const { description = product.description } = overrides
  const told = { ...product, description }
  const words = descriptionOf(told, settings.template, { full: name.full, price }, capacity)
  if ('refused' in words) return words
  const drawn = settings.drawn ? drawnPhoto(product, name.full, groupIndex) : undefined
  const own = ownPhotos(photos, capacity)
  const pictured = own ?? photoOf(product, groups, settings, drawn)
  if (!isThere && pictured.photo === undefined) return { refused: { code: 'no_photo' } }
  const categoryId = nearest(groups, settings.categories) ?? settings.categoryId
  if (!isThere && capacity.categories && categoryId === undefined)
    return { refused: { code: 'category_missing' } }

  const oldPrice = oldPriceFor(overrides, price, capacity)
  const album = placementOf(groups, groupIndex, settings)
  return {
    item: {
      title: name.title,
      description: words.description,
      price,
      ...(oldPrice !== undefined && { oldPrice }),
      sku: skuOf(product, capacity),
      ...display(stock, settings),
      ...(categoryId !== undefined && { categoryId }),
      ...pictured,
      ...(album && { album }),
    },
  }
}

function notWanted(
  product: Product,
  groups: readonly string[],
  groupIndex: GroupIndex,
  settings: Settings,
): Reason | undefined {
  const skipped = groups.find((id) => settings.groups[id] === 'skip')
  if (skipped !== undefined)
    return { code: 'group_skipped', values: { group: groupIndex.groups.get(skipped)?.name ?? '' } }
  if (product.restricted && !settings.restricted)
    return { code: 'restricted', values: { kind: product.restricted } }
  return product.sellable ? undefined : { code: 'not_sold' }
}

/** A stock of 0 makes a card unavailable by itself; one that is to stay on display is not hidden beside. */
const display = (
  stock: number | undefined,
  settings: Settings,
): Pick<Item, 'stock' | 'hidden'> => ({
  ...(stock !== undefined && { stock }),
  hidden: stock === 0 && settings.outOfStock !== 'keep',
})

/** The owner's of this very product come before everything else. */
function ownPhotos(ids: readonly number[], { photos }: Capacity) {
  const [photo, ...more] = ids.slice(0, photos).map((id) => `own:${id}`)
  return photo === undefined ? undefined : { photo, ...(more.length > 0 && { more }) }
}

/**
 * The till's, the next of the others being kept for when it cannot be had; the owner's: the group's before the one for all;
 * or one we draw.
 */
function photoOf(
  product: Product,
  groups: readonly string[],
  settings: Settings,
  drawn: ReturnType<typeof drawnPhoto> | undefined,
): Partial<Pick<Item, 'photo' | 'spare' | 'drawing'>> {
  const group = nearest(groups, settings.photos)
  const own = group ?? settings.photoId
  const of = own === undefined ? 'drawn' : group === undefined ? 'all' : 'group'
  const { photo, ...drawing } = own === undefined ? (drawn ?? {}) : { photo: `own:${own}` }
  if (!product.image) return photo === undefined ? {} : { photo, ...drawing }
  return {
    photo: `till:${product.image.version}`,
    ...(photo && { spare: { photo, of }, ...drawing }),
  }
}
