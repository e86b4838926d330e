import type { Capacity } from './capacity.ts'
import { cleanLines } from './clean.ts'
import { cut } from './cut.ts'
import type { Product } from './goods.ts'
import type { Reason } from './items.ts'
import { inRoubles } from './price.ts'
import { articleOf } from './sku.ts'
import { fillTemplate } from './template.ts'
import { unitOf } from './units.ts'

/**
 * The till's own words, or the owner's template when they are too few or there are none; or why not. `price` is after the
 * rule.
 */
export function descriptionOf(
  product: Product,
  template: string,
  { full, price }: { full: string; price: number },
  capacity: Pick<Capacity, 'description' | 'letters'>,
): { description: string } | { refused: Reason } {
  const { letters, description: room } = capacity
  const own = cleanLines(product.description, letters)
  if (own.length >= Math.max(1, room.least)) return { description: cut(own, room.most) }

  const filled = fillTemplate(template, {
    название: full,
    цена: inRoubles(price),
    единица: unitOf(product.unit).name,
    артикул: articleOf(product, capacity),
  })
  const written = cleanLines(filled, letters)
  if (written.length >= room.least) return { description: cut(written, room.most) }
  const n = Math.max(own.length, written.length)
  return { refused: { code: 'description_too_short', values: { n } } }
}
