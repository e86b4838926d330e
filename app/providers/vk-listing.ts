import type { Params } from './vk-market-calls.ts'
import { readPage } from './vk-market-items.ts'

/** A list that comes page by page. */
export interface ListKind<T> {
  method: string
  params: Params
  /** {@link Columns} of its items. */
  columns: Readonly<Record<string, string>>
  /** Items of a full page. */
  size: number
  read: (item: unknown) => T | undefined
  idOf: (item: T) => number
}

/** No shop is that large; a list that goes on for longer goes in circles. */
const MOST_PAGES = 150

/**
 * One reading of a list. It is over with an empty page, or with one that is not full where the list says that it ends:
 * what VK counts may differ from what it gives (vk.md §7.3).
 */
export class Listing<T> {
  readonly kind: ListKind<T>
  offset = 0
  done = false
  readonly #items = new Map<number, T>()
  readonly #counts = new Set<number>()
  #seen = 0
  #ended = false

  constructor(kind: ListKind<T>) {
    this.kind = kind
  }

  /** Takes the next page; false when it is none. */
  take(value: unknown): boolean {
    const { size, read, idOf } = this.kind
    const page = readPage(value, read)
    if (!page) return false
    for (const item of page.items) this.#items.set(idOf(item), item)
    this.#counts.add(page.count)
    this.#seen += page.length
    this.offset += size
    this.#ended = page.length === 0 || (page.length < size && this.offset >= page.count)
    this.done = this.#ended || this.offset >= MOST_PAGES * size
    return true
  }

  get items(): T[] {
    return [...this.#items.values()]
  }

  /** Nothing came twice, nothing is missing, and the count stayed the same from the first page to the last. */
  get whole(): boolean {
    const [count = 0, ...others] = this.#counts
    const all = this.#items.size
    return this.#ended && others.length === 0 && all === this.#seen && all >= count
  }
}
