import type { Capacity } from './capacity.ts'
import { clean } from './clean.ts'
import { cut } from './cut.ts'
import type { Product } from './goods.ts'
import type { Reason } from './items.ts'
import type { GroupIndex } from './group-index.ts'
import { saysUnit, unitOf } from './units.ts'
import { choicesTail, parentOf } from './variant-name.ts'

/** Longer lists of what a variant differs by are cut with the name. */
const LONGEST_CHOICES = 50

/** `title` as it is sent; `full` is not cut and has no «, за кг». */
export interface Name {
  title: string
  full: string
}

/** As long as the place takes it, or why not. */
export function nameOf(
  product: Product,
  groupIndex: GroupIndex,
  cutNames: boolean,
): Name | { refused: Reason } {
  const { title: room } = groupIndex.capacity
  const own = ownName(product, groupIndex)
  const chosen = choicesTail(own, product, groupIndex)
  const full = own + chosen
  const unit = full === '' ? '' : unitTail(full, product)
  const title = joined(full, unit)
  const { length } = title
  if (length < room.least) return { refused: { code: 'name_too_short', values: { n: length } } }
  if (length <= room.most) return { title, full }
  if (!cutNames) return { refused: { code: 'name_too_long', values: { n: length } } }

  const [start, tail] = chosen.length > LONGEST_CHOICES ? [full, unit] : [own, chosen + unit]
  return { title: cut(start, room.most - tail.length) + tail, full }
}

/** The owner's own name for it says all that there is to say. */
export function givenName(
  given: string,
  { title: room, letters }: Pick<Capacity, 'title' | 'letters'>,
  cutNames: boolean,
): Name | { refused: Reason } {
  const full = clean(given, letters)
  const { length } = full
  if (length < room.least) return { refused: { code: 'name_too_short', values: { n: length } } }
  if (length <= room.most) return { title: full, full }
  if (!cutNames) return { refused: { code: 'name_too_long', values: { n: length } } }
  return { title: cut(full, room.most), full }
}

function ownName(product: Product, groupIndex: GroupIndex): string {
  const { letters } = groupIndex.capacity
  const own = clean(product.name, letters)
  return own === '' ? clean(parentOf(product, groupIndex)?.name ?? '', letters) : own
}

/** What is measured has a price for one measure; a card has no place for that but the name. */
function unitTail(name: string, product: Product): string {
  const unit = unitOf(product.unit)
  return unit.kind !== 'measured' || saysUnit(name, unit) ? '' : `, за ${unit.name}`
}

/** No second stop where the name ends in one. */
const joined = (name: string, tail: string): string =>
  tail === '' ? name : name.replace(/[\s.,;:]+$/, '') + tail
