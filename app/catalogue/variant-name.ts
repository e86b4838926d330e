import { clean } from './clean.ts'
import type { Product } from './goods.ts'
import type { GroupIndex } from './group-index.ts'
import { isParent } from './group-names.ts'

/** ` (Синий, 42)` in the parent's order, without what the name says by itself. */
export function choicesTail(name: string, product: Product, groupIndex: GroupIndex): string {
  const choices = (parentOf(product, groupIndex)?.attributes ?? [])
    .map(({ id, choices }) => choices.find((choice) => choice.id === product.choices[id]))
    .map((choice) => clean(choice?.name ?? '', groupIndex.capacity.letters))
    .filter((choice) => choice !== '' && !says(name, choice))
  return choices.length === 0 || name === '' ? '' : ` (${choices.join(', ')})`
}

export function parentOf(product: Product, groupIndex: GroupIndex) {
  const group = groupIndex.groups.get(product.groupId ?? '')
  return group && isParent(group) ? group : undefined
}

/** Whether the name has these words: 42 is not in 420. */
function says(name: string, words: string): boolean {
  const said = spoken(words)
  return said.trim() === '' ? name.includes(words) : spoken(name).includes(said)
}

const spoken = (text: string): string =>
  ` ${text.toLowerCase().replace(/[^\p{L}\p{N}+]+/gu, ' ')} `.replace(/ +/g, ' ')
