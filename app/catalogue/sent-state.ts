import type { Item, Shown } from './items.ts'
import { COMPARED, type Compared, type Linked, type Sent, type Ways } from './linked.ts'
import { type Card, markOf } from './memory.ts'
import { hasPhoto, pictureKey } from './pictures/spare-photos.ts'

/** A card of which nothing is known but that it is ours. */
export const newLink = (productId: string, itemId: string): Linked => ({ productId, itemId })

/**
 * What is known of a card once `item`, or these fields of it, were accepted. The album is not touched: it is filled by a
 * call of its own.
 */
export function afterSending(
  linked: Linked,
  item: Item,
  fields: readonly Compared[] = COMPARED,
): Linked {
  const sent: Sent = { ...linked.sent, ...marksOf(fields, item) }
  const ways = waysWithout(
    linked,
    (field) => field !== 'album' && sent[field] !== linked.sent?.[field],
  )
  const pictured = item.photo !== undefined && !hasPhoto(linked, item)
  return { ...linked, sent, ...(pictured && { photo: pictureKey(item) }), ways }
}

/**
 * What is known once the card was read right after our own write of these fields: what came back another way, and how often
 * the same content did. Undefined: nothing new.
 */
export function afterReading(
  linked: Linked,
  shown: Shown,
  fields: readonly (Compared | 'album')[],
): Linked | undefined {
  const ways: Record<string, Ways[Compared]> = waysWithout(linked, (field) =>
    fields.includes(field),
  )
  for (const field of fields) {
    const back = cameBack(field, linked, shown)
    if (back === undefined) continue
    const known = linked.ways?.[field]
    ways[field] = { shown: back, times: known?.shown === back ? known.times + 1 : 1 }
  }
  const before = Object.keys(linked.ways ?? {}).length
  return before + Object.keys(ways).length > 0 ? { ...linked, ways } : undefined
}

/** What shows as it was sent is kept no other way, whatever was thought before. Undefined: nothing was. */
export function disproved({ linked, shown }: Card): Linked | undefined {
  const ways = waysWithout(linked, (field) =>
    field === 'album'
      ? (shown.albums?.includes(linked.ways?.album?.shown ?? '') ?? false)
      : shown[field] !== undefined && markOf(field, shown) === linked.sent?.[field],
  )
  const fewer = Object.keys(ways).length < Object.keys(linked.ways ?? {}).length
  return fewer ? { ...linked, ways } : undefined
}

/** Undefined: as it was sent, or nothing was. */
function cameBack(field: Compared | 'album', linked: Linked, shown: Shown) {
  if (field !== 'album') {
    const view = markOf(field, shown)
    return linked.sent?.[field] === view ? undefined : (view ?? null)
  }
  const { albumId } = linked
  const outside = albumId !== undefined && shown.albums && !shown.albums.includes(albumId)
  return outside ? albumId : undefined
}

const marksOf = (fields: readonly Compared[], item: Item): Sent =>
  Object.fromEntries(
    fields.flatMap((field) => {
      const mark = markOf(field, item)
      return mark === undefined ? [] : [[field, mark]]
    }),
  )

function waysWithout(linked: Linked, isOver: (field: keyof Ways) => boolean): Ways {
  const all = Object.entries(linked.ways ?? {}) as [keyof Ways, Ways[keyof Ways]][]
  return Object.fromEntries(all.filter(([field]) => !isOver(field)))
}
