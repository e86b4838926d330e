import type { Item, Reason } from '../items.ts'

/** How a product stands in a shop window; `out` does not go, `waits` has no card yet and is going to. */
export const SHOWING_STATES = ['shown', 'changes', 'hidden', 'out', 'waits'] as const
export type ShowingState = (typeof SHOWING_STATES)[number]

/** What of a card an owner compares with the till; what the platform does not tell is absent. */
export type CardNow = Partial<Pick<Item, 'title' | 'price' | 'oldPrice' | 'stock'>>

/** A product in one shop window, as it was seen last. */
export interface Showing {
  productId: string
  state: ShowingState
  /** Why it does not go, or is not on display. */
  reason?: Reason
  itemId?: string
  /** What its owner calls it, to be found by. */
  given?: string
  card?: CardNow
}
