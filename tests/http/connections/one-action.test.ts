import { expect, test } from 'vitest'
import type { Health } from '../../../app/store/vocabulary.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import type { Browser } from '../../support/browser.ts'
import { addLink, addRun, claimOf, settle, step, WORKER } from '../../support/catalogue/rows.ts'
import { startEvotor, startVk } from '../../support/simulators.ts'

test('from the first visit to the hundredth there is one thing to do', async () => {
  const { browser, ctx } = await open()
  const said: string[] = []
  const look = async () => said.push(await onlyAction(browser))

  await look()
  await browser.connect('evotor')
  await look() // the message that it is done leads on
  await look()
  await browser.connect('vk')
  await look()
  await look()
  const link = await addLink(ctx)
  await look()
  const id = await addRun(ctx, link, [step('create')])
  await look()
  await ctx.syncRuns.pause(await claimOf(ctx, id), { code: 'captcha' }, inAnHour())
  await look()
  await ctx.syncRuns.resume(id)
  await ctx.syncRuns.claim(WORKER, 60_000, [])
  await settle(ctx, id, [{ place: 0 }])
  await ctx.syncRuns.finish(await claimOf(ctx, id), 'done')
  await look()
  await ctx.syncLinks.setTrouble(link.id, { code: 'group_access_lost', values: {} })
  await look()

  expect(said).toEqual([
    'Подключить → /evotor/connect',
    expect.stringContaining('/vk'),
    'Подключить → /vk',
    expect.stringContaining('/sync'),
    'Настроить перенос товаров → /sync/settings',
    'Запустить в первый раз → /sync',
    `Смотреть ход → /sync/runs/${id}`,
    'Открыть синхронизацию → /sync',
    'Посмотреть товары → /goods',
    'Посмотреть, что случилось → /sync',
  ])
})

test('keys that are missing are something to do for administrators, and to read for others', async () => {
  const app = await startApp()
  const [admin, owner] = [app.newBrowser(), app.newBrowser()]
  await admin.register()
  await owner.register({ email: 'boris@example.ru', name: 'Борис' })

  expect(await onlyAction(admin)).toBe('Настроить → /evotor')
  expect(await onlyAction(owner)).toBe('Подробнее → /evotor')
  expect((await owner.get('/connections')).text).toContain('Нужны ключи приложения')
})

test('the line between the two says when goods cannot pass', async () => {
  const { browser, ctx } = await open()
  await browser.connect('evotor')
  await browser.connect('vk')
  await addLink(ctx)
  const rail = async () => (await browser.get('/connections')).dom.querySelector('.rail')

  await troubled(ctx, 'unreachable', 'provider_unavailable')
  expect((await rail())?.text).toContain('ВКонтакте не отвечает')
  expect((await rail())?.classNames).toContain('rail-off')
  await troubled(ctx, 'permission', 'insufficient_scope')
  expect((await rail())?.text).toContain('Товары не переносятся')
  expect((await rail())?.classNames).toContain('rail-bad')
  expect((await rail())?.querySelector('a')?.getAttribute('href')).toBe('/vk')
  expect(await onlyAction(browser)).toContain('/vk')
})

test('services nobody asked for are folded away, the connected are not', async () => {
  const { browser, ctx } = await open({ WIX_CLIENT_ID: '1', WIX_CLIENT_SECRET: '2' })
  const account = { id: '1', name: 'Лавка Марины', profile: {} }
  const tokens = { accessToken: 'x', carried: {} }

  const before = await browser.get('/connections')
  await ctx.connections.save({ userId: 1, provider: 'wix', account, tokens })
  const after = await browser.get('/connections')

  expect(before.dom.querySelector('details [aria-labelledby=c-wix]')).not.toBeNull()
  expect(before.dom.querySelector('details.fold')?.hasAttribute('open')).toBe(false)
  expect(after.dom.querySelector('details [aria-labelledby=c-wix]')).toBeNull()
  expect(after.text).toContain('Другие подключения Wix Лавка Марины')
})

async function open(env: Record<string, string> = {}) {
  const [vk, evotor] = [await startVk(), await startEvotor()]
  const app = await startApp({ vk, evotor, env })
  const browser = app.newBrowser()
  await browser.register()
  return { browser, ctx: app.ctx }
}

/** What stands out of a dashboard: nothing else does. */
async function onlyAction(browser: Browser): Promise<string> {
  const { dom } = await browser.get('/connections')
  const [action, ...more] = dom.querySelectorAll('main .btn-primary')
  expect(more.map(({ text }) => text)).toEqual([])
  const words = action?.childNodes[0]?.text.trim() ?? ''
  return `${words} → ${action?.getAttribute('href') ?? ''}`
}

async function troubled(ctx: TestApp['ctx'], health: Health, reason: string) {
  await ctx.db('connections').where({ provider: 'vk' }).update({ health, reason })
}

const inAnHour = () => new Date(Date.now() + 3600_000)
