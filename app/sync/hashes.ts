import { createHash } from 'node:crypto'
import type { Item, Shown } from './items.ts'
import type { Step } from './steps.ts'

/** What of a card is compared word by word; its picture and albums are known in other ways. */
type Content = Pick<Item, 'title' | 'description' | 'price' | 'sku' | 'stock' | 'hidden'>

/** SHA-256 in hex. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Same hash, same card sent. */
export const contentHash = (item: Item): string => ofContent(item)

/** Same hash, same card shown. */
export const viewHash = (shown: Shown): string => ofContent(shown)

/** Same digest, same steps in the same order. */
export function digestOf(steps: readonly Step[]): string {
  const hash = createHash('sha256') // one by one: the text of all of them is as large as they are
  for (const step of steps) hash.update(`${JSON.stringify(step)}\n`)
  return hash.digest('hex')
}

const ofContent = ({ title, description, price, sku, stock, hidden }: Content): string =>
  sha256(JSON.stringify([title, description, price, sku, stock ?? null, hidden]))
