import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { AXE, check, press } from '../support/accessible.ts'
import { startApp, type TestApp } from '../support/app.ts'
import {
  addDraft,
  addLink,
  addRun,
  claimOf,
  item,
  settle,
  step,
  WORKER,
} from '../support/catalogue/rows.ts'
import { useChromium, type Window, type Wishes } from '../support/chromium-page.ts'

const chromium = useChromium()

/** Pages are walked as on a telephone; each is looked at, and each button tried, on a desk too. */
const NARROW = { width: 360, first: AXE }

const LONG = 'Композиция «Осенний лес» с эвкалиптом, хризантемой кустовой и физалисом в крафте'
const AHEAD = [
  step('create', {
    name: 'Букет «Утро», 15 роз',
    item: item({ price: 249_000, album: { groupId: 'g', title: 'Букеты' } }),
  }),
  step('update', {
    name: LONG,
    fields: ['price', 'stock'],
    item: item({ price: 9_550, stock: 32 }),
    before: { price: 9_000, stock: 40 },
  }),
  step('restore', { name: 'Тюльпан', before: { hidden: true } }),
  step('hide', { name: 'Пион садовый', item: item({ price: 35_000 }), reason: { code: 'gone' } }),
  step('delete', { name: 'Астра', reason: { code: 'gone' } }),
  step('skip', {
    name: 'Мак',
    tillPrice: 12_000,
    reason: { code: 'name_too_short', values: { n: 3 } },
  }),
  step('skip', { name: 'Кашпо «Север», 14 см', tillPrice: 115_000, reason: { code: 'no_photo' } }),
  step('skip', {
    name: 'Вино игристое',
    reason: { code: 'restricted', values: { kind: 'alcohol' } },
  }),
]

test('the list before a run is accessible in all its states', async () => {
  const { app, page, link } = await open(NARROW)
  const { ctx } = app
  const show = `/sync/preview?link=${link.id}&show=`
  await visit(page, app, `/sync/preview?link=${link.id}`) // not connected
  const many = Array.from({ length: 120 }, (_, n) => step('create', { name: `Роза № ${n + 1}` }))
  await addDraft(ctx, link, [...AHEAD, ...many], { products: 220, unchanged: 94 })
  for (const filter of ['', 'new', 'update', 'hide', 'skip']) await visit(page, app, show + filter)
  await visit(page, app, `${show}&page=3`)
  const id = await addDraft(ctx, link, AHEAD)
  await ctx.syncRuns.note(id, { code: 'catalog_shrunk', values: { before: 128, after: 40 } })
  expect(await visit(page, app, show)).toContain('Так и задумано')
  await addDraft(ctx, link, [], { products: 88, unchanged: 88 })
  expect(await visit(page, app, show)).toContain('Всё совпадает')
})

