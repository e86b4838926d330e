import type { Capacity } from './capacity.ts'
import type { Product } from './goods.ts'
import { UNLIMITED } from './items.ts'
import { unitOf } from './units.ts'

/** Some shops write this for «never runs out» (docs/platforms/evotor.md#goods). */
const ENDLESS = 999_999

/**
 * Whole units; {@link UNLIMITED} of what is measured; 0: none left; absent: the till does not tell
 * (docs/platforms/evotor.md#goods). Less than one is something, except of a piece.
 */
export function stockOf(product: Product): number | undefined {
  if (product.service) return UNLIMITED
  const quantity = quantityOf(product)
  if (quantity === undefined) return undefined
  if (quantity >= ENDLESS) return UNLIMITED
  if (quantity <= 0) return 0
  const { kind } = unitOf(product.unit)
  if (kind === 'measured') return UNLIMITED
  const whole = Math.floor(quantity)
  return kind === 'piece' ? whole : Math.max(1, whole)
}

/** The same as a place can hold it: where pieces are not counted, whatever there is has no end. */
export function stockFor(
  product: Product,
  { pieces }: Pick<Capacity, 'pieces'>,
): number | undefined {
  const stock = stockOf(product)
  return pieces || stock === undefined || stock === 0 ? stock : UNLIMITED
}

/** How many units there are, for a table; absent where whole pieces say it, or nobody knows. */
export function amountOf(product: Product): number | undefined {
  const quantity = quantityOf(product)
  if (product.service || quantity === undefined || quantity >= ENDLESS) return undefined
  return unitOf(product.unit).kind === 'piece' ? undefined : Math.max(0, quantity)
}

/**
 * As the till counts, without what is left over of its sums: it has three digits after the point
 * (docs/platforms/evotor.md#goods).
 */
function quantityOf({ quantity }: Product): number | undefined {
  if (quantity === undefined || Number.isNaN(quantity)) return undefined
  return Math.abs(quantity) < ENDLESS ? Math.round(quantity * 1000) / 1000 : quantity
}
