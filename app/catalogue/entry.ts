import type { Item } from './items.ts'

/** One product in a file of the catalogue: its card, and what only files need. */
export interface Entry extends Pick<
  Item,
  'title' | 'description' | 'price' | 'oldPrice' | 'stock' | 'hidden'
> {
  productId: string
  /** Its number in the file: at most 20 letters and digits, no other product's (Yandex's manual, `offer`). */
  offerId: string
  groupId?: string
  article?: string
  /** `шт`, `кг`; may be empty. */
  unit: string
  /** How many of them, where that is no whole number of pieces. */
  quantity?: number
  /** Where its picture is, for everybody to see. */
  picture?: string
  /** Where it can be bought. */
  url?: string
}

/** To be had now, as far as anybody knows. */
export const isAvailable = ({ hidden, stock }: Pick<Entry, 'hidden' | 'stock'>): boolean =>
  !hidden && stock !== 0
