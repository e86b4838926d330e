import { describe, expect, test } from 'vitest'
import { manyProducts } from '../../../simulators/evotor/catalogue.ts'
import { startApp } from '../../../support/app.ts'
import { formOf, type Page } from '../../../support/browser.ts'
import { openShop, runOnce } from '../../../support/catalogue/shop.ts'
import { openTwoShops } from '../../../support/catalogue/two-shops.ts'
import { ENGINES } from '../../../support/databases.ts'

const rows = (page: Page) =>
  page.dom.querySelectorAll('.goods tbody tr').map((row) => row.text.replace(/\s+/g, ' ').trim())
const headings = (page: Page) =>
  page.dom.querySelectorAll('.goods th[scope=col]').map(({ text }) => text)

test('whoever has nothing connected is told what to do first', async () => {
  const app = await startApp()
  const browser = app.newBrowser()
  await browser.register()

  const page = await browser.get('/goods')

  expect(page.text).toContain('Сначала подключите')
  expect(page.dom.querySelector('nav a[aria-current]')?.getAttribute('href')).toBe('/goods')
})

describe.each(ENGINES)('The list of the goods on %s', (engine) => {
  test('tells how each stands before the first run, after it, and when something changes', async () => {
    const scene = await openShop({ engine })
    const { browser, evotor, vk, link } = scene
    const till = evotor.catalogueOf(link.storeId)
    till.fill(manyProducts(4))
    const [first = '', second = '', third = ''] = till.products.keys()
    for (const id of till.products.keys()) till.setQuantity(id, 7)
    till.setPrice(third, 0)
    const never = await browser.get('/goods')
    expect(never.text).toContain('Нажмите «Обновить каталог»')
    const calls = () => vk.asked.length + evotor.asked.length

    await browser.post('/goods/read', formOf(never, '/goods/read'))
    expect(vk.writes).toEqual([])
    const before = calls()
    const ahead = await browser.get('/goods')
    expect(rows(ahead)).toHaveLength(4)
    expect(rows(ahead).filter((row) => row.includes('Ждёт'))).toHaveLength(3)
    expect(rows(ahead).filter((row) => row.includes('Не идёт'))).toHaveLength(1)
    expect(calls()).toBe(before)

    const alone: string[] = []
    scene.app.ctx.db.on('query', ({ sql, __knexTxId }: { sql: string; __knexTxId?: string }) => {
      if (/^update .sync_goods/.test(sql) && __knexTxId === undefined) alone.push(sql)
    })
    await runOnce(scene)
    expect(alone, 'a commit of its own for each product').toEqual([])
    const after = await browser.get('/goods')
    expect(rows(after).filter((row) => row.includes('В продаже'))).toHaveLength(3)
    expect(after.text.match(/Открыть карточку/g)).toHaveLength(3)

    till.setPrice(first, 999)
    till.setQuantity(second, 0)
    await browser.post('/goods/read', formOf(after, '/goods/read'))
    const changed = await browser.get('/goods?state=changes')
    expect(rows(changed)).toHaveLength(2)
    expect(changed.text).toContain('999')
    await runOnce(scene)
    expect(rows(await browser.get('/goods?state=hidden'))).toHaveLength(1)
  })

  test('is searched, narrowed and sorted, and names each reason once', async () => {
    const scene = await openShop({ engine, photoId: undefined })
    const { browser, evotor, link } = scene
    const till = evotor.catalogueOf(link.storeId)
    till.fill(manyProducts(60))
    const names = [...till.products.values()].map(({ name }) => name)
    await runOnce(scene)

    const all = await browser.get('/goods')
    const found = await browser.get(`/goods?q=${encodeURIComponent(names[7]?.toUpperCase() ?? '')}`)
    const odd = await browser.get('/goods?q=%25&order=-price&state=nope&page=99999&code=../x')

    expect(rows(all)).toHaveLength(30)
    expect(rows(await browser.get('/goods?page=2'))).toHaveLength(30)
    expect(
      all.dom
        .querySelectorAll('.causes > li')
        .map(({ text }) => text)
        .join(),
    ).toContain('60')
    expect(found.text).toContain(names[7])
    expect(odd.text).toContain('Таких товаров нет')
  })
})

test('a till with two windows has a column for each', async () => {
  const { app, browser, toVk, toOk } = await openTwoShops()
  await runOnce({ app, link: toVk })

  const page = await browser.get('/goods')

  expect(headings(page)).toEqual(['Товар', 'На кассе', toVk.communityName, toOk.communityName])
  expect(rows(page)).toHaveLength(6)
  expect(rows(page)[0]).toContain('В продаже')
  expect(rows(page)[0]).toContain('Ждёт')
})
