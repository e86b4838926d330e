import { type Drawing, EDITION, TONES } from '../../pictures/drawn/drawing.ts'
import type { Product } from '../goods.ts'
import { type GroupIndex, lineage } from '../group-index.ts'
import { sha256 } from '../hashes.ts'
import type { Item } from '../items.ts'
import { unitOf } from '../units.ts'

/** More fits no card. */
const LONGEST = 200

/** The card drawn for a product without a photo: another name, unit or group is another picture. */
export function drawnPhoto(
  product: Pick<Product, 'groupId' | 'unit'>,
  name: string,
  groupIndex: GroupIndex,
): Required<Pick<Item, 'photo' | 'drawing'>> {
  const shelf = lineage(product, groupIndex)
    .map((id) => groupIndex.groups.get(id))
    .find((group) => group?.attributes.length === 0)
  const drawing: Drawing = {
    title: name.slice(0, LONGEST),
    unit: unitOf(product.unit).name,
    ...(shelf && { group: shelf.name }),
    tone: shelf ? toneOf(shelf.id) : 0,
  }
  return { photo: `drawn:${sha256(JSON.stringify([EDITION, drawing])).slice(0, 32)}`, drawing }
}

/** Goods of one group look alike, whatever other groups there are. */
const toneOf = (groupId: string): number =>
  Number.parseInt(sha256(groupId).slice(0, 8), 16) % TONES.length
