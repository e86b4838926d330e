import { tooMany } from './shrink-guard.ts'
import type { Product } from './goods.ts'

/**
 * How many whole listings in a row have missed each product, after one more. One that was not whole, or was empty, counts
 * for nobody's absence (docs/platforms/evotor.md#what-is-gone); what it shows is there all the same.
 */
export function missesAfter(
  known: ReadonlyMap<string, number>,
  seen: ReadonlySet<string>,
  whole: boolean,
): Map<string, number> {
  const missed = whole && seen.size > 0 ? 1 : 0
  const after = new Map([...known].map(([id, misses]) => [id, misses + missed]))
  for (const id of seen) after.set(id, 0)
  return after
}

/** Whether so many have run out at once that it looks like a slip of the till, and is to be read a second time. */
export function suspiciousZeros(before: readonly Product[], after: readonly Product[]): boolean {
  const now = new Map(after.map((product) => [product.id, product]))
  const stocked = before.filter(({ quantity }) => quantity !== undefined && quantity > 0)
  const out = stocked.filter(({ id }) => {
    const product = now.get(id)
    return product !== undefined && ranOut(product)
  })
  return tooMany(out.length, stocked.length)
}

/** Two readings in one: as in the second, but what only one of them calls run out has what the other says. */
export function confirmedZeros(first: readonly Product[], second: readonly Product[]): Product[] {
  const earlier = new Map(first.map((product) => [product.id, product]))
  const merged = second.map((product) => {
    const quantity = earlier.get(product.id)?.quantity
    const doubtful = ranOut(product) && quantity !== undefined && quantity > 0
    return doubtful ? { ...product, quantity } : product
  })
  const later = new Set(second.map(({ id }) => id))
  return [...merged, ...first.filter(({ id }) => !later.has(id))]
}

const ranOut = ({ quantity }: Product): boolean => quantity !== undefined && quantity <= 0
