import type { Capacity } from './capacity.ts'
import type { Group } from './goods.ts'
import type { Album } from './items.ts'
import type { Settings } from './settings.ts'
import { albumTitle, isShelf } from './group-names.ts'

/** An album that is to be called as its group is by now. */
export interface Rename {
  groupId: string
  albumId: string
  /** What we called it last. */
  from: string
  title: string
}

/** Groups with the albums that were made for them, and what those were called last. */
export interface AlbumsToName {
  groups: readonly Group[]
  /** Group → album. */
  albumOf: ReadonlyMap<string, string>
  /** Album → its title as we gave it. */
  titles: ReadonlyMap<string, string>
  settings: Pick<Settings, 'groups'>
  capacity: Capacity
}

/** Albums that we made follow their groups; one that the owner chose for a group is the owner's, and so is its name. */
export function renamesOf({ groups, albumOf, titles, settings, capacity }: AlbumsToName): Rename[] {
  const choices = Object.values(settings.groups)
  const chosen = new Set(
    choices.flatMap((choice) => (typeof choice === 'object' ? [choice.album] : [])),
  )
  const seen = new Set<string>()
  return groups.flatMap((group) => {
    const albumId = albumOf.get(group.id)
    if (albumId === undefined || seen.has(albumId) || chosen.has(albumId)) return []
    seen.add(albumId) // of several groups in one album the first gives the name
    const from = titles.get(albumId)
    const title = albumTitle(group, capacity)
    if (!isShelf(group, capacity) || !isNamedByUs(group, settings)) return []
    if (from === undefined || from === title) return []
    return [{ groupId: group.id, albumId, from, title }]
  })
}

const isNamedByUs = (group: Group, { groups }: AlbumsToName['settings']) =>
  (groups[group.id] ?? 'create') === 'create'

/** The albums as they are going to be called: a new group of a name that was given up has nothing to do with the old one. */
export function renamed(albums: readonly Album[], renames: readonly Rename[]): Album[] {
  const titles = new Map(renames.map(({ albumId, title }) => [albumId, title]))
  return albums.map((album) => ({ ...album, title: titles.get(album.id) ?? album.title }))
}
