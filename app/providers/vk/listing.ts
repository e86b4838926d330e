import type { Params } from './market-calls.ts'
import { readPage } from './market-items.ts'

/** A list that comes page by page. */
export interface ListKind<T> {
  method: string
  params: Params
  /** {@link Columns} of its items. */
  columns: Readonly<Record<string, string>>
  /** Items of a full page. */
  size: number
  read: (item: unknown) => T | undefined
  idOf: (item: T) => string
}

/** No shop is that large; a list that goes on for longer goes in circles. */
const MOST_PAGES = 150

/**
 * One reading of a list. It is over with an empty page, or with one that is not full where the list says that it ends:
 * what VK counts may differ from what it gives (docs/platforms/vk.md#reading).
 */
export class Listing<T> {
  readonly kind: ListKind<T>
  offset = 0
  done = false
  readonly #items = new Map<string, T>()
  readonly #counts = new Set<number>()
  #seen = 0
  #lost = 0
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
    this.#seen += page.items.length
    this.#lost += page.length - page.items.length
    this.offset += size
    this.#ended = page.length === 0 || (page.length < size && this.offset >= page.count)
    this.done = this.#ended || this.offset >= MOST_PAGES * size
    return true
  }

  get items(): T[] {
    return [...this.#items.values()]
  }

  /** Nothing came twice, and the count stayed the same: nobody moved anything while it was read. */
  get steady(): boolean {
    return this.#ended && this.#counts.size === 1 && this.#items.size === this.#seen
  }

  /** Elements so far that are none of it. */
  get lost(): number {
    return this.#lost
  }

  /** It came to its end: a list that goes in circles never does. */
  get ended(): boolean {
    return this.#ended
  }

  /** What another reading of the same list has and this one has not. */
  add(other: Listing<T>): void {
    for (const [id, item] of other.#items) if (!this.#items.has(id)) this.#items.set(id, item)
  }
}
