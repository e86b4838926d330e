import { plainLine } from '../../catalogue/plain.ts'
import { asObject, asText } from '../../http/answer.ts'
import type { Community } from '../catalogue.ts'
import { inChunks } from '../chunks.ts'
import { readEach } from '../read-each.ts'
import { type Ask, unreadable } from './calls.ts'
import { readList } from './reading.ts'

/** Groups asked for at once; no limit is written anywhere. */
const AT_ONCE = 100
const FIELDS = 'UID,NAME,SHORTNAME,BUSINESS,PRODUCT_CREATE_ALLOWED,CATALOG_CREATE_ALLOWED'

interface Group extends Community {
  /** A public page. */
  business: boolean
  /** The person may make catalogs: whoever only reads there may not. Undefined: OK does not tell. */
  theirs: boolean | undefined
}

/** Groups a person manages (docs/platforms/ok.md#groups): which those are only the flags of each tell. */
export async function readCommunities(ask: Ask): Promise<Community[]> {
  const idIn = (value: unknown) => asText(asObject(value)?.groupId)
  const ids = await readList(ask, ['group.getUserGroupsV2', 'groups'], {}, idIn)
  const groups = await readGroups(ask, ids)
  return groups.filter(({ theirs }) => theirs !== false).map(asCommunity)
}

/** The one a person typed the number, the name or the address of. */
export async function findCommunity(ask: Ask, typed: string): Promise<Community | undefined> {
  const name = nameOf(typed)
  if (!name) return undefined
  const id = /^\d+$/.test(name) ? name : await idOf(ask, name)
  const [group] = id === undefined ? [] : await readGroups(ask, [id])
  return group && asCommunity(group)
}

/** Whether it is a public page, which shows cards for ever and runs out instead of being sold out. */
export async function isBusiness(ask: Ask, gid: string): Promise<boolean> {
  const [group] = await readGroups(ask, [gid])
  return group?.business ?? false
}

/** `group/` and the number lead to a group, whatever its address is called. */
export const communityUrl = (id: string): string => `https://ok.ru/group/${encodeURIComponent(id)}`

export const cardUrl = (id: string, itemId: string): string =>
  `${communityUrl(id)}/product/${encodeURIComponent(itemId)}`

/** `70000004589201`, `@shop`, `https://ok.ru/group/70000004589201?st=1`: as people copy it. */
function nameOf(typed: string): string | undefined {
  const text = typed.trim().replace(/^(https?:\/\/)?((www|m)\.)?ok\.ru\//i, '')
  const [name = ''] = text.replace(/^(@|group\/)/, '').split(/[/?#]/)
  return /^[\w.-]{1,64}$/.test(name) ? name : undefined
}

/** What an address leads to, if it is a group. */
async function idOf(ask: Ask, name: string): Promise<string | undefined> {
  const { body } = await ask('url.getInfo', { url: `https://ok.ru/${name}` })
  const { type, objectIdStr } = asObject(body) ?? {}
  return type === 'GROUP' ? asText(objectIdStr) : undefined
}

async function readGroups(ask: Ask, ids: readonly string[]): Promise<Group[]> {
  const groups: Group[] = []
  for (const some of inChunks(ids, AT_ONCE)) {
    const { body, ...reply } = await ask('group.getInfo', { uids: some.join(','), fields: FIELDS })
    if (!Array.isArray(body)) throw unreadable('no list of groups')
    groups.push(...readEach(reply, 'groups', body as unknown[], readGroup))
  }
  return groups
}

function readGroup(value: unknown): Group | undefined {
  const group = asObject(value)
  const id = asText(group?.uid)
  if (!group || !id) return undefined
  const name = plainLine(asText(group.name) ?? '')
  const flags = asObject(group.attrs)?.flags
  const told = typeof flags === 'string' ? flags.split(',') : undefined
  return {
    id,
    name: name || (asText(group.shortname) ?? id),
    ...(!name && { unnamed: true }),
    url: communityUrl(id),
    market: told?.includes('pc') ?? true,
    business: group.business === true,
    theirs: told && (told.includes('pc') || told.includes('cca')),
  }
}

function asCommunity({ id, name, unnamed, url, market }: Group): Community {
  return { id, name, ...(unnamed && { unnamed }), url, market }
}
