import type { Product } from './goods.ts'
import { UNLIMITED } from './items.ts'
import { measureOf } from './units.ts'

/** Some shops write this for «never runs out» (evotor.md §6.6). */
const ENDLESS = 999_999

/** Pieces; {@link UNLIMITED}; 0: none left; absent: the till does not tell (evotor.md §8.2). */
export function stockOf(product: Product): number | undefined {
  const { quantity, service, unit } = product
  if (service) return UNLIMITED
  if (quantity === undefined || Number.isNaN(quantity)) return undefined
  if (quantity >= ENDLESS) return UNLIMITED
  if (quantity <= 0) return 0
  return measureOf(unit) === undefined ? Math.floor(quantity) : UNLIMITED
}
