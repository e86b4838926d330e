import type { BuiltItem } from '../build-item.ts'
import type { Item, Reason } from '../items.ts'
import type { Settings } from '../settings.ts'
import type { CardNow, Showing } from './in-window.ts'

/** What is known of a product in a window whose owner has just changed something. */
export interface Seen {
  /** How it stood. */
  was: Omit<Showing, 'productId'> | undefined
  /** Its card; undefined: it has none. */
  itemId: string | undefined
  /** The window is a file, which is always as the rules say. */
  isFile: boolean
  /** Something is different that {@link CardNow} does not tell. */
  changed: boolean
  settings: Pick<Settings, 'gone' | 'outOfStock'>
}

/** How it is going to stand by the rules, until somebody compares it with the window again. */
export function showingAhead(verdict: BuiltItem, seen: Seen): Omit<Showing, 'productId'> {
  const { was, itemId, isFile } = seen
  const card = { ...(itemId !== undefined && { itemId }), ...(was?.card && { card: was.card }) }
  if ('refused' in verdict) return { state: 'out', reason: verdict.refused, ...card }
  if ('leftOut' in verdict) return { ...leaving(verdict.leftOut, seen), ...card }
  if (isFile) return { state: 'shown' }
  if (itemId === undefined) return { state: 'waits' }
  return { ...staying(verdict.item, seen), ...card }
}

function leaving(reason: Reason, { was, itemId, settings }: Seen): Omit<Showing, 'productId'> {
  if (itemId === undefined) return { state: 'out', reason }
  const way = reason.code === 'out_of_stock' ? settings.outOfStock : settings.gone
  return { state: way === 'hide' && was?.state === 'hidden' ? 'hidden' : 'changes', reason }
}

function staying(item: Item, { was, changed }: Seen): Omit<Showing, 'productId'> {
  const differs = changed || isOther(item, was?.card)
  if (item.hidden && was?.state === 'hidden' && !differs)
    return { state: 'hidden', reason: { code: 'out_of_stock' } }
  if (differs || item.hidden || was?.state === 'hidden') return { state: 'changes' }
  return { state: was?.state === 'changes' && !was.reason ? 'changes' : 'shown' }
}

function isOther(item: Item, { title, price, oldPrice, stock }: CardNow = {}): boolean {
  return (
    (title !== undefined && title !== item.title) ||
    (price !== undefined && price !== item.price) ||
    (oldPrice ?? 0) !== (item.oldPrice ?? 0) ||
    (stock !== undefined && item.stock !== undefined && stock !== item.stock)
  )
}
