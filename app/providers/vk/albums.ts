import { ProviderError, type ShopRefused } from '../../errors.ts'
import { asObject } from '../../http/answer.ts'
import type { Album } from '../../catalogue/items.ts'
import type { Outcome } from '../catalogue.ts'
import type { Batch } from './batch.ts'
import { CAPACITY } from './capacity.ts'
import { albumNumber, cardNumber, photoNumber, sendReadable } from './ids.ts'
import { inChunks } from '../chunks.ts'
import type { Ask } from './market-calls.ts'
import { asRefusal, DONE, outcomeOf, SAME } from './outcomes.ts'
import type { ScriptCall } from './script.ts'

/** Cards in one list; no limit is written anywhere. */
const AT_ONCE = 100
const TITLE_LENGTH = CAPACITY.albumTitle

/** Albums of one community and what lies in them. */
export function createAlbums(ask: Ask, batch: Batch, ownerId: number) {
  return { addAlbum, renameAlbum, place, take }

  async function addAlbum(title: string): Promise<string> {
    const params = { owner_id: ownerId, title: fitting(title) }
    const { response } = await ask('market.addAlbum', params, { repeat: 'unsent' })
    const id = asObject(response)?.market_album_id
    if (typeof id === 'number') return String(id)
    throw new ProviderError('an album without a number', {
      code: 'bad_response',
      kind: 'temporary',
    })
  }

  /**
   * What is left out of an edit may be lost: picture, place and visibility are said again
   * (docs/platforms/vk.md#albums).
   */
  async function renameAlbum({ id, cover, main, hidden }: Album, title: string): Promise<void> {
    await ask('market.editAlbum', {
      ...{ owner_id: ownerId, album_id: albumNumber(id), title: fitting(title) },
      ...(cover !== undefined && { photo_id: photoNumber(cover) }),
      ...(main && { main_album: 1 }),
      ...(hidden && { is_hidden: 1 }),
    })
  }

  function place(albumId: string, itemIds: readonly string[]): Promise<Outcome[]> {
    const read = (itemId: string) => ({ album: albumNumber(albumId), card: cardNumber(itemId) })
    return sendReadable(itemIds, read, async (moves) => {
      const cards = moves.map(({ card }) => card)
      return moves[0] ? await placeNumbers(moves[0].album, cards) : []
    })
  }

  async function placeNumbers(album: number, cards: readonly number[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = []
    for (const part of inChunks(cards, AT_ONCE)) {
      const stop = outcomes.find(stops)
      outcomes.push(...(stop ? part.map(() => stop) : await placeAll(album, part)))
    }
    return outcomes
  }

  /** A list is refused for one card in it; halves of it tell which. */
  async function placeAll(album: number, cards: readonly number[]): Promise<Outcome[]> {
    const outcome = await placeAtOnce(album, cards)
    if (outcome.done && !outcome.same) return cards.map(() => outcome)
    if (cards.length === 1 || stops(outcome)) return cards.map(() => outcome)
    const middle = Math.ceil(cards.length / 2)
    const first = await placeAll(album, cards.slice(0, middle))
    const stop = first.find((one) => stops(one) || isFull(one))
    const rest = cards.slice(middle)
    return [...first, ...(stop ? rest.map(() => stop) : await placeAll(album, rest))]
  }

  async function placeAtOnce(album: number, cards: readonly number[]): Promise<Outcome> {
    const lists = { item_ids: cards.join(','), album_ids: album }
    try {
      await ask('market.addToAlbum', { owner_id: ownerId, ...lists })
      return DONE
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      return outcomeOf(asRefusal(error))
    }
  }

  /** One card a call, 25 calls a request. */
  async function take(moves: readonly Move[]): Promise<Outcome[]> {
    const outcomes = await sendReadable(moves, callOf, batch)
    return outcomes.map((outcome) => (isMissing(outcome) ? SAME : outcome))
  }

  function callOf({ itemId, albumId }: Move): ScriptCall {
    const [item, album] = [cardNumber(itemId), albumNumber(albumId)]
    return {
      method: 'market.removeFromAlbum',
      params: { owner_id: ownerId, item_id: item, album_ids: album },
    }
  }
}

interface Move {
  itemId: string
  albumId: string
}

const fitting = (title: string) => Array.from(title).slice(0, TITLE_LENGTH).join('')

/** What does not fit is the rest as well. */
const isFull = (outcome: Outcome) => !outcome.done && outcome.refusal.code === 'album_full'

/** It is not about one card: asking for others would end the same. */
const stops = (outcome: Outcome) => !outcome.done && !isAbout(outcome.refusal)

const isAbout = ({ scope, code }: ShopRefused) =>
  code !== 'album_gone' && (scope === 'item' || scope === 'missing')

const isMissing = (outcome: Outcome) => !outcome.done && outcome.refusal.scope === 'missing'
