import type { Product } from '../goods.ts'

type Named = Pick<Product, 'id' | 'name' | 'article' | 'code'>

/**
 * Says which product a file is of, by its name: its article, its code or its name, with a number of the photo behind it or
 * without (`А-12.jpg`, `Роза красная (2).png`, `А-12_3.jpg`). What two products would answer to is nobody's.
 */
export function createMatcher(products: readonly Named[]): (name: string) => string | undefined {
  const byArticle = indexOf(products, ({ article }) => article)
  const byCode = indexOf(products, ({ code }) => code)
  const byName = indexOf(products, ({ name }) => name)

  return (name) => {
    const whole = withoutEnding(name)
    for (const text of [whole, withoutNumber(whole)])
      for (const index of [byArticle, byCode, byName]) {
        const id = index.get(plainOf(text))
        if (id !== undefined) return id ?? undefined
      }
    return undefined
  }
}

/** Null stands for several. */
function indexOf(products: readonly Named[], textOf: (product: Named) => string | undefined) {
  const index = new Map<string, string | null>()
  for (const product of products) {
    const text = plainOf(textOf(product) ?? '')
    if (text === '') continue
    index.set(text, index.has(text) && index.get(text) !== product.id ? null : product.id)
  }
  return index
}

/** Of `folder/А-12.JPG` the `А-12`. */
const withoutEnding = (name: string): string =>
  name.replace(/^.*[\\/]/, '').replace(/\.[a-z]{3,4}$/i, '')

/** The second photo of a product is `… (2)`, `…_2`, `… 2`. */
const withoutNumber = (text: string): string =>
  text.replace(/[\s_-]*(?:\(\d{1,2}\)|[\s_-]\d{1,2})$/u, '')

/** Signs that file names do not keep, and how letters are written, make no difference. */
const plainOf = (text: string): string =>
  text
    .normalize('NFC')
    .toLocaleLowerCase('ru')
    .replaceAll('ё', 'е')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
