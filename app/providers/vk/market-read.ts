import { ProviderError } from '../../errors.ts'
import type { Album, Shown } from '../../catalogue/items.ts'
import { inChunks } from '../chunks.ts'
import { numberIn } from './ids.ts'
import { Listing, type ListKind } from './listing.ts'
import type { Ask, Params, Reply } from './market-calls.ts'
import * as items from './market-items.ts'
import { BAD_COLUMNS, learn, newReadWay, type ReadWay } from './read-way.ts'
import { listsScript, pagesScript } from './script.ts'

/** Most that market.getById takes (docs/platforms/vk.md#reading). */
const IDS_A_CALL = 100
const FIND = 'market.getById'
/** A page of a list is twice as long as what one of these may ask for. */
const FINDS_A_PAGE = 2

/** Reads one community's goods, ten pages in a request where `execute` allows, page by page where it does not. */
export function createReader(ask: Ask, ownerId: number) {
  const way = newReadWay()

  async function readOnce() {
    const cards = new Listing(cardsOf(ownerId))
    const albums = new Listing(albumsOf(ownerId))
    await readThrough(ask, way, [cards, albums])
    return { cards, albums }
  }

  async function readAlbums() {
    const albums = new Listing(albumsOf(ownerId))
    await readThrough(ask, way, [albums])
    return albums
  }

  return {
    /**
     * Everything, hidden cards included; read again once when it changes meanwhile, and then what either reading has. A
     * count that differs from what comes means nothing. @throws ProviderError when it has no end
     */
    async read(): Promise<{ items: Shown[]; albums: Album[] }> {
      const { cards, albums } = await readOnce()
      if (!cards.steady || !albums.steady) {
        const again = await readOnce()
        cards.add(again.cards)
        albums.add(again.albums)
        if (!again.cards.ended || !again.albums.ended) throw unreadable('a list without an end')
      }
      return { items: items.withEmptySkus(cards.items), albums: albums.items }
    },

    /** Only where they are all there is to know: a whole reading has them as well. */
    async albums(): Promise<Album[]> {
      const albums = await readAlbums()
      if (!albums.steady) {
        const again = await readAlbums()
        albums.add(again)
        if (!again.ended) throw unreadable('a list without an end')
      }
      return albums.items
    },

    /** The cards of these that are there; what VK cannot have is not asked for. */
    async find(itemIds: readonly string[]): Promise<Shown[]> {
      const numbers = new Set(itemIds.flatMap((id) => numberIn(id) ?? []))
      const calls = inChunks([...numbers], IDS_A_CALL).map((ids) => ({
        method: FIND,
        params: { item_ids: ids.map((id) => `${ownerId}_${id}`).join(','), extended: 1 },
      }))
      const pages = await findPages(
        ask,
        way,
        calls.map(({ params }) => params),
      )
      return pages.flatMap((value) => {
        const page = items.readPage(value, items.readItem)
        if (!page) throw unreadable('no list of items')
        return page.items
      })
    },
  }
}

const cardsOf = (ownerId: number): ListKind<Shown> => ({
  method: 'market.get',
  params: { owner_id: ownerId, album_id: 0, extended: 1, with_disabled: 1 },
  columns: items.ITEM_COLUMNS,
  size: 200,
  read: items.readItem,
  idOf: ({ itemId }) => itemId,
})

const albumsOf = (ownerId: number): ListKind<Album> => ({
  method: 'market.getAlbums',
  params: { owner_id: ownerId },
  columns: items.ALBUM_COLUMNS,
  size: 100,
  read: items.readAlbum,
  idOf: ({ id }) => id,
})

async function readThrough(ask: Ask, way: ReadWay, all: (Listing<Shown> | Listing<Album>)[]) {
  const open = () => all.filter(({ done }) => !done)
  for (let left = open(); left.length > 0; left = open()) {
    try {
      await (way.pages > 0 ? readTogether(ask, way, left) : readOnePage(ask, left))
    } catch (error) {
      if (!learn(way, error)) throw error
    }
  }
}

async function readTogether(ask: Ask, way: ReadWay, left: (Listing<Shown> | Listing<Album>)[]) {
  const stretches = left.map(({ kind, offset }) => ({
    ...kind,
    offset,
    columns: way.columns ? kind.columns : undefined,
    pages: way.pages,
  }))
  const code = listsScript(stretches)
  const { response, ...reply } = await ask('execute', { code }, { whole: true, kind: 'lists' })
  left.forEach((listing, at) => {
    const pages: unknown = Array.isArray(response) ? response[at] : undefined
    if (!Array.isArray(pages) || pages.length === 0) throw unreadable('no pages')
    for (const page of pages)
      takePage(listing, way.columns ? rows(page, listing.kind) : page, reply)
  })
}

async function readOnePage(ask: Ask, [listing]: (Listing<Shown> | Listing<Album>)[]) {
  if (!listing) return
  const { method, params, size } = listing.kind
  const { offset } = listing
  const { response, ...reply } = await ask(method, { ...params, count: size, offset })
  takePage(listing, response, reply)
}

function takePage(
  listing: Listing<Shown> | Listing<Album>,
  page: unknown,
  reply: Pick<Reply, 'unreadable'>,
) {
  const { lost } = listing
  if (!listing.done && !listing.take(page)) throw unreadable('no list of items')
  if (listing.lost > lost) reply.unreadable?.(listing.kind.method, listing.lost - lost)
}

async function findPages(ask: Ask, way: ReadWay, calls: readonly Params[]): Promise<unknown[]> {
  const pages: unknown[] = []
  while (pages.length < calls.length) {
    const next = calls.slice(pages.length, pages.length + Math.max(1, way.pages * FINDS_A_PAGE))
    try {
      pages.push(
        ...(next.length > 1 ? await findTogether(ask, way, next) : await findOne(ask, next)),
      )
    } catch (error) {
      if (next.length === 1 || !learn(way, error)) throw error
    }
  }
  return pages
}

async function findTogether(ask: Ask, way: ReadWay, calls: readonly Params[]): Promise<unknown[]> {
  const columns = way.columns ? items.ITEM_COLUMNS : undefined
  const code = pagesScript(
    calls.map((params) => ({ method: FIND, params })),
    columns,
  )
  const { response } = await ask('execute', { code }, { whole: true, kind: FIND })
  if (!Array.isArray(response) || response.length !== calls.length) throw unreadable('no pages')
  const pages = response as unknown[]
  return columns ? pages.map((page) => rows(page, { columns })) : pages
}

const findOne = async (ask: Ask, [params = {}]: readonly Params[]) => [
  (await ask(FIND, params)).response,
]

function rows(page: unknown, { columns }: Pick<ListKind<never>, 'columns'>): unknown {
  const found = items.rowsOf(page, Object.keys(columns))
  if (found) return found
  throw new ProviderError('columns do not match', { code: BAD_COLUMNS, kind: 'temporary' })
}

const unreadable = (message: string) =>
  new ProviderError(message, { code: 'bad_response', kind: 'temporary' })
