import { type Item, type Linked, type Shown, UNLIMITED } from './items.ts'
import { plain } from './plain.ts'
import { hasPhoto } from './spare-photos.ts'
import type { Before, Field } from './steps.ts'

/** What has to be done to a card so that it is as it should be. */
export interface Differences {
  /** As it should be, given what it shows. */
  item: Item
  fields: readonly Field[]
  before: Before
  leaveAlbum?: number
}

const CONTENT = ['title', 'description', 'price', 'stock', 'sku'] as const
type ContentField = (typeof CONTENT)[number]

/** With `theirWay`, words and numbers are left as the platform keeps them. */
export function differences(
  linked: Linked,
  wanted: Item,
  shown: Shown,
  theirWay: boolean,
): Differences {
  const item = forShown(wanted, shown)
  const content = theirWay ? [] : CONTENT.filter((field) => differs(field, item, shown))
  const turned = !theirWay && item.hidden !== shown.hidden
  const leaveAlbum = albumToLeave(linked, item, shown)
  const moved = leaveAlbum !== undefined || mustEnterAlbum(item, shown)
  const pictured = item.photo !== '' && !hasPhoto(linked, item)
  return {
    item,
    fields: [
      ...content,
      ...(pictured ? (['photo'] as const) : []),
      ...(moved ? (['album'] as const) : []),
    ],
    before: { ...shownOf(shown, content), ...(turned && { hidden: shown.hidden }) },
    ...(leaveAlbum !== undefined && { leaveAlbum }),
  }
}

/**
 * A card that has run out stays unavailable however it is shown again; where the till does not count, it must not count
 * either.
 */
export function forShown(item: Item, shown: Shown): Item {
  const stuck = item.stock === undefined && !item.hidden && shown.stock === 0
  return stuck ? { ...item, stock: UNLIMITED } : item
}

function differs(field: ContentField, item: Item, shown: Shown): boolean {
  if (field === 'price') return item.price !== shown.price
  if (field === 'stock')
    return item.stock !== undefined && shown.stock !== undefined && item.stock !== shown.stock
  return !sameWords(item[field], shown[field])
}

function shownOf(shown: Shown, fields: readonly ContentField[]): Before {
  const { title, description, price, stock, sku } = shown
  const has = (field: ContentField) => fields.includes(field)
  return {
    ...(has('title') && { title }),
    ...(has('description') && { description }),
    ...(has('price') && { price }),
    ...(has('stock') && stock !== undefined && { stock }),
    ...(has('sku') && { sku }),
  }
}

function mustEnterAlbum({ album }: Item, shown: Shown): boolean {
  if (!album) return false
  return !('id' in album) || !shown.albums.includes(album.id)
}

function albumToLeave({ albumId }: Linked, { album }: Item, shown: Shown): number | undefined {
  if (albumId === undefined || !shown.albums.includes(albumId)) return undefined
  return album && 'id' in album && album.id === albumId ? undefined : albumId
}

/** What a reader sees: platforms give text back with entities, and with spaces of their own. */
const sameWords = (sent: string, shown: string): boolean =>
  sent === shown || [sent, plain(sent)].some((text) => spaced(text) === spaced(plain(shown)))

const spaced = (text: string): string => text.replace(/\s+/g, ' ').trim()
