import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { checkDue } from '../../app/flows/connections/check-due.ts'
import { atEachWidth, AXE, check, press } from '../support/accessible.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { STARTS } from '../../app/web/kit/limits.ts'
import { PERSON } from '../support/browser.ts'
import { startMailbox } from '../support/mailbox.ts'
import { allPlatforms } from '../support/platforms.ts'
import { useChromium, type Window } from '../support/chromium-page.ts'
import { startEvotor, startVk } from '../support/simulators.ts'

const chromium = useChromium()

/** Pages are walked as on a telephone; each is looked at, and each button tried, on a desk too. */
const NARROW = { width: 360, first: AXE }

test('pages for strangers are accessible', async () => {
  const app = await startApp()
  await app.newBrowser().register()
  const { page } = await chromium.open(app.url, NARROW)

  await visit(page, app, [
    '/login',
    '/register',
    '/forgot',
    '/reset?token=x',
    '/invite?token=x',
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
})

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
})

test('pages about people, and an invitation, are accessible', async () => {
  const app = await startApp()
  const window = await chromium.open(app.url, NARROW)
  await signUp(window, app)
  const { page } = window
  const oleg = { email: `${'oleg'.repeat(10)}@example.ru`, name: 'Олег', passwordHash: null }
  await app.ctx.users.add(oleg)
  await visit(page, app, ['/admin/users', '/admin/users/1', '/admin/users/2'])
  await visit(page, app, ['/admin/users/2/delete', '/admin/invitations'])
  await press(page, 'Создать ссылку')
  expect(await check(page, 'a link just made')).toContain('Ссылка готова')
  const link = await page.locator('#invite-link').innerText()
  await page.goto(`${app.url}/admin/users/2`)
  await page.getByLabel('Причина').fill('Не оплачен счёт')
  await press(page, 'Заблокировать')
  expect(await check(page, 'a person who is blocked')).toContain('Разблокировать')
  await page.goto(link)
  expect(await check(page, 'an invitation, signed in')).toContain('Вы уже вошли')
  await press(page, 'Завести аккаунт')
  await check(page, 'an invitation with faults')
})

test('the state of an ordinary installation is a short page on a telephone', async () => {
  const [vk, evotor] = [await startVk(), await startEvotor()]
  const app = await startApp({ vk, evotor })
  const window = await chromium.open(app.url, NARROW)
  await signUp(window, app)
  const { page } = window
  await page.goto(`${app.url}/admin/health`)
  await check(page, '/admin/health')

  expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThan(2_500)
  await press(page, 'Проверить почту, сервисы и часы')
  expect(await check(page, 'everything asked')).toContain('Что проверено')
})

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
})

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
})

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
})

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
})

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
})

test('on a telephone the head is one row, and text twice as large sticks out nowhere', async () => {
  const app = await startApp()
  const window = await chromium.open(app.url, { width: 360, scripts: false })
  await signUp(window, app)
  const { page } = window

  for (const path of ['/connections', '/account', '/goods', '/sync/runs', '/admin/health']) {
    await page.goto(app.url + path)
    expect((await page.locator('.topbar').boundingBox())?.height, path).toBeLessThan(64)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth'
    expect(await page.evaluate(wider), path).toBe(0)
  }
  await page.goto(`${app.url}/connections`)
  await page.getByRole('button', { name: 'Меню' }).click()
  await page.getByRole('link', { name: 'История' }).click()
  await page.waitForURL('**/sync/runs')
})

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
