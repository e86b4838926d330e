import { isDeepStrictEqual } from 'node:util'
import type { Product } from '../../../catalogue/goods.ts'
import { missesAfter } from '../../../catalogue/listing.ts'
import type { Known } from '../../../store/sync-items.ts'
import { productsById, readable } from './readable.ts'
import type { Claim } from '../../../store/sync-run-rows.ts'
import { ProviderError } from '../../../errors.ts'

/** How the till is looked at. */
export interface Look {
  /** Everything, not only what has changed. */
  whole: boolean
  /**
   * Whose it is: what is missing counts, and whoever has lost the run meanwhile keeps nothing of what it saw. Without one a
   * person only looks, and changes nothing.
   */
  run?: Claim
  /** A person decides by it, so that what is missing is decided at once: a run lists a second time for that. */
  byHand?: boolean
}

export const NONE: ReadonlyMap<string, number> = new Map()

export const byId = (products: readonly Product[]) =>
  new Map(products.map((product) => [product.id, product]))

export function unknownTo(before: readonly Known[]): (product: Product) => boolean {
  const knownById = new Map(before.map((one) => [one.product.id, one]))
  return (product) => {
    const known = knownById.get(product.id)
    return !known || known.misses > 0 || !isDeepStrictEqual(known.product, product)
  }
}

/**
 * New counts of those whose count changes; only a whole listing tells that something is missing. What one misses and another
 * has is there, and is added to `products`.
 */
export async function missesOf(
  before: readonly Known[],
  products: Map<string, Product>,
  { whole, run, byHand }: Look,
  list: () => Promise<Map<string, Product>>,
): Promise<Map<string, number>> {
  const known = new Map(before.map(({ product, misses }) => [product.id, misses]))
  let after = missesAfter(known, new Set(products.keys()), whole)
  if (whole && byHand && [...after.values()].includes(1)) {
    const second = run ? await list() : products // who looks is told what a second one is going to find
    if (second.size === 0) throw emptyStore(true)
    const { things, lossy } = readable([...second.values()], productsById(before))
    for (const product of things) if (!products.has(product.id)) products.set(product.id, product)
    after = missesAfter(after, new Set(products.keys()), !lossy)
  }
  return new Map([...after].filter(([id, count]) => known.get(id) !== count))
}

export function merged(
  before: readonly Known[],
  products: ReadonlyMap<string, Product>,
  misses: ReadonlyMap<string, number>,
): Known[] {
  const old = new Set(before.map(({ product }) => product.id))
  const added = [...products.values()].filter(({ id }) => !old.has(id))
  return [
    ...before.map((known) => ({
      ...known,
      product: products.get(known.product.id) ?? known.product,
      misses: misses.get(known.product.id) ?? known.misses,
    })),
    ...added.map((product) => ({ product, misses: 0, linked: undefined })),
  ]
}

/** A store that had goods may be told as empty by mistake. */
export const emptyStore = (hadGoods: boolean) =>
  new ProviderError('the store is empty', {
    code: 'store_empty',
    kind: hadGoods ? 'temporary' : 'configuration',
  })
