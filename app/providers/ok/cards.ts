import type { Item, Shown } from '../../catalogue/items.ts'
import { asObject, asText } from '../../http/answer.ts'
import { parted, withArticle } from './article.ts'
import { shownBy, type Status, statusIn } from './status.ts'

/** A card as OK shows it, and what an edit would take away if it were not said again. */
export interface Card {
  shown: Shown
  status: Status | undefined
  photoIds: readonly string[]
}

/**
 * A card of `market.getByIds`: a media topic whose blocks are the product, its description, its photos and its catalogs
 * (docs/platforms/ok.md#reading). A card that says nothing is there all the same. Undefined for what is none.
 */
export function readCard(value: unknown): Card | undefined {
  const topic = asObject(value)
  const itemId = asText(topic?.id)
  if (!topic || !itemId) return undefined
  if (!Array.isArray(topic.media)) return { shown: { itemId }, status: undefined, photoIds: [] }
  const blocks = topic.media.map(asObject)
  const block = (type: string) => blocks.find((one) => one?.type === type)
  const sale = block('product')
  const status = statusIn(sale?.product_status)
  const title = asText(sale?.product_title)
  const price = kopecks(sale?.product_price_number)
  const catalogs = block('catalog')?.catalog_refs
  const shown: Shown = {
    itemId,
    ...(title !== undefined && { title }),
    ...parted(asText(block('text')?.text) ?? ''),
    ...(price !== undefined && { price }),
    ...shownBy(status),
    ...(Array.isArray(catalogs) && { albums: idsIn(catalogs) }),
  }
  const refs = block('photo')?.photo_refs
  return { shown, status, photoIds: Array.isArray(refs) ? idsIn(refs) : [] }
}

/** `group_photo:123` → `123`. */
const idsIn = (refs: readonly unknown[]): string[] =>
  refs.flatMap((ref) => asText(ref)?.replace(/^\w+:/, '') ?? [])

/** OK leaves out the catalogs of a card that is in none: where it tells of others, that is what it means. */
export function withEmptyAlbums(cards: readonly Shown[]): Shown[] {
  const tells = cards.some(({ albums }) => albums !== undefined)
  return cards.map((card) => (tells && !card.albums ? { ...card, albums: [] } : card))
}

/** Roubles with a decimal point come and go; kopecks are ours. */
function kopecks(value: unknown): number | undefined {
  const roubles = Number(asText(value) ?? NaN)
  return Number.isFinite(roubles) ? Math.round(roubles * 100) : undefined
}

/** A photo of a card: one just uploaded, by its token, or one it has. */
export type Photo = { id: string } | { existing_photo_id: string; group: true }

/** A card's content in the one order OK allows: title, description, photos, product (docs/platforms/ok.md#cards). */
export function attachmentOf(
  { title, description, sku, price }: Pick<Item, 'title' | 'description' | 'sku' | 'price'>,
  photos: readonly Photo[],
  lifetime: number,
): string {
  const text = withArticle(description, sku)
  return JSON.stringify({
    media: [
      { type: 'text', text: title },
      ...(text ? [{ type: 'text', text }] : []),
      ...(photos.length > 0 ? [{ type: 'photo', list: photos }] : []),
      { type: 'product', price: price / 100, currency: 'RUB', lifetime },
    ],
  })
}
