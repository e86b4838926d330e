import type { Context } from '../../../context.ts'
import type { Showing, ShowingState } from '../../../catalogue/owner/in-window.ts'
import { UNLIMITED } from '../../../catalogue/items.ts'
import { UNCOUNTED, type Product } from '../../../catalogue/goods.ts'
import { cardAddresses } from '../../../flows/catalogue/card-address.ts'
import type { Link } from '../../../store/sync-links.ts'
import { number, price } from '../../kit/amounts.ts'
import { pairOf, platformsOf } from '../pair.ts'
import { wordsOf } from '../words.ts'

/** A product in one window as the page tells of it. */
export interface Window {
  /** The community, or the file. */
  name: string
  look: 'new' | 'upd' | 'hide' | 'skip'
  word: string
  why?: string
  price?: string
  stock?: string
  card?: string
}

export const STATE_WORDS: Record<ShowingState, string> = {
  shown: 'В продаже',
  changes: 'Изменится',
  hidden: 'Скрыт',
  out: 'Не идёт',
  waits: 'Ждёт',
}

const LOOKS: Record<ShowingState, Window['look']> = {
  shown: 'new',
  changes: 'upd',
  hidden: 'hide',
  out: 'skip',
  waits: 'upd',
}

/** How a window is called: by its community, a file as such. */
export const windowName = (ctx: Context, link: Link): string =>
  link.target === undefined ? 'Файл с каталогом' : pairOf(ctx, link).target.name

/** `itemId` is what is known of the card now. */
export function windowOf(
  ctx: Context,
  link: Link,
  stands: Showing | undefined,
  itemId: string | undefined,
): Window {
  const isFile = link.target === undefined
  const { state, reason, card }: Omit<Showing, 'productId'> = stands ?? { state: 'waits' }
  const shop = platformsOf(ctx, link).target
  const at = itemId === undefined ? undefined : cardAddresses(ctx, link)(itemId)
  return {
    name: windowName(ctx, link),
    look: LOOKS[state],
    word: isFile && state === 'shown' ? 'В файле' : STATE_WORDS[state],
    ...(reason && { why: wordsOf(reason.code, shop, reason.values).title }),
    ...(card?.price !== undefined && { price: price(card.price) }),
    ...(card?.stock !== undefined && { stock: pieces(card.stock) }),
    ...(at !== undefined && { card: at }),
  }
}

const pieces = (stock: number) => (stock === UNLIMITED ? 'есть' : `${number(stock)} шт`)

/** What the till says of price and stock; nothing where it says nothing. */
export const atTill = ({ price: kopecks, quantity, unit }: Product) => ({
  price: kopecks && kopecks < UNCOUNTED ? price(kopecks) : 'без цены',
  stock: quantity === undefined ? '' : `${quantity.toLocaleString('ru-RU')} ${unit}`.trim(),
})
