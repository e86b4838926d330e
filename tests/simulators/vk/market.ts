import { isEditor, ownerOf, type VkCall } from './access.ts'
import { itemOut } from './item-out.ts'
import { flagOf, intOf, listOf, pageOf } from './params.ts'
import { invalid, VkRefusal } from './refusal.ts'
import type { Community, VkItem } from './state.ts'

/** market.get: newest first; hidden cards with `with_disabled`, to editors (reference: VK, 7.3). */
export function get(call: VkCall): unknown {
  const community = openMarket(call)
  const day = dayFilter(call)
  return listing(call, community, visible(call, community).filter(day))
}

/** market.search: words in title, description or article, and a range of prices. */
export function search(call: VkCall): unknown {
  const { params } = call
  const community = openMarket(call)
  const words = (params.q ?? '').toLowerCase()
  const from = intOf(params, 'price_from', 0) ?? 0
  const to = intOf(params, 'price_to', 0) ?? Infinity
  const found = visible(call, community).filter(
    ({ title, description, sku, price }) =>
      [title, description, sku].some((text) => text.toLowerCase().includes(words)) &&
      price >= from &&
      price <= to,
  )
  return listing(call, community, found)
}

function openMarket(call: VkCall): Community {
  const community = ownerOf(call)
  if (!community.market) throw new VkRefusal(1438)
  return community
}

function visible(call: VkCall, community: Community): VkItem[] {
  const albumId = intOf(call.params, 'album_id', 0) ?? 0
  const album = community.albums.get(albumId)
  if (albumId && !album) throw new VkRefusal(1402)
  const all = flagOf(call.params, 'with_disabled') && isEditor(call, community)
  return [...community.items.values()]
    .filter(
      ({ id, availability }) => (all || availability === 0) && (!album || album.items.has(id)),
    )
    .reverse()
}

/** `date_from` and `date_to` are days, and of the last change. */
function dayFilter({ params: { date_from = '', date_to = '9999' } }: VkCall) {
  return ({ updated }: VkItem) => {
    const day = new Date(updated * 1000).toISOString().slice(0, 10)
    return day >= date_from && day <= date_to
  }
}

function listing(call: VkCall, community: Community, items: VkItem[]) {
  const extended = flagOf(call.params, 'extended')
  const page = pageOf(call.params, items, 100, 200)
  return {
    count: items.length,
    items: page.map((item) => itemOut(call, community, item, extended)),
  }
}

/** market.getById: up to 100 of `-GROUP_ITEM`; what is gone is not in the answer. */
export function getById(call: VkCall): unknown {
  const ids = listOf(call.params, 'item_ids')
  if (!ids.length) throw invalid('item_ids is undefined')
  if (ids.length > 100) throw invalid('item_ids should contain 100 ids at most')
  const extended = flagOf(call.params, 'extended')
  const found = ids.map((id) => oneOf(call, id, extended))
  const items = call.market.rules.falseForGone ? found : found.filter(Boolean)
  return { count: items.length, items }
}

function oneOf(call: VkCall, fullId: string, extended: boolean) {
  const [, group, id] = /^-(\d+)_(\d+)$/.exec(fullId) ?? []
  if (!group) throw invalid('item_ids is invalid')
  const community = call.market.communities.get(Number(group))
  if (community && !community.market) throw new VkRefusal(1525)
  const item = community?.items.get(Number(id))
  if (!community || !item || (item.availability !== 0 && !isEditor(call, community))) return false
  return itemOut(call, community, item, extended)
}
