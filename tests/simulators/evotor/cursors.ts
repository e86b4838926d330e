import { randomBytes } from 'node:crypto'

/** Where a listing stands: what is left of it, and how many pages of it were given. */
interface Place {
  path: string
  items: readonly string[]
  from: number
  pages: number
}

/** Enough for every listing that is under way. */
const KEPT = 50

export type Cursors = ReturnType<typeof createCursors>

/** Cursors of a strict API: opaque, with characters that have to be encoded, good for one path, not for ever. */
export function createCursors() {
  const places = new Map<string, Place>()
  return {
    begin: (path: string, items: readonly string[]): Place => ({ path, items, from: 0, pages: 0 }),
    find(cursor: string, path: string): Place | undefined {
      const place = places.get(cursor)
      return place?.path === path ? place : undefined
    },
    /** The cursor of what follows. */
    keep(place: Place): string {
      const [oldest] = places.keys()
      if (places.size >= KEPT && oldest !== undefined) places.delete(oldest)
      const cursor = `${randomBytes(9).toString('base64')}+/==`
      places.set(cursor, place)
      return cursor
    },
    /** They grow old all at once. */
    expire() {
      places.clear()
    },
  }
}
