import { setImmediate as othersTurn } from 'node:timers/promises'
import type { Group, Product } from '../catalogue/goods.ts'
import type { Album } from '../catalogue/items.ts'
import type { Linked } from '../catalogue/linked.ts'
import type { Db } from './db.ts'
import { inPages } from './pages.ts'
import type { Columns, Read, SyncItemRow } from './tables.ts'
import { transact } from './transaction.ts'

/** A product as the till had it last, in how many whole listings in a row it was missing, and its card if it has one. */
export interface Known {
  product: Product
  misses: number
  linked: Linked | undefined
  /** A photo that was uploaded for it and not used. */
  ahead?: Pick<AheadPhoto, 'id' | 'hash'>
}

/** What a listing changes. */
export interface KeptListing {
  changed: readonly Product[]
  misses: ReadonlyMap<string, number>
}

type Row = Read<SyncItemRow>

/** Groups, the albums that were made for them, and what we called those last; a title is missing where nobody noted it. */
export interface KnownGroups {
  groups: Group[]
  /** Group → album. */
  albumOf: Map<string, string>
  /** Album → title. */
  titles: Map<string, string>
}

/** A photo at the platform that no card has yet. */
export interface AheadPhoto {
  productId: string
  id: string
  /** SHA-256 of its bytes, in hex. */
  hash: string
}

/** An album that was made for a group, and what we call it. */
export interface OwnAlbum {
  groupId: string
  albumId: string
  title: string
}

/** Rows read or written in one go: other work gets its turn in between, which awaiting SQLite alone does not give. */
const AT_ONCE = 200
const NO_CARD = {
  item_id: null,
  photo: null,
  photo_hash: null,
  album_id: null,
  memory: null,
  ahead_photo: null,
  ahead_hash: null,
} satisfies Columns<SyncItemRow>

/** What is known of a link's products, their groups, and the cards they became. */
export function createSyncItemStore(db: Db) {
  const table = () => db('sync_items')
  const groups = () => db('sync_groups')

  /** Page after page, in the order they became known. */
  const pages = (linkId: number) =>
    inPages<Row, 'id'>(() => table().where({ link_id: linkId }), 'id')

  return {
    async known(linkId: number): Promise<Known[]> {
      const all: Known[] = []
      for await (const rows of pages(linkId)) all.push(...rows.map(toKnown))
      return all
    },
    /** The same, without holding all of them at once. */
    async *knownPages(linkId: number): AsyncGenerator<Known[]> {
      for await (const rows of pages(linkId)) yield rows.map(toKnown)
    },
    async count(linkId: number): Promise<number> {
      const row = await table()
        .where({ link_id: linkId })
        .count({ n: '*' })
        .first<{ n: number | string } | undefined>()
      return Number(row?.n ?? 0)
    },

    /** Products that have a card. */
    async countCards(linkId: number): Promise<number> {
      const row = await table()
        .where({ link_id: linkId })
        .whereNotNull('item_id')
        .count({ n: '*' })
        .first<{ n: number | string } | undefined>()
      return Number(row?.n ?? 0)
    },

    async saveListing(linkId: number, { changed, misses }: KeptListing): Promise<void> {
      for (const some of chunks(changed)) {
        const rows = some.map((product) => ({
          link_id: linkId,
          product_id: product.id,
          product: JSON.stringify(product),
          misses: 0,
        }))
        await db('sync_items')
          .insert(rows)
          .onConflict(['link_id', 'product_id'])
          .merge(['product', 'misses'])
        await othersTurn()
      }
      for (const [count, ids] of byValue(misses))
        for (const some of chunks(ids))
          await table()
            .where({ link_id: linkId })
            .whereIn('product_id', some)
            .update({ misses: count })
    },
    async forget(linkId: number, productIds: readonly string[]): Promise<void> {
      for (const some of chunks(productIds))
        await table().where({ link_id: linkId }).whereIn('product_id', some).delete()
    },
    async saveLinks(linkId: number, links: readonly Linked[]): Promise<void> {
      if (links.length === 0) return
      await transact(db, async (all) => {
        for (const { productId, ...linked } of links)
          await all('sync_items')
            .where({ link_id: linkId, product_id: productId })
            .update(columnsOf(linked))
      })
    },
    /** Photos that were uploaded for these products and not used. */
    async saveAhead(linkId: number, ahead: readonly AheadPhoto[]): Promise<void> {
      for (const { productId, id, hash } of ahead)
        await table()
          .where({ link_id: linkId, product_id: productId })
          .update({ ahead_photo: id, ahead_hash: hash })
    },
    /** They are used now, or of no use. */
    async takeAhead(linkId: number, productIds: readonly string[]): Promise<void> {
      for (const some of chunks(productIds))
        await table()
          .where({ link_id: linkId })
          .whereIn('product_id', some)
          .update({ ahead_photo: null, ahead_hash: null })
    },
    async unlink(linkId: number, productIds: readonly string[]): Promise<void> {
      for (const some of chunks(productIds))
        await table().where({ link_id: linkId }).whereIn('product_id', some).update(NO_CARD)
    },
    /** They were put into this album; undefined: into none. */
    async setAlbumOf(
      linkId: number,
      productIds: readonly string[],
      albumId: string | undefined,
    ): Promise<void> {
      for (const some of chunks(productIds))
        await table()
          .where({ link_id: linkId })
          .whereIn('product_id', some)
          .update({ album_id: albumId ?? null })
    },
    async of(linkId: number, productIds: readonly string[]): Promise<Map<string, Known>> {
      const rows = await table().where({ link_id: linkId }).whereIn('product_id', productIds)
      return new Map(rows.map((row) => [row.product_id, toKnown(row)]))
    },
    /** The community is another one now: none of the cards are. */
    async unlinkAll(linkId: number): Promise<void> {
      await table().where({ link_id: linkId }).update(NO_CARD)
      await db('sync_goods').where({ link_id: linkId }).delete()
      await groups().where({ link_id: linkId }).update({ album_id: null, album_title: null })
      await db('sync_holds').where({ link_id: linkId }).delete()
    },
    /** The store is another one now. */
    async forgetAll(linkId: number): Promise<void> {
      await table().where({ link_id: linkId }).delete()
      await db('sync_goods').where({ link_id: linkId }).delete()
      await groups().where({ link_id: linkId }).delete()
      await db('sync_holds').where({ link_id: linkId }).delete()
    },

    async groups(linkId: number): Promise<KnownGroups> {
      const rows = await groups().where({ link_id: linkId }).orderBy('id')
      const albumOf = new Map<string, string>()
      const titles = new Map<string, string>()
      for (const { group_id, album_id, album_title } of rows) {
        if (album_id === null) continue
        albumOf.set(group_id, album_id)
        if (album_title !== null) titles.set(album_id, album_title)
      }
      return { groups: rows.map(({ body }) => JSON.parse(body) as Group), albumOf, titles }
    },
    /** Groups are always listed whole: those that are gone go, albums of the others stay known. */
    async saveGroups(linkId: number, listed: readonly Group[]): Promise<void> {
      const ids = new Set(listed.map(({ id }) => id))
      await transact(db, async (all) => {
        const known = await all('sync_groups').where({ link_id: linkId })
        const gone = known.map(({ group_id }) => group_id).filter((id) => !ids.has(id))
        for (const some of chunks(gone))
          await all('sync_groups').where({ link_id: linkId }).whereIn('group_id', some).delete()
        for (const some of chunks(listed))
          await all('sync_groups')
            .insert(
              some.map((group) => ({
                link_id: linkId,
                group_id: group.id,
                body: JSON.stringify(group),
              })),
            )
            .onConflict(['link_id', 'group_id'])
            .merge(['body'])
      })
    },
    /** The album that was made for a group, and what we called it. */
    async setAlbum(linkId: number, { groupId, albumId, title }: OwnAlbum): Promise<void> {
      await groups()
        .where({ link_id: linkId, group_id: groupId })
        .update({ album_id: albumId, album_title: title })
    },
    /** Takes the titles that are there for what was given to albums nobody noted that of. */
    async noteTitles(linkId: number, albums: readonly Album[]): Promise<void> {
      for (const { id, title } of albums)
        await groups()
          .where({ link_id: linkId, album_id: id })
          .whereNull('album_title')
          .update({ album_title: title })
    },
  }
}

