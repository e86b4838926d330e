/** What an owner has set for one product by hand: it wins over the till until it is taken back. */
export interface Overrides {
  title?: string
  description?: string
  /** Kopecks; what it cost before, shown crossed out where the place can. */
  oldPrice?: number
  /** It is not to be carried. */
  aside?: true
}

/** What of a product is the owner's: pictures by their numbers, and what was set by hand. */
export interface Owned {
  photos?: readonly number[]
  overrides?: Overrides
}

/** Something of it is the owner's. */
export const isSet = (overrides: Overrides | undefined): overrides is Overrides =>
  overrides !== undefined && Object.keys(overrides).length > 0

/**
 * The old price as a place shows it, in kopecks: it has to be more than the price of today, or it promises a discount that
 * is none.
 */
export function oldPriceFor(
  { oldPrice }: Overrides,
  price: number,
  { oldPrices, dearest }: { oldPrices: boolean; dearest: number },
): number | undefined {
  if (!oldPrices || oldPrice === undefined || oldPrice <= price) return undefined
  return oldPrice <= dearest ? oldPrice : undefined
}
