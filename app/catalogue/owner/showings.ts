import type { Product } from '../goods.ts'
import type { Item, Reason, Shown } from '../items.ts'
import { type Card, isHidden } from '../memory.ts'
import type { Action, Step } from '../steps.ts'
import type { Overrides } from './overrides.ts'
import type { CardNow, Showing, ShowingState } from './in-window.ts'

/** What is known of one whose fate is decided: something to do, or nothing. */
export interface Fate {
  step?: Step
  /** Why nothing shows, where nothing is to be done. */
  reason?: Reason
}

export function showingOf(
  product: Product,
  { step, reason }: Fate,
  card?: Card,
  { title }: Overrides = {},
): Showing {
  const why = step ? reasonIn(step) : reason
  return {
    productId: product.id,
    state: step ? AHEAD[step.action] : card && isHidden(card) ? 'hidden' : 'shown',
    ...(why && { reason: why }),
    ...(title !== undefined && { given: title }),
    ...(card && { itemId: card.shown.itemId, card: cardNow(card.shown) }),
  }
}

const AHEAD: Record<Action, ShowingState> = {
  create: 'waits',
  update: 'changes',
  restore: 'changes',
  hide: 'changes',
  delete: 'changes',
  skip: 'out',
}

const reasonIn = (step: Step) => ('reason' in step ? step.reason : undefined)

/** What a run has made of it, where it has made something. */
export function showingAfter(
  step: Step,
  {
    done,
    itemId,
    reason,
  }: { done: boolean; itemId?: string | undefined; reason?: Reason | undefined },
): Omit<Showing, 'productId'> | undefined {
  if (step.action === 'skip') return undefined
  if (!done) return { state: 'out', ...(reason && { reason }) }
  if (step.action === 'delete') return { state: 'out', reason: step.reason }
  const { hidden } = step.item
  return {
    state: hidden ? 'hidden' : 'shown',
    ...(hidden && step.reason && { reason: step.reason }),
    ...(itemId !== undefined && { itemId }),
    card: cardNow(step.item),
  }
}

const cardNow = ({ title, price, oldPrice, stock }: Item | Shown): CardNow => ({
  ...(title !== undefined && { title }),
  ...(price !== undefined && { price }),
  ...(oldPrice ? { oldPrice } : {}),
  ...(stock !== undefined && { stock }),
})
