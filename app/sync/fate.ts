import type { Card } from './cards.ts'
import { differences, forShown } from './differences.ts'
import { type Product, UNCOUNTED } from './goods.ts'
import { viewHash } from './hashes.ts'
import type { Item, Linked, Reason } from './items.ts'
import { judge, type Verdict } from './judge.ts'
import { isTheirWay, settled } from './sending.ts'
import type { Settings } from './settings.ts'
import type { Shelf } from './shelf.ts'
import type { Action, Field, Step } from './steps.ts'

/** What becomes of a product: something to do or to tell; nothing, its card being as it should be; or it is forgotten. */
export type Fate = { step: Step } | { unchanged: true; link?: Linked } | { forgotten: true }

/** A product as the till listed it last, and how many whole listings in a row have missed it since. */
export interface Known {
  product: Product
  misses: number
}

/** Missing from two complete listings; from one it may be a slip (evotor.md §8.3). */
export const isGone = ({ misses }: Known): boolean => misses >= 2

/** `lost`: it had a card that somebody deleted. */
export function fateOf(
  known: Known,
  card: Card | undefined,
  lost: boolean,
  shelf: Shelf,
  settings: Settings,
): Fate {
  const { product } = known
  const verdict: Verdict = isGone(known)
    ? { leftOut: { code: 'gone' } }
    : judge(product, shelf, settings, card?.linked)
  if ('item' in verdict)
    return card ? changed(product, card, verdict.item) : created(product, verdict.item, lost)
  if ('refused' in verdict) return skipped(product, card, verdict.refused)
  if (card) return takenLeaveOf(product, card, verdict.leftOut, settings)
  return isGone(known) ? { forgotten: true } : skipped(product, card, verdict.leftOut)
}

/** A card that would be hidden from the first day on is made when there is something to sell. */
function created(product: Product, item: Item, lost: boolean): Fate {
  if (item.hidden) return skipped(product, undefined, { code: 'out_of_stock' })
  const fields = FIELDS.filter((field) => item[field] !== undefined)
  const reason = lost && { reason: { code: 'item_gone' } }
  return { step: { ...begin('create', product), fields, item, ...reason } }
}

function changed(product: Product, { linked, shown }: Card, wanted: Item): Fate {
  const theirWay = isTheirWay(linked, forShown(wanted, shown), shown)
  const { fields, before, item, leaveAlbum } = differences(linked, wanted, shown, theirWay)
  const action = theirWay ? 'update' : actionFor(item.hidden, shown.hidden)
  if (action === 'update' && fields.length === 0) return settledCard(linked, !theirWay)
  return {
    step: {
      ...begin(action, product, shown.itemId),
      fields,
      item,
      ...(Object.keys(before).length > 0 && { before, view: viewHash(shown) }),
      ...(leaveAlbum !== undefined && { leaveAlbum }),
      ...(action === 'hide' && { reason: { code: 'out_of_stock' } }),
    },
  }
}

function actionFor(hide: boolean, hidden: boolean): 'update' | 'hide' | 'restore' {
  if (hide === hidden) return 'update'
  return hide ? 'hide' : 'restore'
}

/** What was remembered of repeated views is over once a card shows what it should. */
function settledCard(linked: Linked, asWanted: boolean): Fate {
  const stale = asWanted && (linked.view !== undefined || linked.repeats > 0)
  return { unchanged: true, ...(stale && { link: settled(linked) }) }
}

function takenLeaveOf(product: Product, card: Card, reason: Reason, settings: Settings): Fate {
  const { shown } = card
  const way = reason.code === 'out_of_stock' ? settings.outOfStock : settings.gone
  if (way === 'keep' || (way === 'hide' && shown.hidden)) return { unchanged: true }
  const step = begin(way, product, shown.itemId)
  const item = asShown(card, way === 'hide' || shown.hidden)
  if (way === 'delete') return { step: { ...step, fields: [], item, reason } }
  return { step: { ...step, fields: [], item, before: { hidden: false }, reason } }
}

/** Nothing is sent, and why. */
export const skipped = (
  product: Product,
  card: Card | undefined,
  reason: Reason,
): { step: Step } => ({
  step: { ...begin('skip', product, card?.shown.itemId), fields: [], reason },
})

const begin = (action: Action, product: Product, itemId?: number) => ({
  action,
  productId: product.id,
  ...(itemId !== undefined && { itemId }),
  name: product.name,
  ...(product.price !== undefined &&
    product.price > 0 &&
    product.price < UNCOUNTED && { tillPrice: product.price }),
})

/** The card as it is known to be; what nobody sends has no value. */
function asShown({ linked, shown }: Card, hidden: boolean): Item {
  const { title, description, price, sku, stock } = shown
  return {
    title,
    description,
    price,
    sku,
    ...(stock !== undefined && { stock }),
    hidden,
    categoryId: 0,
    photo: linked.photo ?? '',
  }
}

const FIELDS: readonly Field[] = ['title', 'description', 'price', 'stock', 'sku', 'photo', 'album']
