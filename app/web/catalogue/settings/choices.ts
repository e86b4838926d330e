import { goods, price } from '../../kit/amounts.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Category, Community } from '../../../providers/catalogue.ts'
import type { Choices } from '../../../flows/catalogue/sync-choices.ts'
import type { Settings } from '../../../catalogue/settings.ts'
import { priceOf } from '../../../catalogue/price.ts'
import type { Option } from './album-options.ts'

export const optionOf = (value: string, label: string, chosen: string | undefined): Option => ({
  value,
  label,
  selected: value === chosen,
})

/** The pair as it can be chosen; one that is kept but cannot be read now stays on the list. */
export function placesOf(choices: Choices, link: Link | undefined, shut: boolean) {
  const { store, community, unlisted } = choices
  const storeId = store?.id ?? link?.storeId ?? ''
  const communityId = community?.id ?? (choices.communities.length > 0 ? '' : link?.communityId)
  const stores = choices.stores.map(({ id, name }) => ({
    ...optionOf(id, name, storeId),
    label: id === storeId && choices.goods ? `${name} — ${stock(choices.goods.products)}` : name,
  }))
  const kept = link && [optionOf(link.storeId, link.storeName, link.storeId)]
  return {
    stores: stores.length > 0 ? stores : (kept ?? []),
    communities: choices.communities.map((one) => communityOption(one, communityId)),
    fileOnly: shut || (link && link.target === undefined),
    unlisted,
    storeId,
    communityId: communityId ?? '',
  }
}

const stock = (products: number) => (products === 0 ? 'нет товаров' : goods(products))

const communityOption = ({ id, name, market }: Community, chosen: string | undefined): Option => ({
  value: id,
  label: market ? name : `${name} — товары выключены`,
  selected: id === chosen && market,
  disabled: !market,
})

/** Leaves under the first name of their path, each with the whole of it. */
export function categoryGroups(categories: readonly Category[]) {
  const groups = new Map<string, { id: string; label: string }[]>()
  for (const { id, path } of categories) {
    const [first = ''] = path
    const group = groups.get(first) ?? []
    group.push({ id, label: path.join(' → ') })
    groups.set(first, group)
  }
  return [...groups].map(([title, leaves]) => ({ title, leaves }))
}

/** What the rule makes of something this store really sells. */
export function exampleOf({ goods: till }: Choices, settings: Settings) {
  const { name, price: before } = till?.sample ?? { name: undefined, price: 100_000 }
  const after = priceOf(before, settings.price)
  return after === undefined ? undefined : { name, before: price(before), after: price(after) }
}
