import type { Capacity } from './capacity.ts'
import { clean } from './clean.ts'
import { cut } from './cut.ts'
import type { Group } from './goods.ts'

/** The parent of variants, which is no groupIndex of its own (docs/platforms/evotor.md#groups-and-variants). */
export const isParent = (group: Group): boolean => group.attributes.length > 0

type Letters = Pick<Capacity, 'letters'>

/**
 * A till may have a group of no name, or of one nobody can see at the place the goods go to. It is no groupIndex: what
 * stands in it stands in the one above.
 */
export const isNameless = ({ name }: Pick<Group, 'name'>, { letters }: Letters): boolean =>
  clean(name, letters).replace(/[\p{M}\u200d]/gu, '') === ''

export const isShelf = (group: Group, capacity: Letters): boolean =>
  !isParent(group) && !isNameless(group, capacity)

/** Finds the nearest group of those given that has a name, from the one with this id upwards. */
export function createNaming(
  groups: readonly Group[],
  capacity: Letters,
): (id: string | undefined) => Group | undefined {
  const byId = new Map(groups.map((group) => [group.id, group]))
  const found = new Map<string, Group | undefined>()
  return (id) => {
    const way: string[] = []
    let at = id === undefined ? undefined : byId.get(id)
    while (at && isNameless(at, capacity) && !found.has(at.id) && way.length < byId.size) {
      way.push(at.id)
      at = at.parentId === undefined ? undefined : byId.get(at.parentId)
    }
    const group = at && isNameless(at, capacity) ? found.get(at.id) : at
    for (const one of way) found.set(one, group)
    return group
  }
}

/** What an album of the group is called; may be empty. */
export const albumTitle = (
  { name }: Pick<Group, 'name'>,
  { letters, albumTitle: most }: Pick<Capacity, 'letters' | 'albumTitle'>,
): string => cut(clean(name, letters), most)

/** Titles that are the same to a person are equal here. */
export const sameTitle = (title: string, { letters }: Partial<Letters> = {}): string =>
  clean(title, letters).toLowerCase()
