import { asObject, asText } from '../../http/answer.ts'
import type { Album } from '../../catalogue/items.ts'
import type { Outcome } from '../catalogue.ts'
import { type Ask, unreadable } from './calls.ts'
import { refusalOf } from './errors.ts'
import { DONE, oneByOne, SAME } from './outcomes.ts'
import type { Reader } from './reading.ts'

/** Longest name of a catalog; no limit is written anywhere. */
export const TITLE_LENGTH = 100

/** What albums are at OK: catalogs of one group, of which a card is told the whole list. */
export function createCatalogs(ask: Ask, gid: string, { cardsOf }: Pick<Reader, 'cardsOf'>) {
  return { addAlbum, renameAlbum, place, take }

  async function addAlbum(title: string): Promise<string> {
    const { body } = await ask('market.addCatalog', fieldsOf(title), 'unsent')
    const id = asText(asObject(body)?.catalog_id)
    if (id) return id
    throw unreadable('a catalog without a number')
  }

  async function renameAlbum({ id }: Album, title: string): Promise<void> {
    await ask('market.editCatalog', { ...fieldsOf(title), catalog_id: id })
  }

  /** Only administrators put goods into it: the shop is theirs. */
  function fieldsOf(title: string) {
    const name = Array.from(title).slice(0, TITLE_LENGTH).join('')
    return { gid, name, admin_restricted: 'true' }
  }

  function place(albumId: string, itemIds: readonly string[]): Promise<Outcome[]> {
    const moves = itemIds.map((itemId) => ({ itemId, albumId }))
    return change(moves, (albums) => [...new Set([...albums, albumId])], false)
  }

  function take(moves: readonly { itemId: string; albumId: string }[]): Promise<Outcome[]> {
    return change(moves, (albums, albumId) => albums.filter((one) => one !== albumId), true)
  }

  /** Several moves of one card follow each other. `gone`: what becomes of a card that is not there is as it should be. */
  async function change(
    moves: readonly { itemId: string; albumId: string }[],
    next: (albums: readonly string[], albumId: string) => string[],
    gone: boolean,
  ): Promise<Outcome[]> {
    if (moves.length === 0) return []
    const cards = await cardsOf(moves.map(({ itemId }) => itemId))
    const lists = new Map(cards.map(({ shown }) => [shown.itemId, shown.albums ?? []]))
    return await oneByOne(moves, async ({ itemId, albumId }) => {
      const before = lists.get(itemId)
      if (!before) {
        if (gone) return SAME
        throw refusalOf({ number: 300, message: 'product' })
      }
      const after = next(before, albumId)
      if (after.length === before.length) return SAME
      const catalog_ids = after.join(',')
      await ask('market.updateCatalogsList', { gid, product_id: itemId, catalog_ids })
      lists.set(itemId, after)
      return DONE
    })
  }
}
