import { cleanLines } from './clean.ts'
import { cut } from './cut.ts'
import type { Product } from './goods.ts'
import type { Reason } from './items.ts'
import { inRoubles } from './price.ts'
import { articleOf } from './sku.ts'
import { fill } from './template.ts'
import { unitOf } from './units.ts'

/** Signs of the shortest description a card may have (docs/platforms/vk.md#cards). */
export const SHORTEST_DESCRIPTION = 10

/** VK names no upper bound (docs/platforms/vk.md#cards); this is a page of text. */
const LONGEST = 4000

/** The till's own words, or the owner's template when they are too few; or why not. `price` is after the rule. */
export function descriptionOf(
  product: Product,
  template: string,
  { full, price }: { full: string; price: number },
): { description: string } | { refused: Reason } {
  const own = cleanLines(product.description)
  if (own.length >= SHORTEST_DESCRIPTION) return { description: cut(own, LONGEST) }

  const filled = fill(template, {
    название: full,
    цена: inRoubles(price),
    единица: unitOf(product.unit).name,
    артикул: articleOf(product),
  })
  if (filled.length >= SHORTEST_DESCRIPTION) return { description: cut(filled, LONGEST) }
  const n = Math.max(own.length, filled.length)
  return { refused: { code: 'description_too_short', values: { n } } }
}
