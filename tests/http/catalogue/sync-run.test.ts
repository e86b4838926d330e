import { expect, test } from 'vitest'
import type { Run } from '../../../app/store/sync-run-rows.ts'
import { openShop, runOnce } from '../../support/catalogue/shop.ts'

test('a first run carries the whole shop, a second one writes nothing, one edit is one write', async () => {
  const scene = await openShop()
  const { vk, evotor, link, community } = scene

  const reasonsOf = async ({ id }: Run) => {
    const reasons = await scene.app.ctx.syncSteps.reasons(id)
    return Object.fromEntries(reasons.map(({ code, count }) => [code, count]))
  }

  const first = await runOnce(scene)

  expect(await reasonsOf(first)).toEqual({
    name_too_short: 1,
    not_sold: 1,
    out_of_stock: 5,
    price_missing: 2,
    restricted: 1,
  })
  expect(first).toMatchObject({ state: 'done', failed: 0 })
  expect(first.created).toBeGreaterThan(90)
  expect(community.items.size).toBe(first.created)
  expect(first.products).toBe(first.created + first.unchanged + first.skipped)

  vk.writes.length = 0
  const second = await runOnce(scene)

  expect(second).toMatchObject({ state: 'done', created: 0, updated: 0, hidden: 0, failed: 0 })
  expect(vk.writes).toEqual([])

  const till = evotor.catalogueOf(link.storeId)
  const rose = [...till.products.values()].find(({ name }) => name.startsWith('Роза'))
  till.setPrice(rose?.id ?? '', 1234.5)
  const third = await runOnce(scene)

  expect(third).toMatchObject({ state: 'done', updated: 1, created: 0, failed: 0 })
  expect(vk.writes).toHaveLength(1)
  const changed = [...community.items.values()].filter(({ price }) => price === 123_450)
  expect(changed).toHaveLength(1)
})
