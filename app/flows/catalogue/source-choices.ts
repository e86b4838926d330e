import type { CatalogueSource, Caller } from '../../providers/catalogue.ts'
import type { Capacity } from '../../catalogue/capacity.ts'
import type { Group, Product } from '../../catalogue/goods.ts'
import { isShelf } from '../../catalogue/group-index.ts'

/** A group of the till as a line of a nested list; variants count for the group they stand in. */
export interface GroupLine {
  id: string
  name: string
  /** 0 at the root. */
  depth: number
  products: number
}

/** What one store sells. */
export interface SourceGoods {
  /** Every group under the one it belongs to, by name. */
  groups: readonly GroupLine[]
  products: number
  /** Of them outside every group. */
  loose: number
  /** Something with a price, to show a price rule by; kopecks. */
  sample: { name: string; price: number } | undefined
}

/** Reads one store for a place of this capacity. @throws ProviderError */
export async function readGoods(
  source: CatalogueSource,
  call: Caller,
  storeId: string,
  capacity: Capacity,
): Promise<SourceGoods> {
  const groups = await source.groups(call, storeId)
  const products: Product[] = []
  for await (const page of source.products(call, storeId)) products.push(...page)
  const isReadable = ({ unreadable }: Group | Product) => !unreadable
  return goodsOf(groups.filter(isReadable), products.filter(isReadable), capacity)
}

export function goodsOf(
  groups: readonly Group[],
  products: readonly Product[],
  capacity: Capacity,
): SourceGoods {
  const isLine = (group: Group) => isShelf(group, capacity)
  const groupIndexOf = createShelfOf(groups, isLine)
  const counts = new Map<string | undefined, number>()
  for (const { groupId } of products) {
    const groupIndex = groupIndexOf(groupId)
    counts.set(groupIndex, (counts.get(groupIndex) ?? 0) + 1)
  }
  const priced = products.find(({ price = 0 }) => price > 0)
  return {
    groups: linesOf(onceEach(groups).filter(isLine), groupIndexOf, counts),
    products: products.length,
    loose: counts.get(undefined) ?? 0,
    sample: priced?.price === undefined ? undefined : { name: priced.name, price: priced.price },
  }
}

/** A list that had to begin again names some of them twice. */
const onceEach = (groups: readonly Group[]): Group[] => [
  ...new Map(groups.map((group) => [group.id, group])).values(),
]

/** The nearest groupIndex from a group upwards; none at the root, and none from a group that is not listed. */
function createShelfOf(groups: readonly Group[], isLine: (group: Group) => boolean) {
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

function linesOf(
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
