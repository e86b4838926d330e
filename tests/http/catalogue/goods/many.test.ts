import { describe, expect, test } from 'vitest'
import { manyProducts } from '../../../simulators/evotor/catalogue.ts'
import { formOf, type Page } from '../../../support/browser.ts'
import { openShop, runOnce, type ShopScene } from '../../../support/catalogue/shop.ts'
import { ENGINES } from '../../../support/databases.ts'

describe.each(ENGINES)('Many products of the list at once on %s', (engine) => {
  test('those that are found are set aside, taken back, and the last of it undone', async () => {
    const scene = await openShop({ engine })
    const { browser, community } = scene
    const ids = filled(scene, 40)
    await runOnce(scene)
    const onShow = () =>
      [...community.items.values()].filter((one) => one.availability === 0).length
    const before = onShow()
    const [one = '', two = ''] = ids

    await many(browser, await browser.get('/goods'), { good: [one, two, 'nobody’s'] }, 'aside')
    const set = await browser.get('/goods')
    expect(set.text).toContain('Не переносим: 2 товара')
    expect(set.text).toMatch(/Отложены вами\s*2/)
    await runOnce(scene)
    expect(onShow()).toBe(before - 2)
    expect((await browser.get('/goods?code=set_aside')).text).toContain('Скрыт')

    await many(browser, await browser.get('/goods'), { all: 'on' }, 'aside')
    expect((await browser.get('/goods')).text).toContain('Не переносим: 38 товаров')
    await undo(browser)
    expect((await browser.get('/goods')).text).toContain('Вернули как было: 38 товаров')
    expect((await browser.get('/goods')).text).toMatch(/Отложены вами\s*2/)

    await many(browser, await browser.get('/goods?code=set_aside'), { all: 'on' }, 'back')
    await runOnce(scene)
    expect(onShow()).toBe(before)
  })
})

test('a change that another has followed is not undone, nor what is set for one product since', async () => {
  const scene = await openShop()
  const { app, browser, link } = scene
  const [one = '', two = ''] = filled(scene, 3)
  await runOnce(scene)
  await many(browser, await browser.get('/goods'), { good: [one] }, 'aside')
  const stale = await browser.get('/goods')
  await many(browser, stale, { good: [two] }, 'aside')

  await browser.post('/goods/undo', formOf(stale, '/goods/undo'))

  expect((await browser.get('/goods')).text).toContain('Отменять уже нечего')
  expect([...(await app.ctx.syncOverrides.ofTill(link)).keys()].sort()).toEqual([one, two].sort())
  const page = await browser.get(`/goods/${two}`)
  await browser.post(`/goods/${two}`, { ...formOf(page, `/goods/${two}`), title: 'Роза своя' })
  expect(await app.ctx.syncOverrides.lastAct(link)).toBeUndefined()
})

test('whoever ticks nothing is told so', async () => {
  const scene = await openShop()
  filled(scene, 3)
  await runOnce(scene)

  await many(scene.browser, await scene.browser.get('/goods'), {}, 'aside')

  expect((await scene.browser.get('/goods')).text).toContain('Ничего не отмечено')
})

function filled({ evotor, link }: ShopScene, count: number): string[] {
  const till = evotor.catalogueOf(link.storeId)
  till.fill(manyProducts(count))
  for (const id of till.products.keys()) {
    till.setPrice(id, 100)
    till.setQuantity(id, 5)
  }
  return [...till.products.keys()]
}

async function many(
  browser: ShopScene['browser'],
  page: Page,
  { good = [], all = '' }: { good?: readonly string[]; all?: string },
  step: string,
) {
  const form = new URLSearchParams({ ...formOf(page, '/goods/many'), step, all })
  form.delete('good')
  for (const id of good) form.append('good', id)
  await browser.post('/goods/many', form)
}

const undo = async (browser: ShopScene['browser']) =>
  browser.post('/goods/undo', formOf(await browser.get('/goods'), '/goods/undo'))
