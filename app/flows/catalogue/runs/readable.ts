import type { Context } from '../../../context.ts'
import type { Known } from '../../../store/sync-items.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Group, Product } from '../../../catalogue/goods.ts'

/** A listing without what could not be read. */
export interface Readable<T> {
  things: T[]
  /** There was something of which nobody knows what it was: what is missing may be there all the same. */
  lossy: boolean
}

/** What is there and makes no sense stays as it was known; what nobody knew yet waits until it does. */
export function readable<T extends Product | Group>(
  listed: readonly T[],
  known: ReadonlyMap<string, T>,
): Readable<T> {
  const things = listed.flatMap((one) => {
    if (!one.unreadable) return [one]
    const before = known.get(one.id)
    return before ? [before] : []
  })
  return { things, lossy: listed.some(({ id }) => id === '') }
}

export const productsById = (known: readonly Known[]): ReadonlyMap<string, Product> =>
  new Map(known.map(({ product }) => [product.id, product]))

/** A line in the log: how many, and which of them have a name. */
export function noteUnreadable(
  { log }: Context,
  { id: link }: Link,
  listed: readonly (Product | Group)[],
): void {
  const odd = listed.filter(({ unreadable }) => unreadable)
  if (odd.length === 0) return
  const ids = odd.flatMap(({ id }) => (id ? [id] : [])).slice(0, MOST_NAMED)
  log.warn('till_unreadable', { link, count: odd.length, ids })
}

const MOST_NAMED = 10
