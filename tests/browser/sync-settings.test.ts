import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { AXE, check, press } from '../support/accessible.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { addRun, claimOf, step } from '../support/catalogue/rows.ts'
import { useChromium, type Wishes } from '../support/chromium-page.ts'
import { carryAll } from '../support/catalogue/shop.ts'
import { startEvotor, startVk } from '../support/simulators.ts'

const chromium = useChromium()

/** Pages are walked as on a telephone; each is looked at, and each button tried, on a desk too. */
const NARROW = { width: 360, first: AXE }

async function open(wishes: Wishes, without: string[] = []) {
  const [vk, evotor] = [await startVk(), await startEvotor()]
  const app = await startApp({ vk, evotor })
  const browser = app.newBrowser()
  await browser.register()
  const window = await chromium.open(app.url, wishes)
  const value = browser.cookies.get('evosync') ?? ''
  await window.context.addCookies([{ name: 'evosync', value, url: app.url }])
  const connect = async () => {
    await browser.connect('evotor')
    await browser.connect('vk', { without })
  }
  return { app, vk, evotor, browser, connect, page: window.page }
}

test('the overview and the settings are accessible in all their states', async () => {
  const { app, page, evotor, connect } = await open(NARROW)
  await visit(page, app, '/sync')
  await connect()
  await visit(page, app, '/connections')
  await visit(page, app, '/sync')
  await visit(page, app, '/sync/settings')
  for (const own of await page.locator('.maprow summary').all()) await press(page, own)
  await check(page, 'everything open')
  await press(page, 'Сохранить и посмотреть')
  expect(await check(page, 'without a category')).toContain('Исправьте 1 поле')

  await page.getByLabel('Найти категорию').fill('растения')
  const left = page.locator('#category_id option:not([value=""])')
  expect(await left.allInnerTexts()).toEqual(['Дом и сад → Цветы и растения'])
  await page.getByLabel('Категория ВКонтакте для новых').selectOption({ index: 1 })
  await press(page, 'Сохранить и посмотреть')
  await page.waitForURL('**/sync/preview?link=1')

  const [link] = await app.ctx.syncLinks.list(1)
  if (!link) throw new Error('nothing was saved')
  await visit(page, app, '/sync')
  const id = await addRun(app.ctx, link, [step('create'), step('update')])
  await visit(page, app, '/sync')
  await visit(page, app, '/sync/settings')
  const captcha = { code: 'captcha', link: `${app.url}/help` }
  await app.ctx.syncRuns.pause(await claimOf(app.ctx, id), captcha, new Date(Date.now() + 3600_000))
  expect(await visit(page, app, '/sync')).toContain('Продолжить')
  await app.ctx.syncRuns.askStop(id)
  await app.ctx.syncLinks.setTrouble(link.id, { code: 'market_disabled', values: {} })
  for (const path of ['/sync', '/connections', '/vk', '/evotor']) await visit(page, app, path)
  evotor.fault('/stores', { status: 503, body: '' })
  expect(await visit(page, app, '/sync/settings')).toContain('временно не отвечает')
  await press(page, 'Удалить пару')
  await check(page, 'the dialog')
  await press(page, page.getByRole('button', { name: 'Удалить', exact: true }))
  await page.waitForURL('**/sync')
  expect(await app.ctx.syncLinks.list(1)).toEqual([])
})

test('without the right to goods the pages are accessible too', async () => {
  const { app, page, evotor, connect } = await open(NARROW, ['market'])
  await connect()
  expect(await visit(page, app, '/sync')).toContain('devsupport@corp.vk.com')
  await visit(page, app, '/sync/settings')
  await press(page, 'Сохранить')
  await page.waitForURL('**/sync?link=1')
  expect(await check(page, 'file only')).toContain('Файл YML')

  const [link] = await app.ctx.syncLinks.list(1)
  if (!link) throw new Error('nothing was saved')
  const till = evotor.catalogueOf(link.storeId)
  const rose = till.put({ name: 'Ы'.repeat(99), price: 1234.5, quantity: 2, picture: 'rose' })
  await carryAll(app) // the first run is queued by saving
  const run = await app.ctx.syncRuns.last(link.id)
  await visit(page, app, `/sync/runs/${run?.id}`)
  const key = await app.ctx.syncLinks.feedKey(link)
  expect(await visit(page, app, `/feeds/${key}/goods/${rose.id}`)).toContain('1 234,50 руб.')
})

test('without scripts a pair is chosen, saved, paused and removed', async () => {
  const { app, page, connect } = await open({ width: 360, scripts: false })
  await connect()
  await page.goto(`${app.url}/connections`)
  await page.getByRole('link', { name: 'Настроить', exact: true }).click()
  await page.getByLabel('Магазин Эвотор').selectOption({ index: 1 })
  await page.getByRole('button', { name: 'Показать группы этого магазина' }).click()
  await page.waitForURL('**/sync/settings?link=new**')
  expect(await page.locator('#store_id option[selected]').innerText()).toContain('Киоск на Лесной')
  await page.getByLabel('Категория ВКонтакте для новых').selectOption({ index: 3 })
  await page.getByLabel('Запускать автоматически').selectOption('1440')
  await page.getByRole('button', { name: 'Сохранить и посмотреть' }).click()
  await page.waitForURL('**/sync/preview?link=1')

  await page.goto(`${app.url}/sync`)
  await page.getByRole('button', { name: 'Приостановить' }).click()
  expect(await page.getByRole('main').innerText()).toContain('Раз в день')
  expect((await app.ctx.syncLinks.list(1))[0]?.paused).toBe(true)
  await page.getByRole('link', { name: 'Настройки' }).click()
  await page.getByRole('button', { name: 'Удалить пару' }).click()
  await page.waitForURL('**/sync')
  expect(await app.ctx.syncLinks.list(1)).toEqual([])
})

async function visit(page: Page, { url }: TestApp, path: string): Promise<string> {
  await page.goto(url + path)
  return await check(page, path)
}
