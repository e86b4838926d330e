import { sha256 } from './hashes.ts'
import type { Item, Shown } from './items.ts'
import type { Compared, Linked, Ways } from './linked.ts'
import { plain } from './plain.ts'

/** So often the same content has to come back the same other way, each time right after it was sent. */
const ENOUGH = 2

/** A card of ours: what is known of it, and what it shows. */
export interface Card {
  linked: Linked
  shown: Shown
}

/** Same mark, the same to a reader; undefined: there is nothing. Short, because seven lie with every card. */
export function markOf(field: Compared, card: Partial<Pick<Item, Compared>>): string | undefined {
  const value = card[field]
  if (value === undefined || value === '') return undefined
  return sha256(JSON.stringify(typeof value === 'string' ? spaced(plain(value)) : value)).slice(
    0,
    16,
  )
}

/**
 * Whether a field has to be sent. Where the platform is silent about it, what was sent last counts; where it has shown
 * twice, after our own writes, that it keeps it another way, that way counts; anything else is somebody's hand.
 */
export function isOff(field: Compared, item: Partial<Item>, { linked, shown }: Card): boolean {
  if (shown[field] !== undefined && isSame(item[field], shown[field])) return false
  const wanted = markOf(field, item)
  if (wanted === undefined) return false
  if (shown[field] === undefined) return linked.sent?.[field] !== wanted
  const view = markOf(field, shown)
  return view !== wanted && !(linked.sent?.[field] === wanted && isWay(linked, field, view))
}

/** What a reader sees: platforms give text back with entities, and with spaces of their own. */
function isSame(sent: unknown, shown: unknown): boolean {
  if (sent === shown || typeof sent !== 'string' || typeof shown !== 'string') return sent === shown
  return spaced(sent) === spaced(plain(shown))
}

const spaced = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Whether a card is outside an album it should be in, and putting it there once more would help. */
export function isOutside(albumId: string, { linked, shown }: Card): boolean {
  if (!shown.albums) return linked.albumId !== albumId
  return !shown.albums.includes(albumId) && !isWay(linked, 'album', albumId)
}

/** Where the platform does not tell, it is as it was sent last. */
export const isHidden = ({ linked, shown }: Card): boolean =>
  shown.hidden ?? linked.sent?.hidden === markOf('hidden', { hidden: true })

function isWay({ ways }: Linked, field: keyof Ways, view: string | undefined): boolean {
  const way = ways?.[field]
  return way?.shown === (view ?? null) && way.times >= ENOUGH
}
