import type { Product } from '../catalogue/goods.ts'
import type { Showing } from '../catalogue/owner/in-window.ts'
import type { SyncGoodRow } from './tables.ts'

/** A product as the till has it, and how it stands in a window. */
export interface Good {
  product: Product
  showing: Showing
}

const LONGEST_NAME = 255
/** The largest a column of whole numbers holds on both engines. */
const DEAREST = Number.MAX_SAFE_INTEGER

export const rowOf = (linkId: number, { product, showing }: Good) =>
  ({
    link_id: linkId,
    product_id: product.id,
    name: folded(product.name).slice(0, LONGEST_NAME),
    words: folded(
      [product.name, showing.given, product.article, product.code].filter(Boolean).join(' '),
    ),
    group_id: product.groupId ?? null,
    price: Math.min(product.price ?? 0, DEAREST),
    state: showing.state,
    code: showing.reason?.code ?? null,
    code_values: showing.reason?.values ? JSON.stringify(showing.reason.values) : null,
    card: showing.card ? JSON.stringify(showing.card) : null,
  }) satisfies Omit<SyncGoodRow, 'id'>

/** As names are sorted and looked for: small letters, «ё» as «е», nothing a database would refuse. */
const folded = (text: string): string =>
  text.replaceAll('\0', '').toLowerCase().replaceAll('ё', 'е').replace(/\s+/g, ' ').trim()

/** What was typed, word by word. */
export const wordsIn = (text: string): string[] =>
  folded(text).split(' ').filter(Boolean).slice(0, 8)