test('a run is accessible from the queue to its end, and so is the history', async () => {
  const { app, page, link } = await open(NARROW)
  const { ctx } = app
  expect(await visit(page, app, '/sync/runs')).toContain('ещё не было')
  const queued = await ctx.syncRuns.queue({
    linkId: link.id,
    linkRevision: 1,
    origin: 'hint',
    whole: true,
  })
  await visit(page, app, `/sync/runs/${queued}`)
  await leave(page)
  await ctx.syncRuns.askStop(queued ?? 0)
  await visit(page, app, `/sync/runs/${queued}`)

  const id = await addRun(ctx, link, AHEAD, { products: 96, unchanged: 88 })
  const there = `/sync/runs/${id}`
  await settle(ctx, id, [{ place: 0, code: 'photo_too_small', values: { w: 320, h: 240 } }])
  await settle(
    ctx,
    id,
    [1, 2, 3].map((place) => ({ place })),
  )
  expect(await visit(page, app, there)).toContain('Сейчас: Астра')
  await leave(page)
  await ctx.syncRuns.pause(
    await claimOf(ctx, id),
    { code: 'captcha', link: 'https://id.vk.com/not_robot_captcha' },
    new Date(Date.now() + 3600_000),
  )
  expect(await visit(page, app, there)).toContain('Продолжить')
  await leave(page)
  await ctx.syncRuns.resume(id)
  await ctx.syncRuns.claim(WORKER, 60_000, [])
  await settle(ctx, id, [{ place: 4 }])
  await ctx.syncRuns.finish(await claimOf(ctx, id), 'done')
  expect(await visit(page, app, there)).toContain('Повторить для этих товаров')
  await press(page, page.getByText('Не переносим по вашим настройкам').first())
  await check(page, 'what the owner leaves out')
  await press(page, page.getByRole('link', { name: 'Отменить эти изменения' }))
  expect(await check(page, 'what would be taken back')).toContain('Что станет с карточками')
  await press(page, page.getByRole('link', { name: 'Оставить как есть' }))
  await visit(page, app, `${there}?did=update`)
  expect(await ctx.syncRuns.active(link.id)).toBeUndefined()
  await visit(page, app, `${there}?cause=no_photo&state=skipped`)
  await visit(page, app, '/sync/runs')

  await addLink(ctx, { storeId: 'two', storeName: 'Магазин на Ленина', communityName: LONG })
  for (const code of ['snapshot_stale', 'group_access_lost', 'token_revoked']) {
    const broken = await addRun(ctx, link, [], { origin: 'schedule' })
    await ctx.syncRuns.finish(await claimOf(ctx, broken), 'failed', { code })
    await visit(page, app, `/sync/runs/${broken}`)
  }
  expect(await visit(page, app, '/sync/runs')).toContain('Цветы у дома → Цветы у дома ВК')
})

test('the figures move by themselves, and the end comes by itself', async () => {
  const { app, page, link } = await open({})
  const { ctx } = app
  const id = await addRun(ctx, link, AHEAD)
  await page.goto(`${app.url}/sync/runs/${id}`)
  const loads: string[] = []
  page.on('framenavigated', (frame) => loads.push(frame.url()))

  await settle(ctx, id, [{ place: 0 }, { place: 1, code: 'bad_links' }])

  await expect.poll(() => page.locator('[data-bind=done]').textContent()).toBe('2')
  expect(await page.title()).toBe('Идёт синхронизация: 2 из 5 — EvoSync')
  expect(await page.evaluate("document.querySelector('progress').value")).toBe(2)
  expect(await page.locator('#run-live').textContent()).toMatch(/^Выполнено/)
  await page.getByText('Показать новые ошибки').waitFor()
  expect(loads).toEqual([])

  await settle(
    ctx,
    id,
    [2, 3, 4].map((place) => ({ place })),
  )
  await ctx.syncRuns.finish(await claimOf(ctx, id), 'done')
  await page.getByRole('heading', { name: 'Итог' }).waitFor()
  expect(loads).toHaveLength(1)
})

test('without scripts a run is followed by a link, and everything can be pressed', async () => {
  const { app, page, link } = await open({ width: 360, scripts: false })
  const { ctx } = app
  await addDraft(ctx, link, AHEAD)
  await page.goto(`${app.url}/sync/preview?link=${link.id}&show=`)
  await page.getByRole('button', { name: 'Запустить синхронизацию' }).click()
  await page.waitForURL('**/sync/runs/*')
  await page.getByRole('link', { name: 'Обновить страницу' }).click()
  expect(
    await page.locator('head noscript, head meta[http-equiv=refresh]').count(),
  ).toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Остановить' }).click()
  await page.getByText('Остановлена', { exact: true }).waitFor()
})

async function open(wishes: Wishes) {
  const app = await startApp({ env: { SYNC_CRON: '0 0 1 1 *' } })
  const window = await chromium.open(app.url, wishes)
  await signUp(window, app)
  return { app, page: window.page, link: await addLink(app.ctx) }
}

async function visit(page: Page, { url }: TestApp, path: string): Promise<string> {
  await page.goto(url + path)
  return await check(page, path)
}

/** A page that follows a run loads itself anew when that changes, which a test may not run into. */
const leave = (page: Page) => page.goto('about:blank')

async function signUp({ page, context }: Window, app: TestApp) {
  const browser = app.newBrowser()
  await browser.register()
  const value = browser.cookies.get('evosync') ?? ''
  await context.addCookies([{ name: 'evosync', value, url: app.url }])
  await page.goto(app.url)
}
