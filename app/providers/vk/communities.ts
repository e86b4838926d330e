import { ShopRefused } from '../../errors.ts'
import { asObject, badResponse } from '../../http/answer.ts'
import type { Community } from '../catalogue.ts'
import { readEach } from '../read-each.ts'
import type { Ask } from './market-calls.ts'
import { HIDDEN, nameOf, readGroup } from './community.ts'

const PAGE = 1000
const MOST_PAGES = 10

/**
 * Communities a person manages (docs/platforms/vk.md#communities); `domain` is that of their pages.
 * @throws ShopRefused `no_groups_right` when only typing helps
 */
export async function readCommunities(ask: Ask, domain: string): Promise<Community[]> {
  const all: Community[] = []
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { items, ...reply } = await readPage(ask, page * PAGE)
    const alive = items.filter((group) => asObject(group)?.deactivated === undefined)
    all.push(...readEach(reply, 'communities', alive, (group) => readGroup(group, domain)))
    if (items.length < PAGE) break
  }
  return all
}

async function readPage(ask: Ask, offset: number) {
  const wanted = { extended: 1, filter: 'admin,editor', fields: 'market' }
  try {
    const { response, unreadable } = await ask('groups.get', { ...wanted, count: PAGE, offset })
    const items = asObject(response)?.items
    if (Array.isArray(items)) return { items: items as unknown[], unreadable }
  } catch (error) {
    if (!(error instanceof ShopRefused) || !HIDDEN.has(error.code)) throw error
    throw noGroupsRight(error)
  }
  throw badResponse('no list of communities', { status: 200, headers: {}, text: '' })
}

const noGroupsRight = (cause: ShopRefused) =>
  new ShopRefused(
    cause.message,
    {
      scope: 'account',
      code: 'no_groups_right',
      kind: 'permission',
      values: cause.values,
      ...(cause.detail && { detail: cause.detail }),
    },
    { cause },
  )

/** `5.131` answers with a list, `5.199` with a list in `groups` (docs/platforms/vk.md#communities). */
export async function findCommunity(
  ask: Ask,
  domain: string,
  typed: string,
): Promise<Community | undefined> {
  const name = nameOf(typed)
  if (!name) return undefined
  const response = await askForOne(ask, name)
  const groups = Array.isArray(response) ? (response as unknown[]) : asObject(response)?.groups
  return Array.isArray(groups) ? readGroup(groups[0], domain) : undefined
}

async function askForOne(ask: Ask, name: string): Promise<unknown> {
  try {
    return (await ask('groups.getById', { group_ids: name, fields: 'market' })).response
  } catch (error) {
    const none = error instanceof ShopRefused && NOT_FOUND.has(error.code)
    if (!none) throw error
    return []
  }
}

const NOT_FOUND = new Set(['community_unknown', 'item_unknown', 'item_gone'])
