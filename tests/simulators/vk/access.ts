import type { VkUser } from '../vk.ts'
import { neededInt, type Params } from './params.ts'
import { invalid, VkRefusal } from './refusal.ts'
import type { Community, VkItem, VkMarket } from './state.ts'

/** One call of a method: by whom, with what, at which version. */
export interface VkCall {
  market: VkMarket
  /** Of the simulator itself, for addresses in answers. */
  url: string
  users: readonly VkUser[]
  userId: number
  /** Set for a token of a community. */
  communityId: number | undefined
  scope: readonly string[]
  params: Params
  /** 5.199 is 199. */
  version: number
}

/** From here on answers have their new shapes (reference: VK, 5.2). */
export const isNew = ({ version }: VkCall) => version >= 199

/** The community of `owner_id`, which is negative (reference: VK, 6.5). */
export function ownerOf({ market, params }: VkCall): Community {
  const owner = neededInt(params, 'owner_id')
  if (owner >= 0) throw invalid('only groups supported')
  const community = market.communities.get(-owner)
  if (!community) throw invalid('owner_id is invalid')
  return community
}

/** The community of `group_id`, which is positive. */
export function groupOf({ market, params }: VkCall): Community {
  const community = market.communities.get(neededInt(params, 'group_id', 1))
  if (!community) throw new VkRefusal(125)
  return community
}

/** The community is there, goods are on and the person may change them; `code` says no: 205 of goods, 203 of the rest. */
export function mayChange(call: VkCall, community: Community, code: 203 | 205): Community {
  if (!isEditor(call, community)) throw new VkRefusal(code)
  if (!community.market) throw new VkRefusal(1438)
  return community
}

export const isEditor = ({ market, userId }: VkCall, { roles }: Community) =>
  (roles.get(userId) ?? 0) >= market.rules.leastRole

/** @throws 1403 for a card that is not there */
export function itemOf(community: Community, id: number): VkItem {
  const item = community.items.get(id)
  if (!item) throw new VkRefusal(1403)
  return item
}
