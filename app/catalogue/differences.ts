import { type Item, UNLIMITED } from './items.ts'
import { type Card, isHidden, isOff, isOutside, markOf } from './memory.ts'
import { CONTENT } from './linked.ts'
import { hasPhoto } from './pictures/spare-photos.ts'
import type { Before, Field } from './steps.ts'

/** What has to be done to a card so that it is as it should be. */
export interface Differences {
  /** As it should be, given what it shows. */
  item: Item
  fields: readonly Field[]
  /** It is to be hidden, or to be shown again. */
  turned: boolean
  before: Before
  leaveAlbum?: string
}

export function differences(wanted: Item, card: Card): Differences {
  const item = forCard(wanted, card)
  const content = CONTENT.filter((field) => isOff(field, item, card))
  const turned = isOff('hidden', item, card)
  const leaveAlbum = albumToLeave(item, card)
  const moved = leaveAlbum !== undefined || mustEnterAlbum(item, card)
  const pictured = item.photo !== undefined && !hasPhoto(card.linked, item)
  return {
    item,
    turned,
    fields: [
      ...content,
      ...(pictured ? (['photo'] as const) : []),
      ...(moved ? (['album'] as const) : []),
    ],
    before: { ...shownOf(card, content), ...(turned && { hidden: isHidden(card) }) },
    ...(leaveAlbum !== undefined && { leaveAlbum }),
  }
}

/** What a card has to be told outright, lest it keeps what it has. */
const forCard = (item: Item, card: Card): Item => withoutOldPrice(withStock(item, card), card)

/** An old price of ours that is no longer wanted is taken away; one that somebody gave there by hand is theirs. */
function withoutOldPrice(item: Item, { linked }: Card): Item {
  const sent = linked.sent?.oldPrice
  const ours = sent !== undefined && sent !== markOf('oldPrice', { oldPrice: 0 })
  return item.oldPrice === undefined && ours ? { ...item, oldPrice: 0 } : item
}

/**
 * A card that has run out stays unavailable however it is shown again; where the till does not count, it must not count
 * either.
 */
function withStock(item: Item, { linked, shown }: Card): Item {
  const none = markOf('stock', { stock: 0 })
  const out = (markOf('stock', shown) ?? linked.sent?.stock) === none
  return item.stock === undefined && !item.hidden && out ? { ...item, stock: UNLIMITED } : item
}

function shownOf({ shown }: Card, fields: readonly (typeof CONTENT)[number][]): Before {
  const told = fields.filter((field) => shown[field] !== undefined)
  return Object.fromEntries(told.map((field) => [field, shown[field]]))
}

function mustEnterAlbum({ album }: Item, card: Card): boolean {
  if (!album) return false
  return !('id' in album) || isOutside(album.id, card)
}

function albumToLeave({ album }: Item, { linked, shown }: Card): string | undefined {
  const { albumId } = linked
  const inside = albumId !== undefined && (shown.albums?.includes(albumId) ?? true)
  if (!inside) return undefined
  return album && 'id' in album && album.id === albumId ? undefined : albumId
}
