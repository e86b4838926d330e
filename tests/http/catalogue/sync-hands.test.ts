import { expect, test } from 'vitest'
import { manyProducts } from '../../simulators/evotor/catalogue.ts'
import { openShop, runOnce } from '../../support/catalogue/shop.ts'

async function open(count = 3) {
  const scene = await openShop()
  const till = scene.evotor.catalogueOf(scene.link.storeId)
  till.fill(manyProducts(count))
  for (const id of till.products.keys()) till.setQuantity(id, 7)
  const edits = async () => {
    scene.vk.writes.length = 0
    await runOnce(scene)
    return scene.vk.writes.filter(({ method }) => method === 'market.edit').length
  }
  return { scene, till, edits }
}

test('a card that is sold for a rouble by hand is put right each time', async () => {
  const { scene, edits } = await open()
  await edits()
  const [card] = scene.community.items.values()

  for (let times = 0; times < 5; times += 1) {
    scene.vk.handEdit(card?.id ?? 0, { price: 100, title: 'Распродажа' })
    expect(await edits()).toBe(1)
    expect(scene.community.items.get(card?.id ?? 0)).toMatchObject({
      price: card?.price,
      title: card?.title,
    })
  }
  expect(await edits()).toBe(0)
})

test('what VK writes in its own way is tried once more, and hands are seen all the same', async () => {
  const { scene, edits } = await open()
  scene.vk.rules.normalise = (text) => text.toUpperCase()

  await edits()
  const before = scene.vk.madeInside.get('market.edit') ?? 0
  expect([await edits(), await edits(), await edits()]).toEqual([0, 0, 0]) // nothing to change, says VK
  expect((scene.vk.madeInside.get('market.edit') ?? 0) - before).toBe(3)
  const [card] = scene.community.items.values()
  scene.vk.handEdit(card?.id ?? 0, { title: 'Моё' })
  expect([await edits(), await edits()]).toEqual([1, 0])
  expect(scene.community.items.get(card?.id ?? 0)?.title).toBe(card?.title)
})

test('where VK does not tell the stock, a change of it is sent once', async () => {
  const { scene, till, edits } = await open()
  scene.vk.rules.tellsStock = false
  await edits()
  const [first = ''] = till.products.keys()

  expect(await edits()).toBe(0)
  till.setQuantity(first, 3)
  expect([await edits(), await edits()]).toEqual([1, 0])
  expect([...scene.community.items.values()].map(({ stock }) => stock)).toContain(3)
})