function toKnown(row: Row): Known {
  return {
    product: JSON.parse(row.product) as Product,
    misses: row.misses,
    linked: toLinked(row),
    ...(row.ahead_photo !== null && {
      ahead: { id: row.ahead_photo, hash: row.ahead_hash ?? '' },
    }),
  }
}

function toLinked(row: Row): Linked | undefined {
  if (row.item_id === null) return undefined
  return {
    productId: row.product_id,
    itemId: row.item_id,
    ...(row.photo !== null && { photo: row.photo }),
    ...(row.photo_hash !== null && { photoHash: row.photo_hash }),
    ...(row.album_id !== null && { albumId: row.album_id }),
    ...(row.memory !== null && (JSON.parse(row.memory) as Pick<Linked, 'sent' | 'ways'>)),
  }
}

const columnsOf = (linked: Omit<Linked, 'productId'>) => ({
  item_id: linked.itemId,
  photo: linked.photo ?? null,
  photo_hash: linked.photoHash ?? null,
  album_id: linked.albumId ?? null,
  memory: memoryOf(linked),
})

function memoryOf({ sent, ways }: Pick<Linked, 'sent' | 'ways'>): string | null {
  const memory = { ...(sent && { sent }), ...(ways && { ways }) }
  return Object.keys(memory).length > 0 ? JSON.stringify(memory) : null
}

function byValue(misses: ReadonlyMap<string, number>): Map<number, string[]> {
  const found = new Map<number, string[]>()
  for (const [id, count] of misses) {
    const ids = found.get(count)
    if (ids) ids.push(id)
    else found.set(count, [id])
  }
  return found
}

function* chunks<T>(all: readonly T[]): Generator<T[]> {
  for (let from = 0; from < all.length; from += AT_ONCE) yield all.slice(from, from + AT_ONCE)
}
