import { SHOWING_STATES, type ShowingState } from '../../../catalogue/owner/in-window.ts'
import type { Group } from '../../../catalogue/goods.ts'
import { GOODS_ORDERS, type GoodsFilter, type GoodsOrder } from '../../../store/sync-goods.ts'
import { wordsIn } from '../../../store/sync-good-rows.ts'
import { pageOf, searchOf, withQuery } from '../../kit/page-links.ts'

/** What the form above the list asks for. */
export interface Asked {
  till: number
  q: string
  group: string
  state: ShowingState | ''
  code: string
  order: GoodsOrder
  page: number
}

/** Whatever else stands in the address is as good as nothing. */
export function askedIn(query: Readonly<Record<string, unknown>>, till: number): Asked {
  const state = SHOWING_STATES.find((one) => one === query.state)
  return {
    till,
    q: searchOf(query.q),
    group: searchOf(query.group),
    state: state ?? '',
    code: typeof query.code === 'string' && /^\w{1,64}$/.test(query.code) ? query.code : '',
    order: GOODS_ORDERS.find((one) => one === query.order) ?? 'name',
    page: pageOf(query.page),
  }
}

export const addressOf = ({ order, page, ...rest }: Asked, several: boolean): string =>
  withQuery('/goods', {
    ...rest,
    till: several ? rest.till : undefined,
    order: order === 'name' ? undefined : order,
    page: page > 1 ? page : undefined,
  })

/** A group stands for all that nest in it. */
export function filterOf(asked: Asked, groups: readonly Group[]): GoodsFilter {
  return {
    words: wordsIn(asked.q),
    groups: asked.group === '' ? undefined : [...within(asked.group, groups)],
    state: asked.state || undefined,
    code: asked.code || undefined,
  }
}

function within(id: string, groups: readonly Group[]): Set<string> {
  const found = new Set([id])
  for (let before = 0; before < found.size;) {
    before = found.size
    for (const group of groups)
      if (group.parentId !== undefined && found.has(group.parentId)) found.add(group.id)
  }
  return found
}
