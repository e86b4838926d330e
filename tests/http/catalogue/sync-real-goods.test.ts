import { expect, test } from 'vitest'
import { faultsIn } from '../../support/readable.ts'
import { REAL_GOODS } from '../../support/catalogue/real-goods.ts'
import { openShop, runOnce } from '../../support/catalogue/shop.ts'

test('three hundred ordinary goods become cards anybody would have written, once', async () => {
  const scene = await openShop()
  const { evotor, vk, link, community } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  const group = till.putGroup({ name: 'Чай &amp; кофе' })
  for (const { name, unit, quantity } of REAL_GOODS)
    till.put({ name, measure_name: unit, quantity, price: 129.9, parent_id: group.id })

  const first = await runOnce(scene)
  vk.writes.length = 0
  const second = await runOnce(scene)

  const cards = [...community.items.values()]
  const texts = cards.flatMap(({ title, description }) => [title, description])
  expect(first).toMatchObject({ state: 'done', created: REAL_GOODS.length, skipped: 0, failed: 0 })
  expect(texts.flatMap((text) => faultsIn(text, text))).toEqual([])
  expect(cards.filter(({ availability }) => availability !== 0)).toEqual([])
  expect([...community.albums.values()].map(({ title }) => title)).toContain('Чай & кофе')
  expect(second).toMatchObject({ total: 0, unchanged: REAL_GOODS.length })
  expect(vk.writes).toEqual([])
})

test('less than one of what is no piece stays in stock, and is sent but once', async () => {
  const scene = await openShop()
  const { evotor, vk, link, community } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  const units = ['литр', 'пог. м', 'кв. м', 'куб. м', 'г', 'т', 'kg', 'упак', 'бухта']
  const goods = units.map((unit) =>
    till.put({ name: `Товар ${unit}`, measure_name: unit, quantity: 5, price: 10 }),
  )
  const piece = till.put({ name: 'Товар штучный', measure_name: 'шт.', quantity: 5, price: 10 })
  await runOnce(scene)

  for (const { id } of [...goods, piece]) till.setQuantity(id, 0.4)
  const run = await runOnce(scene)
  vk.writes.length = 0
  const again = await runOnce(scene)

  expect(run).toMatchObject({ state: 'done', hidden: 1 })
  const hidden = [...community.items.values()].filter(({ availability }) => availability !== 0)
  expect(hidden.map(({ title }) => title)).toEqual(['Товар штучный'])
  expect(again.total).toBe(0)
  expect(vk.writes).toEqual([])
})
