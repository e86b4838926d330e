import { groupOf, isNew, type VkCall } from './access.ts'
import { flagOf, intOf, listOf, pageOf } from './params.ts'
import { VkRefusal } from './refusal.ts'
import type { Community } from './state.ts'

/** Three communities: goods on, goods off, and one Марина only reads. Fresh for every simulator. */
export function communitiesOf(marina: number, oleg: number): Community[] {
  return [
    community(212_233, 'Цветы у дома', 'flowers_doma', true, [
      [marina, 3],
      [oleg, 1],
    ]),
    community(212_234, 'Мастерская «Лента»', 'lenta_craft', false, [[marina, 2]]),
    community(198_765, 'Садоводы Тулы', 'sad_tula', true, [
      [marina, 0],
      [oleg, 3],
    ]),
  ]
}

function community(
  id: number,
  name: string,
  screenName: string,
  market: boolean,
  roles: [number, number][],
): Community {
  const type = 'page'
  const empty = { items: new Map(), removed: new Map(), albums: new Map(), photos: new Map() }
  return { id, name, screenName, type, market, roles: new Map(roles), ...empty }
}

/** groups.get (reference: VK, 6.2). */
export function groupsGet(call: VkCall): unknown {
  const { market, params } = call
  const userId = intOf(params, 'user_id', 1) ?? call.userId
  const filters = listOf(params, 'filter')
  const mine = [...market.communities.values()].filter(
    ({ roles, type }) =>
      roles.has(userId) &&
      (!filters.length || filters.some((filter) => passes(filter, roles.get(userId) ?? 0, type))),
  )
  const page = pageOf(params, mine, 1000, 1000)
  const items = flagOf(params, 'extended')
    ? page.map((one) => groupOut(call, one))
    : page.map(({ id }) => id)
  return { count: mine.length, items }
}

const LEAST: Record<string, number> = { admin: 3, editor: 2, moder: 1 }
const TYPES: Record<string, Community['type']> = { groups: 'group', publics: 'page' }

/** editor ⊇ admin, moder ⊇ editor. */
function passes(filter: string, role: number, type: Community['type']): boolean {
  const least = LEAST[filter]
  return least === undefined ? TYPES[filter] === type : role >= least
}

/** groups.getById: an array up to 5.198, `{groups, profiles}` from 5.199 on. */
export function groupsGetById(call: VkCall): unknown {
  const names = listOf(call.params, 'group_ids')
  const found = names.length
    ? [...call.market.communities.values()].filter(
        ({ id, screenName }) => names.includes(String(id)) || names.includes(screenName),
      )
    : [groupOf(call)]
  if (!found.length) throw new VkRefusal(125)
  const groups = found.map((one) => groupOut(call, one))
  return isNew(call) ? { groups, profiles: [] } : groups
}

function groupOut({ params, userId, url }: VkCall, group: Community) {
  const { id, name, screenName, type, roles, market } = group
  const role = roles.get(userId) ?? 0
  return {
    id,
    name,
    screen_name: screenName,
    is_closed: 0,
    type,
    is_admin: role === 3 ? 1 : 0,
    ...(role && { admin_level: role }),
    is_member: roles.has(userId) ? 1 : 0,
    photo_50: `${url}/community.png`,
    ...(listOf(params, 'fields').includes('market') && {
      market: market ? MARKET_ON : { enabled: 0 },
    }),
  }
}

const MARKET_ON = {
  enabled: 1,
  type: 'basic',
  currency: { id: 643, name: 'RUB', title: '₽' },
  currency_text: '₽',
  main_album_id: 0,
}
