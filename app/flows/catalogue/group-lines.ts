import type { Group } from '../../catalogue/goods.ts'

/** A group of the till as a line of a nested list; variants count for the group they stand in. */
export interface GroupLine {
  id: string
  name: string
  /** 0 at the root. */
  depth: number
  products: number
}

/** The nearest groupIndex from a group upwards; none at the root, and none from a group that is not listed. */
export function createShelfOf(groups: readonly Group[], isLine: (group: Group) => boolean) {
  const byId = new Map(groups.map((group) => [group.id, group]))
  return (id: string | undefined): string | undefined => {
    const seen = new Set<string>()
    for (let at = id; at !== undefined && !seen.has(at); at = byId.get(at)?.parentId) {
      seen.add(at)
      const group = byId.get(at)
      if (group && isLine(group)) return group.id
    }
    return undefined
  }
}

export function linesOf(
  shelves: readonly Group[],
  groupIndexOf: (id: string | undefined) => string | undefined,
  counts: ReadonlyMap<string | undefined, number>,
): GroupLine[] {
  const lines: GroupLine[] = []
  const left = new Set(shelves)
  const inside = new Map<string | undefined, Group[]>()
  for (const group of shelves.toSorted((a, b) => BY_NAME.compare(a.name, b.name)).reverse()) {
    const above = groupIndexOf(group.parentId)
    const there = inside.get(above)
    if (there) there.push(group)
    else inside.set(above, [group])
  }

  /** From the last to the first, each followed by what stands in it: however deep, nothing overflows. */
  function add(roots: readonly Group[]) {
    const waiting = roots.map((group) => ({ group, depth: 0 }))
    for (let next = waiting.pop(); next; next = waiting.pop()) {
      const { group, depth } = next
      if (!left.delete(group)) continue
      const { id, name } = group
      lines.push({ id, name, depth, products: counts.get(id) ?? 0 })
      for (const one of inside.get(id) ?? []) waiting.push({ group: one, depth: depth + 1 })
    }
  }

  add(inside.get(undefined) ?? [])
  add([...left].reverse()) // groups that stand in each other, and so nowhere
  return lines
}

const BY_NAME = new Intl.Collator('ru')
