import { contentHash, viewHash } from './hashes.ts'
import type { Item, Linked, Shown } from './items.ts'
import { hasPhoto } from './spare-photos.ts'

/** So often the same content is sent to a card that goes on showing it in another way. */
const ENOUGH = 2

/** A card of which nothing is known but that it is ours. */
export const newLink = (productId: string, itemId: number): Linked => ({
  productId,
  itemId,
  repeats: 0,
})

/**
 * What is known of a card once `item` was accepted for it. `view` is the step's: absent for a new card, and where words
 * and numbers were as they should be; `same`: the platform said there was nothing to change. The album is not touched: it
 * is filled by a call of its own.
 */
export function afterSending(
  linked: Linked,
  item: Item,
  view: string | undefined,
  same: boolean,
): Linked {
  const photo = hasPhoto(linked, item) ? (linked.photo ?? '') : item.photo
  const sent = { ...settled(linked), sent: contentHash(item), photo }
  if (view === undefined) return sent
  if (same) return { ...sent, view, repeats: ENOUGH }
  if (linked.sent !== sent.sent) return sent
  return { ...sent, view, repeats: linked.view === view ? linked.repeats + 1 : 1 }
}

/**
 * Whether this is how the platform keeps what we sent, and sending it once more would change nothing. Hidden or not is
 * nobody's way of keeping: it is somebody's hand.
 */
export const isTheirWay = (linked: Linked, item: Item, shown: Shown): boolean =>
  item.hidden === shown.hidden &&
  linked.repeats >= ENOUGH &&
  linked.sent === contentHash(item) &&
  linked.view === viewHash(shown)

/** Without memory of repeated views: the card shows what was sent. */
export const settled = ({
  productId,
  itemId,
  sent,
  photo,
  photoHash,
  albumId,
}: Linked): Linked => ({
  productId,
  itemId,
  ...(sent !== undefined && { sent }),
  ...(photo !== undefined && { photo }),
  ...(photoHash !== undefined && { photoHash }),
  ...(albumId !== undefined && { albumId }),
  repeats: 0,
})
