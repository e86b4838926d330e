import type { Item } from '../../catalogue/items.ts'
import { categoryNumber, photoNumber } from './ids.ts'
import type { Params } from './market-calls.ts'

/** What VK reads as kopecks it wants in roubles (docs/platforms/vk.md#cards); digits are moved, nothing is divided. */
export function roubles(kopecks: number): string {
  const digits = String(kopecks).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

type Fields = Partial<Omit<Item, 'photo' | 'album'>> & {
  photoId?: string
  morePhotoIds?: readonly string[]
  hidden: boolean
}

/**
 * A card's fields by VK's names, those that are given (docs/platforms/vk.md#cards); `deleted` is a card that is hidden.
 * @throws ShopRefused for a category or a photo that VK cannot have
 */
export function fieldsOf(card: Fields): Params {
  return {
    ...(card.title !== undefined && { name: card.title }),
    ...(card.description !== undefined && { description: card.description }),
    ...(card.categoryId !== undefined && { category_id: categoryNumber(card.categoryId) }),
    ...(card.price !== undefined && { price: roubles(card.price) }),
    ...(card.oldPrice !== undefined && { old_price: roubles(card.oldPrice) }),
    ...(card.sku !== undefined && { sku: card.sku }),
    ...(card.stock !== undefined && { stock_amount: card.stock }),
    ...(card.photoId !== undefined && { main_photo_id: photoNumber(card.photoId) }),
    ...(card.morePhotoIds && { photo_ids: card.morePhotoIds.map(photoNumber).join() }),
    deleted: card.hidden ? 1 : 0,
  }
}
