import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/databases.ts'
import { carryAll, openShop, runOnce } from '../../support/catalogue/shop.ts'

const LONG = 'ы'.repeat(3_000)
const NUL = '\u0000'

describe.each(ENGINES)('Goods of a till on %s', (engine) => {
  test('are carried, whatever stands in their names and however often a group is listed', async () => {
    const scene = await openShop({ engine })
    const { evotor, link, community } = scene
    const till = evotor.catalogueOf(link.storeId)
    till.fill({ groups: [], products: [] })
    const group = till.putGroup({ name: `Розы${NUL}<b>` })
    till.groups.set('the same again', group)
    till.put({ name: `Роза${NUL}<b>&"`, parent_id: group.id, price: 100, quantity: 1 })
    till.put({ name: LONG, description: LONG.repeat(10), price: 100, quantity: 1e300 })
    till.put({ name: 'Сапфир', price: 9_999_999.99, quantity: 1 })

    const run = await runOnce(scene)

    expect(run).toMatchObject({ state: 'done', created: 3, failed: 0 })
    expect([...community.items.values()].map(({ price }) => price).toSorted()).toEqual([
      10_000, 10_000, 999_999_999,
    ])
    expect(await runOnce(scene)).toMatchObject({ state: 'done', total: 0, unchanged: 3 })
  })

  test.each([NUL, 'x'.repeat(129)])(
    'with ids nobody can keep cost nobody else a card, and are counted in the log',
    async (id) => {
      const scene = await openShop({ engine })
      const till = scene.evotor.catalogueOf(scene.link.storeId)
      till.fill({ groups: [], products: [] })
      till.put({ name: 'Роза', price: 1, quantity: 1 })
      till.put({ id, name: 'Никакая', price: 1, quantity: 1 })

      const run = await runOnce(scene)

      expect(run).toMatchObject({ state: 'done', created: 1, failed: 0 })
      expect([...scene.community.items.values()]).toMatchObject([{ title: 'Роза' }])
      expect(scene.app.logged('till_unreadable')).toMatchObject([{ count: 1 }])
    },
  )
})

test('Products whose ids begin alike have a card each, even when nobody knows what became of the second', async () => {
  const scene = await openShop()
  const { app, evotor, vk, link, community } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  const id = 'abcdef12-3456-4000-8000-000000000001'
  till.put({ id, name: 'Роза алая', price: 100, quantity: 1 })
  await runOnce(scene)
  till.put({ id: id.toUpperCase(), name: 'Роза белая', price: 200, quantity: 1 })
  vk.fault('/method/market.add', { way: 'reset', times: 1 })

  await runOnce(scene)
  await carryAll(app)

  const cards = (await app.ctx.syncItems.known(link.id)).map(({ linked }) => linked?.itemId)
  expect(new Set(cards).size).toBe(2)
  expect([...community.items.values()].map(({ price }) => price)).toEqual([10_000, 20_000])
})
