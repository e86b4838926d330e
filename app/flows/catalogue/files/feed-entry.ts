import type { Known } from '../../../store/sync-items.ts'
import type { Link } from '../../../store/sync-links.ts'
import { clean } from '../../../catalogue/clean.ts'
import type { Entry } from '../../../catalogue/entry.ts'
import type { Image } from '../../../catalogue/goods.ts'
import { buildItem } from '../../../catalogue/build-item.ts'
import type { Owned } from '../../../catalogue/owner/overrides.ts'
import type { GroupIndex } from '../../../catalogue/group-index.ts'
import { articleOf } from '../../../catalogue/sku.ts'
import { amountOf } from '../../../catalogue/stock.ts'
import { sha256 } from '../../../catalogue/hashes.ts'
import { unitOf } from '../../../catalogue/units.ts'

/** Where things of a file are for everybody to see. */
export interface Addresses {
  /** Of a card; undefined where there is none. */
  cardAt: (itemId: string) => string | undefined
  /** Of the file without its ending: pictures and pages stand under it. */
  base: string
}

/** Another picture has another one. */
export const pictureTag = ({ version }: Pick<Image, 'version'>): string =>
  sha256(version).slice(0, 8)

/**
 * A product as a file shows it, by the rules by which cards are made and as long as the file takes it; undefined for what is
 * not shown. A file needs neither category nor picture. What is no card yet has a page of ours, so that every offer leads somewhere.
 */
export function entryOf(
  { product, linked }: Known,
  { settings }: Pick<Link, 'settings'>,
  groupIndex: GroupIndex,
  { cardAt, base }: Addresses,
  owned?: Owned,
): Omit<Entry, 'offerId'> | undefined {
  const verdict = buildItem(product, groupIndex, settings, true, owned)
  if (!('item' in verdict)) return undefined
  const { title, description, price, oldPrice, stock, hidden, photo } = verdict.item
  const [, drawn] = /^drawn:(.{8})/.exec(photo ?? '') ?? []
  const [, own] = /^own:(\d+)$/.exec(photo ?? '') ?? []
  const article = articleOf(product, groupIndex.capacity)
  const quantity = amountOf(product)
  const page = `${base}/goods/${encodeURIComponent(product.id)}`
  const tag = product.image ? pictureTag(product.image) : drawn
  const picture = own ? `${base}/photo/${own}.jpg` : tag && `${page}.jpg?v=${tag}`
  return {
    ...{ productId: product.id, title, description, price, hidden },
    unit: clean(product.unit) && unitOf(product.unit).name,
    ...(oldPrice !== undefined && { oldPrice }),
    ...(stock !== undefined && { stock }),
    ...(quantity !== undefined && { quantity }),
    ...(product.groupId !== undefined && { groupId: product.groupId }),
    ...(article && { article }),
    ...(picture && { picture }),
    url: (linked && cardAt(linked.itemId)) ?? page,
  }
}
