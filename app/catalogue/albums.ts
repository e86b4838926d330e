import type { Group } from './goods.ts'
import type { Placement } from './items.ts'
import type { Settings } from './settings.ts'
import type { GroupIndex } from './group-index.ts'
import { albumTitle, isShelf, sameTitle } from './group-names.ts'

/** The album for what stands in these groups, the nearest first; absent: none. */
export function placementOf(
  ids: readonly string[],
  groupIndex: GroupIndex,
  settings: Settings,
): Placement | undefined {
  const group = ids
    .map((id) => groupIndex.groups.get(id))
    .find((one) => one !== undefined && isShelf(one, groupIndex.capacity))
  if (!group) return undefined
  const choice = settings.groups[group.id]
  if (choice === 'none') return undefined
  // An album the owner chose and somebody deleted is made anew, as any other.
  const chosen = typeof choice === 'object' ? choice.album : undefined
  if (chosen !== undefined && groupIndex.albums.has(chosen)) return { id: chosen }
  return ownAlbum(group, groupIndex)
}

/** The one we know of, one of the same title, or one to be made. */
function ownAlbum(group: Group, groupIndex: GroupIndex): Placement | undefined {
  const { capacity } = groupIndex
  const key = sameTitle(albumTitle(group, capacity), capacity)
  const id = groupIndex.albumOf.get(group.id) ?? groupIndex.titled.get(key)
  if (id !== undefined) return { id }
  const maker = groupIndex.maker.get(key) ?? group
  return { groupId: maker.id, title: albumTitle(maker, capacity) }
}
