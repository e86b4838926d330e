import type { Capacity } from './capacity.ts'
import { differences } from './differences.ts'
import { type Product, UNCOUNTED } from './goods.ts'
import type { Item, Reason } from './items.ts'
import type { Linked } from './linked.ts'
import type { Owned } from './owner/overrides.ts'
import { buildItem, type BuiltItem } from './build-item.ts'
import { type Card, isHidden, isOff } from './memory.ts'
import { disproved } from './sent-state.ts'
import type { Settings } from './settings.ts'
import type { GroupIndex } from './group-index.ts'
import { skuOf } from './sku.ts'
import { FIELDS, type Step } from './steps.ts'

/** What becomes of a product: something to do or to tell; nothing, its card being as it should be; or it is forgotten. */
export type Decision =
  | { step: Step }
  /** `reason`: why its card does not show. */
  | { unchanged: true; link?: Linked; reason?: Reason }
  | { forgotten: true }

/** A product as the till listed it last, and how many whole listings in a row have missed it since. */
export interface ListedProduct extends Owned {
  product: Product
  misses: number
}

/** Missing from two complete listings; from one it may be a slip (docs/platforms/evotor.md#what-is-gone). */
export const isGone = ({ misses }: ListedProduct): boolean => misses >= 2

/** `lost`: it had a card that somebody deleted. */
export function decideStep(
  known: ListedProduct,
  card: Card | undefined,
  lost: boolean,
  groupIndex: GroupIndex,
  settings: Settings,
): Decision {
  const { product } = known
  const verdict: BuiltItem = isGone(known)
    ? { leftOut: { code: 'gone' } }
    : buildItem(product, groupIndex, settings, card !== undefined, known)
  if ('item' in verdict)
    return card ? changed(product, card, verdict.item) : created(product, verdict.item, lost)
  if ('refused' in verdict) return skipped(product, card, verdict.refused)
  if (card) return takenLeaveOf(known, card, verdict.leftOut, { settings, ...groupIndex })
  return isGone(known) ? { forgotten: true } : skipped(product, card, verdict.leftOut)
}

/** A card that would be hidden from the first day on is made when there is something to sell. */
function created(product: Product, item: Item, lost: boolean): Decision {
  if (item.hidden) return skipped(product, undefined, { code: 'out_of_stock' })
  const fields = FIELDS.filter((field) => item[field] !== undefined)
  const reason = lost && { reason: { code: 'item_gone' } }
  return { step: { action: 'create', ...named(product), fields, item, ...reason } }
}

function changed(product: Product, card: Card, wanted: Item): Decision {
  const { fields, before, item, turned, leaveAlbum } = differences(wanted, card)
  if (!turned && fields.length === 0)
    return { ...settled(card), ...(item.hidden && { reason: { code: 'out_of_stock' } }) }
  const action = turned ? (item.hidden ? 'hide' : 'restore') : 'update'
  return {
    step: {
      action,
      ...onCard(product, card),
      fields,
      item,
      ...(Object.keys(before).length > 0 && { before }),
      ...(leaveAlbum !== undefined && { leaveAlbum }),
      ...(action === 'hide' && { reason: { code: 'out_of_stock' } }),
    },
  }
}

function settled(card: Card) {
  const link = disproved(card)
  return { unchanged: true as const, ...(link && { link }) }
}

interface Rules {
  settings: Settings
  capacity: Capacity
}

function takenLeaveOf(
  { product }: ListedProduct,
  card: Card,
  reason: Reason,
  { settings, capacity }: Rules,
): Decision {
  const way = reason.code === 'out_of_stock' ? settings.outOfStock : settings.gone
  if (way === 'keep') return soldOut(product, card, reason, capacity)
  if (way === 'hide' && isHidden(card)) return { unchanged: true, reason }
  const item = asShown(product, card, way === 'hide' || isHidden(card), capacity)
  const step = { ...onCard(product, card), fields: [], item, reason }
  if (way === 'delete') return { step: { action: way, ...step } }
  return { step: { action: way, ...step, only: ['hidden'], before: { hidden: false } } }
}

/** It stays where it is, and nobody can order it. */
function soldOut(product: Product, card: Card, reason: Reason, capacity: Capacity): Decision {
  const item = { ...asShown(product, card, isHidden(card), capacity), stock: 0 }
  if (!isOff('stock', item, card)) return settled(card)
  const { stock } = card.shown
  return {
    step: {
      action: 'update',
      ...onCard(product, card),
      fields: ['stock'],
      only: ['stock', 'hidden'],
      item,
      ...(stock !== undefined && { before: { stock } }),
      reason,
    },
  }
}

/** Nothing is sent, and why. */
export const skipped = (
  product: Product,
  card: Card | undefined,
  reason: Reason,
): { step: Step } => ({
  step: {
    action: 'skip',
    ...(card ? onCard(product, card) : named(product)),
    fields: [],
    reason,
  },
})

const onCard = (product: Product, { shown: { itemId } }: Card) => ({ ...named(product), itemId })

const named = (product: Product) => ({
  productId: product.id,
  name: product.name,
  ...(product.price !== undefined &&
    product.price > 0 &&
    product.price < UNCOUNTED && { tillPrice: product.price }),
})

/** The card as it is known to be; what nobody sends has no value, what the platform does not tell the till's. */
function asShown(product: Product, { shown }: Card, hidden: boolean, capacity: Capacity): Item {
  const { stock } = shown
  return {
    title: shown.title ?? product.name,
    description: shown.description ?? product.description,
    price: shown.price ?? product.price ?? 0,
    sku: shown.sku ?? skuOf(product, capacity),
    ...(stock !== undefined && { stock }),
    hidden,
  }
}
