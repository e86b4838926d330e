import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { checkDue } from '../../app/flows/connections/check-due.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { STARTS } from '../../app/web/kit/limits.ts'
import { PERSON } from '../support/browser.ts'
import { startMailbox } from '../support/mailbox.ts'
import { allPlatforms } from '../support/platforms.ts'
import { useChromium, WIDTHS, type Window } from '../support/chromium-page.ts'
import { startEvotor, startVk } from '../support/simulators.ts'

const chromium = useChromium()

const fromAxe = createRequire(createRequire(import.meta.url).resolve('@axe-core/playwright'))
const AXE = readFileSync(fromAxe.resolve('axe-core/axe.min.js'), 'utf8')

/** Pages are walked as on a telephone; each is looked at, and each button tried, on a desk too. */
const NARROW = { width: 360 }

test('pages for strangers are accessible', async () => {
  const app = await startApp()
  await app.newBrowser().register()
  const { page } = await chromium.open(app.url, NARROW)

  await visit(page, app, [
    '/login',
    '/register',
    '/forgot',
    '/reset?token=x',
    '/help',
    '/privacy',
    '/nope',
  ])
  await page.goto(`${app.url}/register`)
  await page.getByLabel('Электронная почта').fill('marina@')
  await press(page, 'Зарегистрироваться')
  await check(page, '/register with faults')
  expect(await page.evaluate('document.activeElement.hasAttribute("data-error-summary")')).toBe(
    true,
  )
  await page.goto(`${app.url}/login`)
  await page.getByLabel('Электронная почта').fill(PERSON.email)
  await page.getByLabel('Пароль', { exact: true }).fill('не тот пароль')
  await press(page, 'Войти')
  await check(page, '/login with a wrong password')
}, 60_000)

test('pages of a person with nothing connected are accessible, with keys and without', async () => {
  const [vk, evotor] = [await startVk(), await startEvotor()]
  const differing = ['/connections', '/vk', '/evotor', '/wix', '/facebook']
  for (const options of [{ vk, evotor }, {}]) {
    const app = await startApp(options)
    const window = await chromium.open(app.url, NARROW)
    await signUp(window, app)
    await visit(window.page, app, differing)
    if (!options.vk) continue // without keys the others are the same
    await visit(window.page, app, [
      '/account',
      '/account/delete',
      '/admin/users',
      '/admin/providers',
      '/admin/providers/new',
      '/admin/providers/vk',
      '/admin/health',
      '/admin/audit',
    ])
    await visit(window.page, app, [
      '/vk?error=invalid_state',
      '/vk?error=access_denied',
      '/vk?error=provider_unavailable',
    ])
  }
}, 90_000)

test('the account page with a webhook, its secret and its log is accessible', async () => {
  const app = await startApp()
  const window = await chromium.open(app.url, NARROW)
  await signUp(window, app)
  const { page } = window
  await page.goto(`${app.url}/account`)
  await page.getByLabel('Адрес', { exact: true }).fill('http://shop.example.ru')
  await press(page, 'Создать вебхук')
  expect(await check(page, 'an address that is refused')).toContain('https://')
  await page.getByLabel('Адрес', { exact: true }).fill(`https://localhost:1/${'long'.repeat(40)}`)
  await press(page, 'Создать вебхук')
  expect(await check(page, 'the secret')).toContain('Секрет для проверки подписи')
  await press(page, 'Отправить проверочное')
  expect(await check(page, 'a delivery that failed')).toContain('во внутреннюю сеть')
  await press(page, 'Выключить')
  await check(page, 'switched off')
  await app.ctx.db('webhooks').update({ switched_off_at: new Date() })
  await visit(page, app, ['/account'])
}, 60_000)

test('the account page with a token just made, and one that is refused, is accessible', async () => {
  const app = await startApp()
  const window = await chromium.open(app.url, NARROW)
  await signUp(window, app)
  const { page } = window
  await page.goto(`${app.url}/account`)
  await press(page, 'Создать токен')
  expect(await check(page, 'a token without a name')).toContain('Заполните поле «Название»')
  await page.getByLabel('Название').fill('Бот рекламы')
  await press(page, 'Создать токен')
  expect(await check(page, 'a token just made')).toContain('больше мы его не покажем')
}, 60_000)

test('pages of other platforms, connected, are accessible', async () => {
  const shown = ['Facebook', 'Shopee', 'Wix']
  const ways = (await allPlatforms()).filter(({ name }) => shown.includes(name))
  const there = await Promise.all(ways.map((way) => way.stage()))
  const app = await startApp({ simulators: there.map(({ simulator }) => simulator) })
  const window = await chromium.open(app.url, NARROW)
  await signUp(window, app)
  const { page } = window
  for (const { key } of there) {
    await page.goto(`${app.url}/${key}/connect`)
    await press(page, 'Разрешить')
    await page.waitForURL('**/connections')
    await page.goto(`${app.url}/${key}`)
    expect(await check(page, key)).toContain('Выданный доступ')
  }
  expect(there).toHaveLength(shown.length)
  await visit(page, app, ['/connections', '/admin/health'])
}, 90_000)

