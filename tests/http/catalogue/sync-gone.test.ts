import { expect, test } from 'vitest'
import type { Settings } from '../../../app/catalogue/settings.ts'
import { manyProducts } from '../../simulators/evotor/catalogue.ts'
import { carryAll, openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'

test('a pair run by hand: what is gone from the till is told, and hidden by the button', async () => {
  const { scene, till } = await open(3)
  const [first = ''] = till.products.keys()
  till.remove(first)

  const page = await scene.browser.get(`/sync/preview?link=${scene.link.id}`)
  expect(page.text).toContain('1 товара нет на кассе, скроем.')
  expect(page.text).toContain('Без изменений 2')
  const run = await press(scene, page)

  expect(run).toMatchObject({ state: 'done', hidden: 1, failed: 0 })
  expect(hiddenOf(scene)).toBe(1)
  expect((await scene.browser.get(`/sync/preview?link=${scene.link.id}`)).text).toContain(
    'Всё совпадает',
  )
})

test('many that are gone want a tick, by hand too', async () => {
  const { scene, till } = await open(15)
  for (const id of [...till.products.keys()].slice(0, 12)) till.remove(id)

  const page = await scene.browser.get(`/sync/preview?link=${scene.link.id}`)
  expect(page.text).toContain('12 товаров нет на кассе, скроем.')
  expect(page.text).toContain('Было 15, сейчас 3.')
  expect((await scene.browser.submit(page, '/sync/run')).location).toContain('/sync/preview')
  expect(hiddenOf(scene)).toBe(0)
  const run = await press(scene, page, { confirm: '1' })

  expect(run).toMatchObject({ state: 'done', hidden: 12 })
})

test('what only the preview’s listing has missed is not hidden', async () => {
  const { scene, till } = await open(3)
  const [first = ''] = till.products.keys()
  const gone = till.products.get(first)
  till.remove(first)
  const page = await scene.browser.get(`/sync/preview?link=${scene.link.id}`)
  if (gone) till.put(gone)

  const run = await press(scene, page)

  expect(run).toMatchObject({ state: 'failed', reason: 'snapshot_stale' })
  expect(hiddenOf(scene)).toBe(0)
})

test('half a listing removes nothing, whichever of a run’s two it is', async () => {
  const { scene, till } = await open(6)
  const [first = ''] = till.products.keys()
  till.remove(first)
  scene.evotor.pageSize = 2
  const page = await scene.browser.get(`/sync/preview?link=${scene.link.id}`)
  scene.evotor.failAfterPages = 4 // of six: the first listing is whole, the second is not

  const broken = await press(scene, page)
  expect(broken?.state).not.toBe('done')
  expect(hiddenOf(scene)).toBe(0)

  scene.evotor.failAfterPages = Infinity
  await scene.app.ctx.syncRuns.askStop(broken?.id ?? 0)
  const run = await press(scene, await scene.browser.get(`/sync/preview?link=${scene.link.id}`))
  expect(run).toMatchObject({ state: 'done', hidden: 1 })
})

test('what stays on display although it is gone cannot be ordered, and comes back', async () => {
  const { scene, till } = await open(3, { gone: 'keep', outOfStock: 'keep' })
  const [first = '', second = ''] = till.products.keys()
  const gone = till.products.get(first)
  till.remove(first)
  till.setQuantity(second, 0)

  const page = await scene.browser.get(`/sync/preview?link=${scene.link.id}`)
  expect(page.text).toContain('1 товара нет на кассе, оставим на витрине без наличия.')
  expect(page.text).toContain('Оставим без наличия 1')
  expect(await press(scene, page)).toMatchObject({ state: 'done', updated: 2 })
  const cards = () => [...scene.community.items.values()].map(({ stock }) => stock)
  expect(cards().filter((stock) => stock === 0)).toHaveLength(2)
  expect(hiddenOf(scene)).toBe(0)

  if (gone) till.put(gone)
  till.setQuantity(second, 4)
  await runOnce(scene)
  expect(cards()).not.toContain(0)
})

async function open(count: number, settings: Partial<Settings> = {}) {
  const scene = await openShop(settings)
  const till = scene.evotor.catalogueOf(scene.link.storeId)
  till.fill(manyProducts(count))
  for (const id of till.products.keys()) till.setQuantity(id, 90)
  await runOnce(scene)
  expect(scene.community.items.size).toBe(count)
  return { scene, till }
}

async function press(
  { app, browser, link }: ShopScene,
  page: Awaited<ReturnType<ShopScene['browser']['get']>>,
  fields: Record<string, string> = {},
) {
  const answer = await browser.submit(page, '/sync/run', fields)
  await carryAll(app)
  const id = Number(/\/sync\/runs\/(\d+)$/.exec(answer.location)?.[1])
  expect(id, `${link.id} was not begun`).toBeGreaterThan(0)
  return await app.ctx.syncRuns.find(id)
}

const hiddenOf = ({ community }: ShopScene) =>
  [...community.items.values()].filter(({ availability }) => availability !== 0).length
