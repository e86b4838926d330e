import { inOrderOfIds } from './ids.ts'
import type { Shown } from './items.ts'
import type { Linked } from './linked.ts'
import type { Card } from './memory.ts'
import { newLink } from './sent-state.ts'
import { endingFor, endingOf } from './sku.ts'

/** Which products have cards. */
export interface Cards {
  of: ReadonlyMap<string, Card>
  /** Found by their sku just now, which alone makes a card ours. */
  adopted: readonly Linked[]
  /** Products whose cards somebody deleted, and that have no other. */
  lost: ReadonlySet<string>
}

/** What other pairs of the same community have: endings that are theirs, and cards. */
export interface Held {
  endings: ReadonlySet<string>
  items: ReadonlySet<string>
}

export const NOTHING_HELD: Held = { endings: new Set(), items: new Set() }

export function cardsOf(
  productIds: readonly string[],
  linked: readonly Linked[],
  shown: readonly Shown[],
  held: Held = NOTHING_HELD,
): Cards {
  const there = new Map(shown.map((card) => [card.itemId, card]))
  const of = new Map<string, Card>()
  for (const link of linked) {
    const card = there.get(link.itemId)
    if (card) of.set(link.productId, { linked: link, shown: card })
  }

  const taken = new Set([...held.items, ...linked.map(({ itemId }) => itemId)])
  const free = byEnding(shown, taken)
  const adopted: Linked[] = []
  for (const productId of productIds) {
    const ending = endingFor(productId)
    const card = of.has(productId) ? undefined : free.get(ending)
    if (!card) continue
    free.delete(ending)
    const link = newLink(productId, card.itemId)
    of.set(productId, { linked: link, shown: card })
    adopted.push(link)
  }

  const lost = linked.map(({ productId }) => productId).filter((id) => !of.has(id))
  return { of, adopted, lost: new Set(lost) }
}

/** Cards of nobody by the ending of their sku; the oldest of several. */
function byEnding(shown: readonly Shown[], taken: ReadonlySet<string>): Map<string, Shown> {
  const free = new Map<string, Shown>()
  for (const card of shown) {
    const ending = endingOf(card.sku ?? '')
    if (ending === undefined || taken.has(card.itemId)) continue
    const other = free.get(ending)
    if (!other || inOrderOfIds(card.itemId, other.itemId) < 0) free.set(ending, card)
  }
  return free
}
