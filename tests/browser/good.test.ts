import { expect, test } from 'vitest'
import { manyProducts } from '../simulators/evotor/catalogue.ts'
import { AXE, check } from '../support/accessible.ts'
import { openShop, runOnce } from '../support/catalogue/shop.ts'
import { useChromium, type Wishes } from '../support/chromium-page.ts'

const chromium = useChromium()

test('a product is set by hand at 360 px: what is wrong stands beside its field, what is saved is marked', async () => {
  const { page, url, id } = await open({ width: 360, first: AXE })
  await page.goto(`${url}/goods?q=%D1%8D%D0%BA%D0%B2%D0%B0%D0%B4%D0%BE%D1%80`)
  await page.getByRole('link', { name: 'Роза «Эквадор»', exact: true }).click()
  await page.waitForURL(`**/goods/${id}`)
  expect(await check(page, 'a product')).toContain('В продаже')

  await page.getByLabel('Своё название').fill('Роза «Эквадор», 60 см, срезана утром')
  await page.getByLabel('Старая цена').fill('90')
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('alert').waitFor()
  expect(await check(page, 'a fault')).toContain('Старая цена должна быть больше цены')
  expect(await page.getByLabel('Своё название').inputValue()).toContain('срезана утром')

  await page.getByLabel('Старая цена').fill('150')
  await page.getByRole('button', { name: 'Сохранить' }).click()
  await page.getByRole('heading', { name: 'Сохранили' }).waitFor()
  expect(await check(page, 'what is set')).toContain('задано вами')
  expect(await page.evaluate<number>('document.documentElement.scrollHeight')).toBeLessThan(2500)

  await page.getByRole('button', { name: /^Вернуть как на кассе.*название$/ }).click()
  await page.locator('#title[value=""]').waitFor()
  expect(await page.getByLabel('Своё название').inputValue()).toBe('')
  expect(await page.getByLabel('Старая цена').inputValue()).toBe('150')
})

test('without scripts products are ticked, set aside, and this is undone', async () => {
  const { page, url } = await open({ width: 360, scripts: false })
  await page.goto(`${url}/goods?q=%D1%8D%D0%BA%D0%B2%D0%B0%D0%B4%D0%BE%D1%80`)
  await page.getByLabel('Отметить «Роза «Эквадор»»').check()
  await page.getByRole('button', { name: 'Не переносить' }).click()
  expect(await page.getByRole('status').first().textContent()).toContain('Не переносим: 1 товар')
  expect(await page.locator('.goods .tag-own').allTextContents()).toEqual(['не переносим'])

  await page.getByRole('button', { name: 'Отменить' }).click()

  expect(await page.locator('.goods .tag-own').count()).toBe(0)
})

async function open(wishes: Wishes) {
  const scene = await openShop()
  const { app, browser, evotor, link } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill(manyProducts(40))
  const [id = ''] = till.products.keys()
  till.rename(id, 'Роза «Эквадор»')
  till.setPrice(id, 100)
  till.setQuantity(id, 5)
  await runOnce(scene)
  const window = await chromium.open(app.url, wishes)
  const value = browser.cookies.get('evosync') ?? ''
  await window.context.addCookies([{ name: 'evosync', value, url: app.url }])
  return { page: window.page, url: app.url, id }
}
