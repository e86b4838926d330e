import { itemOf, mayChange, ownerOf, type VkCall } from './access.ts'
import { fieldsOf } from './item-fields.ts'
import { neededInt } from './params.ts'
import { invalid, VkRefusal } from './refusal.ts'
import { type Community, nextId, seconds, type VkItem } from './state.ts'

const DAY = 24 * 3600_000

/** market.add: there is no key that makes it safe to repeat (reference: VK, 7.1). */
export function add(call: VkCall): unknown {
  const { market, params } = call
  const community = mayChange(call, ownerOf(call), 205)
  for (const name of ['name', 'description', 'category_id'] as const)
    if (!(name in params) && !(name === 'category_id' && market.rules.categoryOptional))
      throw invalid(`${name} is undefined`)
  const fields = fieldsOf(call, community)
  if (community.items.size >= market.rules.mostItems) throw new VkRefusal(1405)
  market.adds = market.adds.filter((at) => at > Date.now() - DAY)
  if (market.adds.length >= market.rules.addsADay) throw new VkRefusal(29)
  const item = { ...blank(nextId(market)), ...fields }
  keep(community, item)
  market.adds.push(Date.now())
  return { market_item_id: item.id }
}

/** A card of which nothing is told yet; without a price VK shows it as free. */
export function blank(id: number): VkItem {
  return {
    id,
    title: '',
    description: '',
    price: 0,
    oldPrice: undefined,
    categoryId: 0,
    availability: 0,
    sku: '',
    stock: undefined,
    url: '',
    size: undefined,
    photoIds: [],
    date: seconds(),
    updated: seconds(),
  }
}

/** market.edit: what is left out stays, but for `deleted`; nothing different is error 100 (reference: VK, 7.2). */
export function edit(call: VkCall): unknown {
  const community = mayChange(call, ownerOf(call), 205)
  const item = itemOf(community, neededInt(call.params, 'item_id'))
  const shown = call.market.rules.editShows && { availability: 0 as const }
  const next = { ...item, ...shown, ...fieldsOf(call, community, item) }
  if (JSON.stringify(next) === JSON.stringify(item)) throw invalid('nothing to change')
  keep(community, { ...next, updated: seconds() })
  return 1
}

function keep(community: Community, item: VkItem) {
  for (const id of item.photoIds) {
    const photo = community.photos.get(id)
    if (photo) photo.itemId = item.id
  }
  community.items.set(item.id, item)
}

/** market.delete. */
export function remove(call: VkCall): unknown {
  const community = mayChange(call, ownerOf(call), 205)
  drop(community, itemOf(community, neededInt(call.params, 'item_id')))
  return 1
}

/** The card leaves its albums and waits for somebody to restore it. */
export function drop(community: Community, item: VkItem) {
  community.items.delete(item.id)
  for (const { items } of community.albums.values()) items.delete(item.id)
  community.removed.set(item.id, { item, at: Date.now() })
}

/** market.restore, while it is not too late. */
export function restore(call: VkCall): unknown {
  const community = mayChange(call, ownerOf(call), 205)
  const id = neededInt(call.params, 'item_id')
  if (community.items.has(id)) throw new VkRefusal(1518)
  const removed = community.removed.get(id)
  if (!removed) throw new VkRefusal(1403)
  if (removed.at + call.market.rules.restoreMs < Date.now()) throw new VkRefusal(1400)
  community.removed.delete(id)
  community.items.set(id, removed.item)
  return 1
}
