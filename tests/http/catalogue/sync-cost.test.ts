import { expect, test } from 'vitest'
import { manyProducts, type Stock } from '../../simulators/evotor/catalogue.ts'
import { openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'

const PRODUCTS = 200
const MANY = 600

test('200 products cost VK 1.3 requests each, an unchanged run three at most, edits one for 25', async () => {
  const scene = await openShop()
  const till = scene.evotor.catalogueOf(scene.link.storeId)
  till.fill(onFewShelves(manyProducts(PRODUCTS)))

  const first = await costOf(scene)
  expect(first.run).toMatchObject({ state: 'done', created: PRODUCTS, failed: 0 })
  expect(first.requests).toBeLessThanOrEqual(PRODUCTS * 1.3)

  const unchanged = await costOf(scene)
  expect(unchanged.run).toMatchObject({ updated: 0, unchanged: PRODUCTS })
  expect(unchanged.requests).toBeLessThanOrEqual(3)

  const edited = [...till.products.values()].slice(0, 60)
  for (const { id, price = 0 } of edited) till.setPrice(id, price + 1)
  const some = await costOf(scene)
  expect(some.run).toMatchObject({ updated: 60, failed: 0 })
  expect(some.requests).toBeLessThanOrEqual(Math.ceil(60 / 25) + 3)

  for (const { id, price = 0 } of till.products.values()) till.setPrice(id, price + 1)
  const all = await costOf(scene)
  expect(all.run).toMatchObject({ updated: PRODUCTS, failed: 0 })
  expect(all.requests).toBeLessThanOrEqual(PRODUCTS / 25 + 3)
})

test('what was changed is read back in one request, however much it is', async () => {
  const scene = await openShop()
  const till = scene.evotor.catalogueOf(scene.link.storeId)
  till.fill(onFewShelves(manyProducts(MANY)))
  await runOnce(scene)

  for (const { id, price = 0 } of till.products.values()) till.setPrice(id, price + 1)
  const all = await costOf(scene)

  expect(all.run).toMatchObject({ updated: MANY, failed: 0 })
  expect(all.requests).toBeLessThanOrEqual(MANY / 25 + 3)
})

/** Two requests an album weigh little where a shop is large; here they would not. */
function onFewShelves({ groups, products }: Stock): Stock {
  const few = groups.slice(0, 5)
  const parentOf = (nth: number) => few[nth % few.length]?.id ?? ''
  return {
    groups: few,
    products: products.map((product, nth) => ({ ...product, parent_id: parentOf(nth) })),
  }
}

async function costOf(scene: ShopScene) {
  const before = scene.vk.requestsMade
  const run = await runOnce(scene)
  return { run, requests: scene.vk.requestsMade - before }
}
