import { NEVER_BROKEN, openShop, type Wishes } from './catalogue/shop.ts'
import {
  groupIdOf,
  openWorld,
  productOf,
  runWhole,
  type SmallWorld,
} from './catalogue/small-world.ts'

/** Of each kind of change so many: new cards, edits, cards that are hidden, moved, and made anew. */
export async function busyWorld(
  number: number,
  each: number,
  wishes: Wishes = {},
): Promise<SmallWorld> {
  const scene = await openShop({ quietMs: 20, http: NEVER_BROKEN, ...wishes })
  scene.vk.perSecond = Infinity
  scene.vk.keepPhotos = false
  const world = await openWorld(scene, number, each * 4)
  await runWhole(world)

  const { till, community } = world
  const products = [...till.products.values()]
  till.putGroup({ id: groupIdOf(number, 2), name: 'Новая полка' })
  for (const [at, { id }] of products.entries()) {
    const kind = at % 4
    if (kind === 0) till.setPrice(id, 777 + at)
    if (kind === 1) till.setQuantity(id, 0)
    if (kind === 2) till.change(id, { parent_id: groupIdOf(number, 2) })
  }
  for (const [at, { id }] of [...community.items.values()].entries())
    if (at % 4 === 3) scene.vk.handDelete(id)
  for (let at = 0; at < each; at += 1) till.put(productOf(number, 500 + at))
  return world
}
