import { ShopRefused } from '../../errors.ts'
import type { Album, Shown } from '../../catalogue/items.ts'
import { plainLine } from '../../catalogue/plain.ts'
import { asObject, asText } from '../../http/answer.ts'
import { inChunks } from '../chunks.ts'
import { readEach } from '../read-each.ts'
import type { Ask, Params, Reply } from './calls.ts'
import { unreadable } from './calls.ts'
import { type Card, readCard, withEmptyAlbums } from './cards.ts'

/** Elements of a page, as public clients have it. */
const PAGE = '100'
/** Cards asked for at once; how many OK takes is written nowhere. */
const AT_ONCE = 50
/** No group is that large; a list that goes on for longer goes in circles. */
const MOST_PAGES = 300
/** Without them a product comes without its price, its status and its catalogs. */
const FIELDS = 'ID,MEDIA,MEDIA_TYPE,MEDIA_TEXT,MEDIA_PHOTO_REFS'

export type Reader = ReturnType<typeof createReader>

/** Reads one group's goods: their numbers page by page, then the cards themselves. */
export function createReader(ask: Ask, gid: string) {
  return { read, albums, find, cardsOf }

  async function read(): Promise<{ items: Shown[]; albums: Album[] }> {
    const wanted = { gid, tab: 'PRODUCTS', fields: 'ID', count: PAGE }
    const ids = await readList(ask, ['market.getProducts', 'short_products'], wanted, idIn)
    const cards = await cardsOf(ids)
    if (ids.length > 0 && cards.length === 0) throw unreadable('none of the cards it lists')
    return { items: withEmptyAlbums(cards.map(({ shown }) => shown)), albums: await albums() }
  }

  async function albums(): Promise<Album[]> {
    const wanted = { gid, fields: 'ID,NAME', count: PAGE }
    return await readList(ask, ['market.getCatalogsByGroup', 'catalogs'], wanted, readAlbum)
  }

  async function find(ids: readonly string[]): Promise<Shown[]> {
    return (await cardsOf(ids)).map(({ shown }) => shown)
  }

  /** The cards with these numbers that are there. */
  async function cardsOf(ids: readonly string[]): Promise<Card[]> {
    const cards: Card[] = []
    for (const some of inChunks([...new Set(ids)], AT_ONCE)) cards.push(...(await wholly(some)))
    return cards
  }

  /** What an answer leaves out is asked for again, as long as that brings any: it may have been cut short. */
  async function wholly(ids: readonly string[]): Promise<Card[]> {
    const cards = await readCards(ids)
    const there = new Set(cards.map(({ shown }) => shown.itemId))
    const left = ids.filter((id) => !there.has(id))
    return left.length === 0 || left.length === ids.length
      ? cards
      : [...cards, ...(await wholly(left))]
  }

  async function readCards(ids: readonly string[]): Promise<Card[]> {
    const params = { product_ids: ids.join(','), fields: FIELDS }
    const { body, ...reply } = await ask('market.getByIds', params).catch(noneOfThem)
    const { products = [] } = asObject(body) ?? { products: undefined }
    if (!Array.isArray(products)) throw unreadable('no list of products')
    return readEach(reply, 'products', products, readCard)
  }
}

/** All that were asked for are gone. */
function noneOfThem(error: unknown): Reply {
  if (error instanceof ShopRefused && error.scope === 'missing') return { body: { products: [] } }
  throw error
}

/**
 * A whole list, from anchor to anchor (docs/platforms/ok.md#reading), by its method and its name in the answer. A page
 * without its list is empty; an answer that says nothing of a list is none.
 */
export async function readList<T>(
  ask: Ask,
  [method, name]: readonly [method: string, name: string],
  params: Params,
  read: (item: unknown) => T | undefined,
): Promise<T[]> {
  const all: T[] = []
  let anchor: string | undefined
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { body, ...reply } = await ask(method, { ...params, ...(anchor && { anchor }) })
    const answer = asObject(body) ?? {}
    const list = answer[name] ?? (TELLS.some((key) => key in answer) ? [] : undefined)
    if (!Array.isArray(list)) throw unreadable(`no list of ${name}`)
    all.push(...readEach(reply, name, list, read))
    const next = asText(answer.anchor)
    if (answer.has_more === false || list.length === 0 || !next || next === anchor) return all
    anchor = next
  }
  throw unreadable('a list without an end')
}

const TELLS = ['has_more', 'anchor', 'totalCount', 'etag']

const idIn = (value: unknown) => asText(asObject(value)?.id)

function readAlbum(value: unknown): Album | undefined {
  const catalog = asObject(value)
  const id = asText(catalog?.id)
  return id === undefined ? undefined : { id, title: plainLine(asText(catalog?.name) ?? '') }
}
