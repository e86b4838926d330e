import { badParam, OkRefusal } from './refusal.ts'
import type { OkGroup, OkMarket, OkProduct } from './state.ts'

export type Params = Readonly<Record<string, string>>

/** Somebody at OK. */
export interface OkUser {
  id: string
  name: string
}

/** One call of a method: by whom, with what. */
export interface OkCall {
  market: OkMarket
  /** Of the simulator itself, for addresses in answers. */
  url: string
  user: OkUser
  scope: readonly string[]
  params: Params
}

export function needed(params: Params, name: string): string {
  const value = params[name]
  if (value === undefined || value === '') throw badParam(`Missing required parameter ${name}`)
  return value
}

export const listOf = (params: Params, name: string): string[] =>
  (params[name] ?? '').split(',').filter(Boolean)

/** The group of `gid`, in which the person may change the goods. */
export function ownGroup(call: OkCall): OkGroup {
  const group = groupOf(call)
  mayChange(call, group)
  return group
}

export function groupOf({ market, params }: OkCall): OkGroup {
  const group = market.groups.get(needed(params, 'gid'))
  if (!group) throw new OkRefusal(160)
  return group
}

function mayChange({ user }: OkCall, group: OkGroup): void {
  const role = group.roles.get(user.id)
  if (role !== 'ADMIN' && role !== 'MODERATOR') throw new OkRefusal(50)
  if (!group.market) throw new OkRefusal(456)
}

/** The card of `product_id`, wherever it is; its group is the person's to change. */
export function ownProduct(call: OkCall): { group: OkGroup; product: OkProduct } | undefined {
  const id = needed(call.params, 'product_id')
  for (const group of call.market.groups.values()) {
    const product = group.products.get(id)
    if (!product) continue
    mayChange(call, group)
    return { group, product }
  }
  return undefined
}

/** A page of a list: up to a hundred from the anchor on, which is the number of the first. */
export function pageOf<T>(params: Params, all: readonly T[]) {
  const count = Number(params.count ?? 20)
  if (!Number.isInteger(count) || count < 1 || count > 100) throw badParam('Invalid count')
  const from = params.anchor === undefined || params.anchor === '' ? 0 : Number(params.anchor)
  if (!Number.isInteger(from) || from < 0) throw badParam('Invalid anchor')
  const to = from + count
  return {
    page: all.slice(from, to),
    rest: { anchor: String(to), has_more: to < all.length, totalCount: all.length },
  }
}
