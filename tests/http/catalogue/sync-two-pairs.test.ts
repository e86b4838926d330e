import { describe, expect, test } from 'vitest'
import type { Link } from '../../../app/store/sync-links.ts'
import { manyProducts } from '../../simulators/evotor/catalogue.ts'
import { ENGINES } from '../../support/databases.ts'
import { carryAll, openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'

describe.each(ENGINES)('Two pairs of one community on %s', (engine) => {
  test('a card is the first one’s, the second is told, and gets it when the first one goes', async () => {
    const { scene, first, second, edits } = await open(engine)
    expect(await edits(first)).toBe(0)

    const run = await runOnce({ app: scene.app, link: second })
    expect(run).toMatchObject({ state: 'done', created: 0, updated: 0, skipped: 3, failed: 0 })
    const { ctx } = scene.app
    expect(await ctx.syncSteps.reasons(run.id)).toEqual([{ code: 'other_pair', count: 3 }])
    expect([await edits(first), await edits(second), await edits(first)]).toEqual([0, 0, 0])
    expect(prices(scene)).toEqual([10_000, 10_000, 10_000])

    await ctx.syncLinks.remove(first.userId, first.id)
    expect(await edits(second)).toBe(3)
    expect(prices(scene)).toEqual([20_000, 20_000, 20_000])
    expect(await edits(second)).toBe(0)
  })

  test('both at once make every card once', async () => {
    const { scene, first, second } = await open(engine, false)
    const { ctx } = scene.app
    for (const { id, revision } of [first, second])
      await ctx.syncRuns.queue({
        linkId: id,
        linkRevision: revision,
        origin: 'manual',
        whole: true,
      })
    await carryAll(scene.app)

    const runs = await Promise.all([first, second].map(({ id }) => ctx.syncRuns.last(id)))
    expect(runs.map((run) => run?.state)).toEqual(['done', 'done'])
    const skus = [...scene.community.items.values()].map(({ sku }) => sku)
    expect(skus).toHaveLength(3)
    expect(new Set(skus).size).toBe(3)
  })
})

test('the pairs of a community know of each other, whoever’s they are', async () => {
  const { scene, first, second } = await open('sqlite')
  const { ctx } = scene.app

  expect(await ctx.syncHolds.isShared(first)).toBe(true)
  await ctx.syncLinks.remove(second.userId, second.id)
  expect(await ctx.syncHolds.isShared(first)).toBe(false)
})

/** Two stores with the same goods, at 100 and at 200 roubles; the first has been carried unless it is not to be. */
async function open(engine: (typeof ENGINES)[number], carried = true) {
  const scene = await openShop({ engine })
  const { link: first, evotor, app } = scene
  const other = evotor.users[0]?.stores.find(({ id }) => id !== first.storeId)
  if (!other) throw new Error('no second store')
  for (const [storeId, price] of [
    [first.storeId, 100],
    [other.id, 200],
  ] as const) {
    const till = evotor.catalogueOf(storeId)
    till.fill(manyProducts(3))
    for (const id of till.products.keys()) till.setPrice(id, price)
    for (const id of till.products.keys()) till.setQuantity(id, 5)
  }
  const route = { ...first, storeId: other.id, storeName: other.name }
  const second = await app.ctx.syncLinks.get(
    await app.ctx.syncLinks.add(first.userId, route, first.settings),
  )
  if (!second) throw new Error('no second pair')
  if (carried) await runOnce(scene)
  const edits = async (link: Link) => {
    scene.vk.writes.length = 0
    await runOnce({ app, link })
    return scene.vk.writes.filter(({ method }) => method === 'market.edit').length
  }
  return { scene, first, second, edits }
}

const prices = ({ community }: ShopScene) => [...community.items.values()].map(({ price }) => price)
