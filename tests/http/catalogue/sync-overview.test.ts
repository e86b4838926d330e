import { expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { addLink, addRun, claimOf, settle, step, WORKER } from '../../support/catalogue/rows.ts'
import { startEvotor, startVk } from '../../support/simulators.ts'

async function open() {
  const [vk, evotor] = [await startVk(), await startEvotor()]
  const app = await startApp({ vk, evotor })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, ctx: app.ctx }
}

async function openConnected() {
  const scene = await open()
  await scene.browser.connect('evotor')
  await scene.browser.connect('vk')
  return { ...scene, link: await addLink(scene.ctx) }
}

test('what is missing comes first: both platforms, one of them, a pair', async () => {
  const { browser } = await open()

  expect((await browser.get('/sync')).text).toContain('Сначала подключите Эвотор и ВКонтакте')
  expect((await browser.get('/sync/settings')).location).toBe('/sync')
  await browser.connect('evotor')
  const blocked = await browser.get('/sync')
  expect(blocked.text).toContain('Сначала подключите ВКонтакте Эвотор уже подключён')
  expect(blocked.dom.querySelector('main a.btn-primary')?.getAttribute('href')).toBe(
    '/vk?redirect_path=/sync',
  )
  await browser.connect('vk')
  const unset = await browser.get('/sync')
  expect(unset.text).toContain('Не выбрано сообщество')
  expect(unset.dom.querySelector('.topnav [aria-current]')?.text).toBe('Синхронизация')
})

test('a pair that was never run is ready; its schedule rests and goes on again', async () => {
  const { browser, ctx, link } = await openConnected()

  const page = await browser.get('/sync')
  expect(page.text).toContain('Готово к запуску Эту пару ещё не запускали')
  expect(page.text).toContain('Следующий запуск после первого запуска вручную')
  expect((await browser.get('/connections')).text).toContain('Ещё не запускали')
  await browser.submit(page, '/sync/pause')

  const paused = await browser.get('/sync')
  expect(paused.text).toContain('Расписание приостановлено')
  expect(paused.text).toContain('Возобновить')
  expect((await browser.get('/connections')).text).toContain('Расписание приостановлено Открыть')
  await browser.submit(paused, '/sync/pause')
  expect((await ctx.syncLinks.get(link.id))?.paused).toBe(false)
})

test('a run is followed from the overview: under way, asked for a captcha, over', async () => {
  const { browser, ctx, link } = await openConnected()
  expect((await browser.get('/connections')).text).toContain('Начало работы')
  const id = await addRun(ctx, link, [
    ...[step('create'), step('update'), step('hide'), step('skip')],
    step('skip', { reason: { code: 'out_of_stock' } }),
  ])
  await settle(ctx, id, [{ place: 0 }])

  const going = await browser.get('/sync')
  expect(going.text).toContain('Идёт синхронизация Выполнено 1 из 3 изменений.')
  expect((await browser.get('/connections')).text).toContain('Идёт синхронизация Смотреть ход')

  const captcha = { code: 'captcha', link: 'https://vk.com/not_robot' }
  await ctx.syncRuns.pause(await claimOf(ctx, id), captcha, new Date(Date.now() + 3600_000))
  const resting = await browser.get('/sync')
  expect(resting.text).toContain('Перенесли 1 из 3. Остальное не потеряется.')
  expect(resting.html).toContain('href="https://vk.com/not_robot"')
  expect(resting.html).toContain(`action="/sync/runs/${id}/retry"`)

  await ctx.syncRuns.resume(id)
  await ctx.syncRuns.claim(WORKER, 60_000, [])
  await settle(ctx, id, [{ place: 1 }, { place: 2, code: 'item_unknown' }])
  await ctx.syncRuns.finish(await claimOf(ctx, id), 'done')
  const over = await browser.get('/sync')
  expect(over.text).toContain('Есть ошибки')
  expect(over.text).toContain('2 изменения: 1 добавлено, 1 изменено')
  expect(over.text).toContain('Не перенесли 2 товара') // what is sold out is no fault
  expect(over.html).toContain(`href="/sync/runs/${id}#errors"`)
  const dashboard = await browser.get('/connections')
  expect(dashboard.text).toMatch(/Товары переданы сегодня в \d\d:\d\d Открыть/)
  expect(dashboard.text).not.toContain('Начало работы')
})

test('a pair in trouble says what happened and leads to the way out', async () => {
  const { browser, ctx, link } = await openConnected()
  await ctx.syncLinks.setTrouble(link.id, { code: 'group_access_lost', values: {} })

  const page = await browser.get('/sync')

  expect(page.text).toContain('Нет прав в сообществе «Цветы у дома ВК»')
  expect(page.html).toContain(`/sync/settings?link=${link.id}`)
  expect((await browser.get('/connections')).text).toContain('Синхронизация ждёт вас')
})

test('of several pairs one is chosen, and each keeps to itself', async () => {
  const { browser, ctx, link } = await openConnected()
  const other = await addLink(ctx, { storeId: 'store-2', storeName: 'Киоск', communityId: '778' })

  const page = await browser.get(`/sync?link=${other.id}`)

  expect(page.dom.querySelector('.filters [aria-current]')?.text).toContain('Киоск')
  await browser.submit(page, '/sync/pause')
  expect((await ctx.syncLinks.get(other.id))?.paused).toBe(true)
  expect((await ctx.syncLinks.get(link.id))?.paused).toBe(false)
})
