import { CAPACITY } from '../../../app/providers/vk/capacity.ts'
import type { Product } from '../../../app/catalogue/goods.ts'
import type { Item } from '../../../app/catalogue/items.ts'
import { buildItem, type BuiltItem } from '../../../app/catalogue/build-item.ts'
import type { Overrides } from '../../../app/catalogue/owner/overrides.ts'
import { createGroupIndex } from '../../../app/catalogue/group-index.ts'
import { endingFor, endingOf } from '../../../app/catalogue/sku.ts'
import type { EvotorProduct } from '../../simulators/evotor/catalogue.ts'
import type { Community, VkItem } from '../../simulators/vk/state.ts'
import type { SmallWorld } from './small-world.ts'

/** What in a community is not as the till and the settings want it, in words; nothing when all is well. */
export async function faultsOf(
  { ctx, link, till, community }: SmallWorld,
  byHand: ReadonlyMap<string, Overrides> = new Map(),
): Promise<string[]> {
  const { settings } = link
  const { albumOf } = await ctx.syncItems.groups(link.id)
  const albums = [...community.albums.values()].map(({ id, title }) => ({
    id: String(id),
    title,
  }))
  const groups = [...till.groups.values()].map(({ id, name }) => ({ id, name, attributes: [] }))
  const shelf = createGroupIndex({ groups, albumOf, albums, capacity: CAPACITY })
  const cards = cardsByEnding(community)

  const faults = [
    ...twice([...cards.keys()].flatMap((ending) => (cards.get(ending) ?? []).map(() => ending))),
    ...twice(albums.map(({ title }) => title)),
  ].map((one) => `${one} is there twice`)
  for (const raw of till.products.values()) {
    const product = neutral(raw)
    const [card] = cards.get(endingFor(product.id)) ?? []
    cards.delete(endingFor(product.id))
    const verdict = buildItem(product, shelf, settings, card !== undefined, {
      overrides: byHand.get(product.id) ?? {},
    })
    const own = new Set(albumOf.values())
    for (const fault of faultsIn(card, verdict, { settings, community, own }))
      faults.push(`${raw.name}: ${fault}`)
  }
  for (const [, [card]] of cards)
    for (const fault of badLeave(card, settings.gone)) faults.push(`gone from the till: ${fault}`)
  return faults
}

interface Rest {
  settings: SmallWorld['link']['settings']
  community: Community
  /** Albums of ours. */
  own: ReadonlySet<string>
}

function faultsIn(card: VkItem | undefined, verdict: BuiltItem, rest: Rest): string[] {
  if ('refused' in verdict) return [`refused for ${verdict.refused.code}`]
  const { settings } = rest
  if ('leftOut' in verdict)
    return badLeave(
      card,
      verdict.leftOut.code === 'out_of_stock' ? settings.outOfStock : settings.gone,
    )
  if (!card) return verdict.item.hidden ? [] : ['lost'] // what has run out is not begun with
  return [...badContent(card, verdict.item), ...badAlbums(card, verdict.item, rest)]
}

function badLeave(card: VkItem | undefined, way: Rest['settings']['gone']): string[] {
  if (card && way === 'delete') return [`${card.sku} is still there`]
  return card?.availability === 0 && way === 'hide' ? [`${card.sku} is still shown`] : []
}

function badContent(card: VkItem, item: Item): string[] {
  const { title, description, price, oldPrice = 0, sku, hidden, stock = card.stock } = item
  const wanted = {
    title,
    description,
    price,
    oldPrice,
    sku,
    stock,
    availability: hidden ? 2 : 0,
  } as const
  const { availability } = card
  const shown = { ...wanted, ...pick(card), availability }
  return JSON.stringify(shown) === JSON.stringify(wanted)
    ? []
    : [`${JSON.stringify(shown)}, not ${JSON.stringify(wanted)}`]
}

const pick = ({ title, description, price, oldPrice = 0, sku, stock }: VkItem) => ({
  ...{ title, description, price, oldPrice, sku, stock },
})

function badAlbums({ id }: VkItem, { album }: Item, { community, own }: Rest): string[] {
  const wanted = album ? ['id' in album ? album.id : album.title] : []
  const inside = [...community.albums.values()]
    .filter(({ items }) => items.has(id))
    .map((one) => String(one.id))
    .filter((one) => own.has(one) || wanted.includes(one))
  return inside.join() === wanted.join()
    ? []
    : [`in albums [${inside.join()}], not [${wanted.join()}]`]
}

function cardsByEnding({ items }: Community): Map<string, VkItem[]> {
  const found = new Map<string, VkItem[]>()
  for (const item of items.values()) {
    const ending = endingOf(item.sku)
    if (ending !== undefined) found.set(ending, [...(found.get(ending) ?? []), item])
  }
  return found
}

const twice = (all: readonly string[]) => all.filter((one, at) => all.indexOf(one) !== at)

/** As the manual of the till says, written down a second time. */
const neutral = (raw: EvotorProduct): Product => ({
  id: raw.id,
  ...(raw.parent_id !== undefined && { groupId: raw.parent_id }),
  name: raw.name,
  service: false,
  ...(raw.code !== undefined && { code: raw.code }),
  ...(raw.price !== undefined && { price: Math.round(raw.price * 100) }),
  ...(raw.quantity !== undefined && { quantity: raw.quantity }),
  unit: raw.measure_name,
  sellable: raw.allow_to_sell,
  description: raw.description,
  choices: {},
})
