import { asObject, asText, badResponse } from '../../http/answer.ts'
import type { Category } from '../catalogue.ts'
import type { Reply } from './market-calls.ts'

/**
 * The leaves of `market.getCategories` (docs/platforms/vk.md#categories): the tree of 5.199, or the flat list of 5.131
 * with its sections.
 * @throws ProviderError when it is neither
 */
export function readCategories({
  response,
  unreadable,
}: Pick<Reply, 'response' | 'unreadable'>): Category[] {
  const items = asObject(response)?.items
  if (!Array.isArray(items))
    throw badResponse('no list of categories', { status: 200, headers: {}, text: '' })
  let lost = 0
  const leaves = items.flatMap((item) => leavesOf(item, [], () => (lost += 1)))
  if (lost > 0) unreadable?.('categories', lost)
  return leaves
}

function leavesOf(value: unknown, above: readonly string[], lose: () => void): Category[] {
  const category = asObject(value)
  const id = Number(category?.id)
  const name = asText(category?.name)
  if (!category || !Number.isSafeInteger(id) || !name) {
    lose()
    return []
  }
  const path = [...above, ...sectionOf(category, above), name]
  const { children } = category
  if (!Array.isArray(children) || children.length === 0) return [{ id: String(id), path }]
  return children.flatMap((child) => leavesOf(child, path, lose))
}

const sectionOf = ({ section, parent }: Record<string, unknown>, above: readonly string[]) => {
  const name = asText(asObject(section ?? parent)?.name)
  return name && above.length === 0 ? [name] : []
}
