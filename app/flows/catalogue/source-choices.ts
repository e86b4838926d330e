import type { Caller, CatalogueSource } from '../../providers/catalogue.ts'
import type { Capacity } from '../../catalogue/capacity.ts'
import type { Group, Product } from '../../catalogue/goods.ts'
import { isShelf } from '../../catalogue/group-names.ts'
import { createShelfOf, type GroupLine, linesOf } from './group-lines.ts'

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
