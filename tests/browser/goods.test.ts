import { expect, test } from 'vitest'
import { manyProducts } from '../simulators/evotor/catalogue.ts'
import { AXE, check } from '../support/accessible.ts'
import { openShop, runOnce } from '../support/catalogue/shop.ts'
import { useChromium, type Wishes } from '../support/chromium-page.ts'

const chromium = useChromium()
const NARROW = { width: 360, first: AXE }

test('the list of the goods is accessible, and is searched as one types', async () => {
  const { page, url } = await open(NARROW)

  await page.goto(`${url}/goods`)
  expect(await check(page, '/goods')).toContain('Почему не идут')
  await page.getByLabel('Название, артикул или код').pressSequentially('ваза лён')
  await page.waitForURL('**q=*')
  expect(await page.locator('.goods tbody tr').count()).toBe(1)
  await page.goto(`${url}/goods?q=nothing-like-it`)
  expect(await check(page, 'nothing found')).toContain('Таких товаров нет')
})

test('without scripts the form finds the same', async () => {
  const { page, url } = await open({ width: 360, scripts: false })

  await page.goto(`${url}/goods`)
  await page.getByLabel('Название, артикул или код').fill('ваза лён')
  await page.getByRole('button', { name: 'Найти' }).click()

  expect(await page.locator('.goods tbody tr').count()).toBe(1)
})

async function open(wishes: Wishes) {
  const scene = await openShop()
  const { app, browser, evotor, link } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill(manyProducts(60))
  const [first = '', second = ''] = till.products.keys()
  till.rename(first, 'Ваза «Лён», 20 см')
  till.setPrice(first, 0)
  till.setQuantity(second, 0)
  await runOnce(scene)
  const window = await chromium.open(app.url, wishes)
  const value = browser.cookies.get('evosync') ?? ''
  await window.context.addCookies([{ name: 'evosync', value, url: app.url }])
  return { page: window.page, url: app.url }
}
