import { clean } from './clean.ts'
import type { Product } from './goods.ts'
import { sha256 } from './hashes.ts'

/** The longest VK takes (vk.md §7.1). */
const LONGEST = 50
const ENDING = 12

/** What a buyer sees as the article, ending in what the card is known by as ours. ≤ 50 characters. */
export function skuOf(product: Product): string {
  const ending = endingFor(product.id)
  const article = articleOf(product)
    .slice(0, LONGEST - ENDING - 1)
    .trim()
  return article === '' ? ending : `${article} ${ending}`
}

/** What a person at the till calls it by, else its number there; may be empty. */
export const articleOf = ({ article, code }: Product): string =>
  clean(article ?? '') || clean(code ?? '')

/** The first 12 hex digits of a product's id; of the id's hash when it is no such number. */
export function endingFor(productId: string): string {
  const digits = productId.replaceAll('-', '').toLowerCase()
  const hex = /^[0-9a-f]{12,}$/.test(digits) ? digits : sha256(productId)
  return hex.slice(0, ENDING)
}

/** Reads the ending back; absent: a card of somebody else. */
export const endingOf = (sku: string): string | undefined =>
  /(?:^|\s)([0-9a-f]{12})\s*$/i.exec(sku)?.[1]?.toLowerCase()
