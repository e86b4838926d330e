import { categoryOut } from './categories.ts'
import { isNew, type VkCall } from './access.ts'
import type { Community, VkItem, VkPhoto } from './state.ts'

const RUB = { id: 643, name: 'RUB', title: '₽' }

/** A card as VK tells of it: kopecks in a string (reference: VK, 7.4; vectors B5). */
export function itemOut(call: VkCall, community: Community, item: VkItem, extended: boolean) {
  const { id, title, description, availability, date, sku, url, stock, size, photoIds } = item
  const thumb = photoIds[0]
  return {
    id,
    owner_id: -community.id,
    title,
    description,
    price: priceOut(item),
    category: categoryOut(call, item.categoryId),
    availability,
    date,
    ...(thumb !== undefined && { thumb_photo: `${call.url}/photo/${thumb}` }),
    ...(sku && { sku }),
    ...(url && { url }),
    ...(size && sizeOut(size)),
    ...(isNew(call) && newFields(call, stock)),
    ...(extended && extras(call, community, item)),
  }
}

function priceOut({ price, oldPrice }: VkItem) {
  return {
    amount: String(price),
    currency: RUB,
    text: roubles(price),
    ...(oldPrice && { old_amount: String(oldPrice), old_amount_text: roubles(oldPrice) }),
  }
}

const sizeOut = ({ weight, ...dimensions }: NonNullable<VkItem['size']>) => ({ dimensions, weight })

function newFields({ market }: VkCall, stock: number | undefined) {
  const told = market.rules.tellsStock && stock !== undefined
  return { is_owner: true, is_adult: false, ...(told && { stock_amount: stock }) }
}

function extras({ url }: VkCall, community: Community, { id, photoIds }: VkItem) {
  return {
    albums_ids: albumsWith(community, id),
    photos: photoIds.map((photoId) => photoOut(url, community, photoId)),
    likes: { count: 0, user_likes: 0 },
    views_count: 0,
    can_edit: 1,
    can_delete: 1,
    owner_info: { market_type: 'base' },
  }
}

/** Albums a card is in. */
const albumsWith = ({ albums }: Community, itemId: number) =>
  [...albums.values()].filter(({ items }) => items.has(itemId)).map(({ id }) => id)

function photoOut(url: string, community: Community, id: number) {
  const { width = 0, height = 0 }: Partial<VkPhoto> = community.photos.get(id) ?? {}
  const sizes = [{ type: 'w', url: `${url}/photo/${id}`, width, height }]
  return { id, owner_id: -community.id, album_id: -53, sizes }
}

/** «250,50 ₽», «1 490 ₽». */
export function roubles(kopecks: number): string {
  const whole = String(Math.floor(kopecks / 100)).replace(/\B(?=(\d{3})+$)/g, '\u00a0')
  const rest = kopecks % 100
  return `${whole}${rest ? `,${String(rest).padStart(2, '0')}` : ''}\u00a0₽`
}
