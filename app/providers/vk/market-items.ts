import { asObject, asText } from '../../http/answer.ts'
import type { Album, Shown } from '../../catalogue/items.ts'
import { plainLine } from '../../catalogue/plain.ts'
import type { Page } from './market-pages.ts'

/** Of each item what {@link Shown} needs, as `execute` is to answer with: a name and the way VKScript takes to it. */
export const ITEM_COLUMNS = {
  id: '@.id',
  title: '@.title',
  description: '@.description',
  amount: '@.price@.amount',
  oldAmount: '@.price@.old_amount',
  sku: '@.sku',
  stock: '@.stock_amount',
  availability: '@.availability',
  albums: '@.albums_ids',
} as const

export const ALBUM_COLUMNS = {
  id: '@.id',
  title: '@.title',
  is_main: '@.is_main',
  is_hidden: '@.is_hidden',
  cover: '@.photo@.id',
} as const

/**
 * A card of `market.get` (docs/platforms/vk.md#reading), or one of {@link readColumns}; undefined for anything else.
 */
export function readItem(value: unknown): Shown | undefined {
  const item = asObject(value)
  const itemId = idIn(item?.id)
  if (!item || itemId === undefined) return undefined
  const availability = whole(item.availability)
  const albums = item.albums_ids ?? item.albums
  const price = whole(item.amount ?? asObject(item.price)?.amount)
  const oldPrice = whole(item.oldAmount ?? asObject(item.price)?.old_amount)
  return {
    itemId,
    ...told('title', words(item.title)),
    ...told('description', words(item.description)),
    ...told('price', price), // kopecks, though written in roubles
    ...told('oldPrice', price === undefined ? undefined : (oldPrice ?? 0)), // left out where there is none
    ...told('sku', words(item.sku)),
    ...told('stock', whole(item.stock_amount ?? item.stock)),
    ...told('hidden', availability === undefined ? undefined : availability !== 0),
    ...(Array.isArray(albums) && { albums: idsOf(albums) }),
  }
}

/** Empty words are told as well: it is silence that is not. */
const words = (value: unknown) => (value === '' ? '' : asText(value))

/** VK leaves an empty article out: where it tells of others, that is what it means. */
export function withEmptySkus(cards: readonly Shown[]): Shown[] {
  const tells = cards.some(({ sku }) => sku !== undefined)
  return cards.map((card) => (tells && card.sku === undefined ? { ...card, sku: '' } : card))
}

const told = <K extends string, V>(name: K, value: V | undefined) =>
  (value === undefined ? {} : { [name]: value }) as Partial<Record<K, V>>

export function readAlbum(value: unknown): Album | undefined {
  const album = asObject(value)
  const id = idIn(album?.id)
  if (!album || id === undefined) return undefined
  return {
    id,
    title: plainLine(asText(album.title) ?? ''),
    ...told('cover', idIn(album.cover ?? asObject(album.photo)?.id)),
    ...(isSet(album.is_main) && { main: true }),
    ...(isSet(album.is_hidden) && { hidden: true }),
  }
}

const isSet = (flag: unknown) => flag === true || flag === 1

/** `{count, items}`; undefined when it has no items. A count it does not tell is 0. What in it is no item (VK puts `false` there) is left out. */
export function readPage<T>(
  value: unknown,
  read: (item: unknown) => T | undefined,
): (Page<T> & { length: number }) | undefined {
  const page = asObject(value)
  const count = whole(page?.count) ?? 0
  if (!Array.isArray(page?.items)) return undefined
  const items = page.items.map(read).filter((item) => item !== undefined)
  return { count, items, length: page.items.length }
}

/**
 * A page of columns, each a list, as the page of rows it was made of; undefined when the columns are not equally long, so
 * that nobody knows what belongs together.
 */
export function rowsOf(value: unknown, names: readonly string[]): unknown {
  const page = asObject(value)
  if (!page) return undefined
  const ids = listOf(page.id)
  const columns = names.map((name) => [name, listOf(page[name])] as const)
  if (columns.some(([, column]) => column.length !== ids.length)) return undefined
  const row = (at: number) =>
    Object.fromEntries(columns.map(([name, column]) => [name, column[at]]))
  return { count: page.count, items: ids.map((_id, at) => row(at)) }
}

/** A column of an empty list may come as nothing. */
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

const idsOf = (value: unknown): string[] => listOf(value).flatMap((one) => idIn(one) ?? [])

/** A number of VK's as text. */
function idIn(value: unknown): string | undefined {
  const number = whole(value)
  return number === undefined ? undefined : String(number)
}

function whole(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined
}
