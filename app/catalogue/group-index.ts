import type { Capacity } from './capacity.ts'
import type { Group, Product } from './goods.ts'
import { albumTitle, isShelf, sameTitle } from './group-names.ts'
import { inOrderOfIds } from './ids.ts'
import type { Album } from './items.ts'

/** Where products stand at the till, and which albums the place they go to has for that. */
export interface GroupIndex {
  groups: ReadonlyMap<string, Group>
  /** Group → its album, of those that are still there. */
  albumOf: ReadonlyMap<string, string>
  albums: ReadonlySet<string>
  /** {@link sameTitle} → the oldest album that bears it. */
  titled: ReadonlyMap<string, string>
  /** {@link sameTitle} → the group an album of that title is made for, one for all groups of one name. */
  maker: ReadonlyMap<string, Group>
  /** What the place can hold. */
  capacity: Capacity
}

export interface Places {
  groups: readonly Group[]
  /** Group → the album that was made or found for it. */
  albumOf: ReadonlyMap<string, string>
  albums: readonly Album[]
  capacity: Capacity
}

export function createGroupIndex(places: Places): GroupIndex {
  const { capacity } = places
  const keyOf = (title: string) => sameTitle(title, capacity)
  const albums = new Set(places.albums.map(({ id }) => id))
  const albumOf = new Map([...places.albumOf].filter(([, album]) => albums.has(album)))
  return {
    groups: new Map(places.groups.map((group) => [group.id, group])),
    albumOf,
    albums,
    titled: new Map(
      [...places.albums]
        .sort((a, b) => inOrderOfIds(b.id, a.id))
        .map(({ id, title }) => [keyOf(title), id]),
    ),
    maker: new Map(
      places.groups
        .filter((group) => isShelf(group, capacity) && !albumOf.has(group.id))
        .map((group): [string, Group] => [keyOf(albumTitle(group, capacity)), group])
        .reverse(), // the first of a name stays
    ),
    capacity,
  }
}

/** Deeper nests no person; somebody who does shall not keep everybody waiting. */
const DEEPEST = 500

/** Groups a product stands in, the nearest first; also one that is not listed. */
export function lineage(product: Pick<Product, 'groupId'>, groupIndex: GroupIndex): string[] {
  const ids = new Set<string>()
  let id = product.groupId
  while (id !== undefined && !ids.has(id) && ids.size < DEEPEST) {
    ids.add(id)
    id = groupIndex.groups.get(id)?.parentId
  }
  return [...ids]
}

/** What the nearest group says that says anything. */
export function nearest<T>(ids: readonly string[], said: Readonly<Record<string, T>>) {
  const id = ids.find((one) => Object.hasOwn(said, one))
  return id === undefined ? undefined : said[id]
}
