import { listOf, needed, type OkCall, pageOf } from './call.ts'
import { badParam } from './refusal.ts'
import type { OkGroup } from './state.ts'

const empty = () => ({ products: new Map(), catalogs: new Map() })

/** A page of Марина's, a group of hers, one where she only reads, and one without goods. */
export const groupsOf = (marina: string, oleg: string): OkGroup[] => [
  {
    id: '70000004589201',
    name: 'Букет и Лист',
    shortName: 'buketilist',
    business: false,
    market: true,
    roles: new Map([[marina, 'ADMIN']]),
    ...empty(),
  },
  {
    id: '70000004589202',
    name: 'Лавка Марины',
    shortName: 'lavka.mariny',
    business: true,
    market: true,
    roles: new Map([[marina, 'MODERATOR']]),
    ...empty(),
  },
  {
    id: '70000004589203',
    name: 'Садоводы Вологды',
    shortName: 'sadovody',
    business: false,
    market: true,
    roles: new Map([
      [marina, 'MEMBER'],
      [oleg, 'ADMIN'],
    ]),
    ...empty(),
  },
  {
    id: '70000004589204',
    name: 'Мастерская без товаров',
    shortName: 'masterskaya',
    business: false,
    market: false,
    roles: new Map([[marina, 'ADMIN']]),
    ...empty(),
  },
]

/** group.getUserGroupsV2: whatever the person belongs to; in which role it does not tell. */
export function getUserGroups({ market, params, user }: OkCall): unknown {
  const mine = [...market.groups.values()].filter(({ roles }) => roles.has(user.id))
  const { page, rest } = pageOf(params, mine)
  const groups = page.map(({ id }) => ({ groupId: id, userId: user.id }))
  return { ...(groups.length > 0 && { groups }), ...rest }
}

/** group.getInfo: those that are there, with the fields that were asked for. */
export function getInfo({ market, params, user }: OkCall): unknown {
  const ids = listOf(params, 'uids')
  if (ids.length === 0 || ids.length > 100) throw badParam('Invalid uids')
  const fields = new Set(listOf(params, 'fields').map((name) => name.toUpperCase()))
  return ids.flatMap((id) => {
    const group = market.groups.get(id)
    return group ? [groupOut(group, user.id, fields)] : []
  })
}

function groupOut(group: OkGroup, userId: string, fields: ReadonlySet<string>) {
  const role = group.roles.get(userId)
  const may = role === 'ADMIN' || role === 'MODERATOR'
  const flags = [
    ...(may && group.market && fields.has('PRODUCT_CREATE_ALLOWED') ? ['pc'] : []),
    ...(may && fields.has('CATALOG_CREATE_ALLOWED') ? ['cca'] : []),
  ]
  return {
    ...(fields.has('UID') && { uid: group.id }),
    ...(fields.has('NAME') && { name: group.name }),
    ...(fields.has('SHORTNAME') && { shortname: group.shortName }),
    ...(fields.has('BUSINESS') && { business: group.business }),
    attrs: { flags: flags.join(',') },
  }
}

/** url.getInfo: what an address of OK's leads to. */
export function urlInfo({ market, params }: OkCall): unknown {
  const name = needed(params, 'url').replace(/^https?:\/\/(www\.|m\.)?ok\.ru\/(group\/)?/, '')
  const found = [...market.groups.values()].find(
    ({ id, shortName }) => name === id || name === shortName,
  )
  if (!found) return { type: 'UNKNOWN', objectId: 0 }
  return { type: 'GROUP', objectId: Number(found.id), objectIdStr: found.id }
}
