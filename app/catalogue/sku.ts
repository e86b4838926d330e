import type { Capacity } from './capacity.ts'
import { clean } from './clean.ts'
import type { Product } from './goods.ts'
import { sha256 } from './hashes.ts'

const ENDING = 12

/** What a buyer sees as the article, ending in what the card is known by as ours. */
export function skuOf(product: Product, capacity: Pick<Capacity, 'article' | 'letters'>): string {
  const ending = endingFor(product.id)
  const article = articleOf(product, capacity)
    .slice(0, capacity.article - ENDING - 1)
    .trim()
  return article === '' ? ending : `${article} ${ending}`
}

/** What a person at the till calls it by, else its number there; may be empty. */
export const articleOf = (
  { article, code }: Product,
  { letters }: Pick<Capacity, 'letters'>,
): string => clean(article ?? '', letters) || clean(code ?? '', letters)

/** The first 12 hex digits of a product's id; of the id's hash when it is no such number. */
export function endingFor(productId: string): string {
  const digits = productId.replaceAll('-', '').toLowerCase()
  const hex = /^[0-9a-f]{12,}$/.test(digits) ? digits : sha256(productId)
  return hex.slice(0, ENDING)
}

/**
 * Gives products their numbers in a file: the ending of the sku, by which people find the card; of products whose ids
 * begin alike, the later ones have 20 digits of their own.
 */
export function createOfferIds(): (productId: string) => string {
  const owners = new Map<string, string>()
  return (productId) => {
    const ending = endingFor(productId)
    const owner = owners.get(ending)
    if (owner === undefined) owners.set(ending, productId)
    return owner === undefined || owner === productId ? ending : sha256(productId).slice(0, 20)
  }
}

/** Reads the ending back; absent: a card of somebody else. */
export const endingOf = (sku: string): string | undefined =>
  /(?:^|\s)([0-9a-f]{12})\s*$/i.exec(sku)?.[1]?.toLowerCase()