test('pages that say what went wrong are accessible', async () => {
  const mailbox = await startMailbox()
  const app = await startApp({ env: { SMTP_URL: mailbox.url } })
  app.expectErrors()
  await app.newBrowser().register({ email: 'first@example.ru' })
  const window = await chromium.open(app.url, NARROW)
  const { page } = window
  await signUp(window, app)

  await visit(page, app, ['/vk', '/admin/users']) // as an owner: not set up, and 403
  await page.goto(`${app.url}/account`)
  await page.evaluate(
    "for (const token of document.querySelectorAll('[name=_csrf]')) token.value = 'stale'",
  )
  await press(page, 'Сохранить')
  expect(await check(page, 'a stale page')).toContain('419')
  for (let n = 0; n < 31; n += 1) await app.ctx.limits.hit(STARTS, '2')
  await page.goto(`${app.url}/vk/connect`)
  expect(await check(page, 'too many')).toContain('429')
  const token = await app.ctx.resets.open(2, 60_000)
  await page.context().clearCookies()
  await visit(page, app, [`/reset?token=${token}`, '/forgot'])
  await page.getByLabel('Электронная почта').fill(PERSON.email)
  await press(page, 'Прислать')
  await check(page, 'a letter is sent')
  await app.ctx.db.schema.dropTable('password_resets')
  await page.goto(`${app.url}/reset?token=${token}`)
  expect(await check(page, 'a failure of ours')).toContain('500')
  await page.goto(`${app.url}/login`)
  await page.getByLabel('Электронная почта').fill(PERSON.email)
  await page.getByLabel('Пароль', { exact: true }).fill(PERSON.password)
  await app.ctx.db.raw('pragma query_only = on')
  await press(page, 'Войти')
  expect(await check(page, 'the database is away')).toContain('503')
}, 60_000)

test('pages of living, troubled and recovered connections are accessible', async () => {
  const [vk, evotor] = [await startVk(), await startEvotor()]
  const app = await startApp({ vk, evotor })
  const window = await chromium.open(app.url, NARROW)
  await signUp(window, app)
  const { page } = window
  for (const key of ['vk', 'evotor']) {
    await page.goto(`${app.url}/${key}/connect`)
    await press(page, 'Разрешить')
    await page.waitForURL('**/connections')
    await check(page, `after connecting ${key}`)
  }
  await visit(page, app, ['/vk', '/evotor', '/connections'])
  await page.goto(`${app.url}/vk`)
  await press(page, 'Отключить аккаунт ВКонтакте')
  await check(page, 'the dialog')
  await atEachWidth(page, async () => {
    const box = await page.getByRole('dialog').boundingBox()
    expect(box && Math.abs(box.y + box.height / 2 - 400), 'it is in the middle').toBeLessThan(2)
  })
  await page.keyboard.press('Escape')
  expect(await app.ctx.connections.find(1, 'vk')).toBeDefined()

  vk.fault('/method/users.get', { status: 503, body: '' })
  evotor.fault('/stores', { status: 402, body: '' })
  for (let n = 0; n < 2; n += 1) await tick(app)
  await visit(page, app, ['/connections', '/vk', '/evotor'])
  vk.mend()
  evotor.mend()
  await tick(app)
  await visit(page, app, ['/connections'])
  vk.revoke(21450987)
  for (const user of evotor.users) user.installed = false
  await tick(app)
  await visit(page, app, ['/connections', '/vk', '/evotor'])

  vk.users.shift()
  await page.goto(`${app.url}/vk/connect`)
  await press(page, 'Разрешить')
  await page.waitForURL('**/vk?error=account_changed')
  await check(page, 'another account')
}, 90_000)

test('every stop of the tab key is seen', async () => {
  const app = await startApp()
  const window = await chromium.open(app.url)
  await signUp(window, app)
  const { page } = window
  await page.goto(`${app.url}/connections`)

  const outlines: string[] = []
  for (let stop = 0; stop < 14; stop += 1) {
    await page.keyboard.press('Tab')
    outlines.push(
      String(
        await page.evaluate(
          'getComputedStyle(document.activeElement).outlineStyle + getComputedStyle(document.activeElement).outlineWidth',
        ),
      ),
    )
  }

  expect(outlines.slice(1).every((outline) => outline === 'solid3px')).toBe(true)
})

async function visit(page: Page, { url }: TestApp, paths: string[]) {
  for (const path of paths) {
    await page.goto(url + path)
    await check(page, path)
  }
}

/** At no width does {@link look} find anything. Gives what the page says. */
async function check(page: Page, name: string): Promise<string> {
  await page.evaluate(AXE)
  await atEachWidth(page, (width) => look(page, `${name}, ${width} px`))
  return await page.getByRole('main').innerText()
}

/** axe finds nothing, nothing sticks out sideways, of the page or of a cell, one h1. */
async function look(page: Page, name: string) {
  const { violations } = await new AxeBuilder({ page, axeSource: 'void 0' }) // it is in the page already
    .setLegacyMode() // no page has frames, so no second window is needed to put results together
    .options({ resultTypes: ['violations'], preload: { assets: ['media'] } }) // no rule of these reads style sheets
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'])
    .analyze()
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`,
  )
  expect(found, name).toEqual([])
  expect(
    await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    ),
    name,
  ).toBe(0)
  const wide =
    "[...document.querySelectorAll('tbody > tr > *')].filter((cell) => cell.scrollWidth > cell.clientWidth)"
  expect(await page.evaluate(`${wide}.map((cell) => cell.textContent)`), name).toEqual([])
  expect(await page.locator('h1').count(), name).toBe(1)
}

/** Presses a button that can be pressed at each width. */
async function press(page: Page, name: string) {
  const button = page.getByRole('button', { name })
  await atEachWidth(page, () => button.click({ trial: true }))
  await button.click()
}

/** Ends where it began, at the narrow one. */
async function atEachWidth(page: Page, work: (width: number) => Promise<void>) {
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 800 })
    await work(width)
  }
}

async function signUp({ page, context }: Window, app: TestApp) {
  const browser = app.newBrowser()
  await browser.register()
  const value = browser.cookies.get('evosync') ?? ''
  await context.addCookies([{ name: 'evosync', value, url: app.url }])
  await page.goto(app.url)
}

async function tick({ ctx }: TestApp) {
  await checkDue(ctx, new Date(), new AbortController().signal)
}
