import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { type Options, startApp } from '../../support/app.ts'
import type { Browser, Page } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { startVk } from '../../support/simulators.ts'

const PAGE = '/admin/providers/vk'
const KEYS = `${PAGE}/keys`
const TRY = `${KEYS}/try`
const REMOVE = `${KEYS}/remove`

describe.each(ENGINES)('Keys of a platform, on %s', (engine) => {
  test('are entered in the browser, work at once, and are never shown again', async () => {
    const { app, vk, browser } = await open({ engine })
    expect((await browser.get('/vk')).text).toContain('Ввести ключи')

    const saved = await enter(browser, vk)
    const page = await browser.open(saved.location)

    expect(page.text).toContain('Ключи сохранены')
    expect(page.text).toMatch(/Введено \d+ .* в \d\d:\d\d\./)
    expect((await browser.connect('vk')).location).toBe('/connections')
    for (const path of [PAGE, '/vk', '/admin/providers', '/admin/audit'])
      expect((await browser.get(path)).html, path).not.toContain(vk.clientSecret)
    expect((await browser.get(PAGE)).html).not.toContain(`value="${vk.clientId}"`)
    expect(JSON.stringify(app.lines)).not.toContain(vk.clientSecret)
    expect(JSON.stringify(await app.ctx.db('platform_settings'))).not.toContain(vk.clientSecret)
    expect((await browser.get('/admin/audit')).text).toContain('Введены ключи сервиса')
  })

  test('of one instance are known to the other within about a second, and so is their end', async () => {
    const { app, vk, browser } = await open({ engine })
    const second = await startApp({ engine, beside: app, env: addresses(vk) })
    const there = second.newBrowser()
    await there.register({ email: 'oleg@example.ru' })
    expect((await there.get('/vk')).text).toContain('ещё не настроено')
    vk.redirectUris.push(`${second.url}/vk/callback`)

    await enter(browser, vk)
    await pause(1_050)
    expect((await there.connect('vk')).location).toBe('/connections')

    const question = await browser.get(REMOVE)
    expect(question.text).toContain('Подключения не удалятся: 1 аккаунт')
    await browser.submit(question, REMOVE)
    await pause(1_050)
    expect((await there.get('/vk/connect')).location).toContain('error=not_configured')
    expect((await there.get('/connections')).text).toContain('Подключено')
    expect((await browser.get(PAGE)).text).not.toContain('Убрать ключи')
    expect((await browser.get('/admin/audit')).text).toContain('Убраны ключи сервиса')
  })
})

test('an empty field keeps what was entered, and VK ID and vk.ru are choices', async () => {
  const { app, vk, browser } = await open()
  await enter(browser, vk)

  await enter(browser, { clientId: '', clientSecret: '' }, { auth: 'vkid', domain: 'vk.ru' })

  const page = await browser.get(PAGE)
  expect(page.dom.querySelector('#auth option[selected]')?.getAttribute('value')).toBe('vkid')
  expect(page.dom.querySelector('#domain option[selected]')?.getAttribute('value')).toBe('vk.ru')
  const { auth, redirectUri, configured } = app.ctx.providers.get('vk')
  const { url } = auth.begin({ redirectUri, state: 's' })
  expect([configured, url.searchParams.get('client_id')]).toEqual([true, vk.clientId])
  expect(url.searchParams.get('code_challenge_method')).toBe('s256')
})

test('the environment wins: its fields are locked, named, and not written over', async () => {
  const { app, vk, browser } = await open({ env: { VK_CLIENT_ID: 'by-environment' } })

  const page = await browser.get(PAGE)
  await enter(browser, vk, { auth: 'vkid' })

  expect(page.text).toContain('Задано в окружении: VK_CLIENT_ID')
  expect(page.dom.querySelector('#client_id')).toBeNull()
  expect(page.dom.querySelector('#client_secret')).not.toBeNull()
  const entered = await app.ctx.platformSettings.of('vk')
  expect(entered.map(({ name }) => name).toSorted()).toEqual(['AUTH', 'CLIENT_SECRET'])
  const { auth, redirectUri } = app.ctx.providers.get('vk')
  const { url } = auth.begin({ redirectUri, state: 's' })
  expect(url.searchParams.get('client_id')).toBe('by-environment')
})

test('the environment wins over what was entered before it spoke', async () => {
  const { app, vk, browser } = await open()
  await enter(browser, vk)

  const env = { ...addresses(vk), VK_CLIENT_ID: 'by-environment' }
  const second = await startApp({ beside: app, env })
  await second.ctx.providers.reload()

  const { auth, redirectUri, configured } = second.ctx.providers.get('vk')
  const { url } = auth.begin({ redirectUri, state: 's' })
  expect(configured).toBe(true)
  expect(url.searchParams.get('client_id')).toBe('by-environment')
})

test('faults stand beside their fields, and nothing is kept', async () => {
  const { app, browser } = await open()

  const empty = await enter(browser, { clientId: ' ', clientSecret: '' })
  const long = await enter(browser, { clientId: 'x'.repeat(2_001), clientSecret: '\u0007' })
  const page = await browser.get('/admin/providers/shopee')
  const words = await browser.submit(page, '/admin/providers/shopee/keys', {
    partner_id: 'none',
    environment: 'mars',
  })

  for (const one of [empty, long, words]) expect(one.status).toBe(422)
  expect(empty.text).toContain('Заполните поле «ID приложения»')
  expect(long.dom.querySelector('#client_id-error')?.text).toContain('2000')
  expect(long.dom.querySelector('#client_secret-error')).not.toBeNull()
  expect(words.text).toContain('Partner ID: нужно число из консоли Shopee')
  expect(words.dom.querySelector('#environment-error')?.text).toContain('подходит одно из')
  expect(words.dom.querySelector('#partner_id')?.getAttribute('value')).toBe('none')
  expect(await app.ctx.platformSettings.all()).toEqual([])
})

test('what does not open any more costs its platform and says so', async () => {
  const { app, vk, browser } = await open()
  await enter(browser, vk)
  await app.ctx.db('platform_settings').update({ sealed_value: 'v1.k1.broken' })
  await app.ctx.providers.reload()

  expect((await browser.get(PAGE)).text).toContain('Введённые ключи не читаются')
  expect((await browser.get('/connections')).status).toBe(200)
  await enter(browser, vk)
  expect((await browser.connect('vk')).location).toBe('/connections')
})

describe('«Проверить»', () => {
  test('tells that keys are good, before they are kept and afterwards, and grants nothing', async () => {
    const { app, vk, browser } = await open()

    const typed = await tryOut(browser, vk)
    await enter(browser, vk)
    const kept = await tryOut(browser, { clientId: '', clientSecret: '' })

    for (const page of [typed, kept]) {
      expect(page.text).toContain('Ключи подходят')
      expect(page.html).not.toContain(vk.clientSecret)
    }
    expect(vk.tokens.size).toBe(0)
    expect(await app.ctx.platformSettings.of('vk')).toHaveLength(2)
  })

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, 'Ключи. Не подходит. ID или секрет не подходят'],
    ['a wrong id', { client_id: '404' }, 'Страница согласия. Не подходит. ID или секрет не'],
    ['nothing', { client_id: '', client_secret: '' }, 'Ключей не хватает'],
  ])('names %s', async (_what, fields, words) => {
    const { vk, browser } = await open()

    expect((await tryOut(browser, vk, fields)).text).toContain(words)
  })

  test('names an address of return the application does not have', async () => {
    const { vk, browser } = await open()
    vk.redirectUris.length = 0

    expect((await tryOut(browser, vk)).text).toContain('Сервис не узнаёт адрес возврата')
  })

  test('keeps nobody from connecting, however badly it goes', async () => {
    const { vk, browser } = await open()
    await enter(browser, vk)
    vk.fault('*', { status: 503 })
    for (let n = 0; n < 6; n += 1)
      expect((await tryOut(browser, vk)).text).toContain('Сервер отвечает ошибкой')
    vk.mend()

    expect((await browser.connect('vk')).location).toBe('/connections')
  })
})

test('the page has links, the address of return, and a letter to copy', async () => {
  const { app, vk, browser } = await open()
  await enter(browser, vk)

  const page = await browser.get(PAGE)

  expect(page.dom.querySelector('ol a[href^="https://"]')).not.toBeNull()
  expect(page.dom.querySelector('#redirect-uri')?.text).toBe(`${app.url}/vk/callback`)
  expect(page.dom.querySelector('#letter-text')?.text).toContain('право market')
  expect(page.dom.querySelector('a[href^="mailto:devsupport@corp.vk.com?"]')).not.toBeNull()
})

test('nobody but administrators gets there, and no form comes from elsewhere', async () => {
  const { app, vk, browser } = await open()
  const other = app.newBrowser()
  await other.register({ email: 'oleg@example.ru' })

  for (const path of [PAGE, REMOVE]) expect((await other.get(path)).status).toBe(403)
  const fields = { client_id: vk.clientId, client_secret: vk.clientSecret }
  for (const path of [KEYS, TRY, REMOVE]) {
    expect((await other.post(path, fields)).status, path).toBe(403)
    expect((await browser.post(path, fields)).status, path).toBe(403)
    expect((await app.newBrowser().post(path, fields)).status, path).not.toBe(200)
  }
  expect((await browser.get('/admin/providers/nothing/keys/remove')).status).toBe(404)
  expect(await app.ctx.platformSettings.all()).toEqual([])
})

type Vk = Awaited<ReturnType<typeof startVk>>
type Keys = Pick<Vk, 'clientId' | 'clientSecret'>

/** A ВКонтакте that is there, EvoSync that knows where but no keys, and its administrator. */
async function open({ engine, env }: Options = {}) {
  const vk = await startVk()
  const app = await startApp({ ...(engine && { engine }), env: { ...addresses(vk), ...env } })
  vk.redirectUris.push(`${app.url}/vk/callback`)
  const browser = app.newBrowser()
  await browser.register()
  return { app, vk, browser }
}

/** The operator's part of the variables: where the platform is. */
const addresses = (vk: Vk) =>
  Object.fromEntries(Object.entries(vk.variables()).filter(([name]) => name.endsWith('_URL')))

const enter = (browser: Browser, keys: Keys, more: Record<string, string> = {}) =>
  send(browser, KEYS, keys, more)

const tryOut = (browser: Browser, keys: Keys, more: Record<string, string> = {}) =>
  send(browser, TRY, keys, more)

async function send(
  browser: Browser,
  path: string,
  { clientId, clientSecret }: Keys,
  more: Record<string, string>,
): Promise<Page> {
  const page = await browser.get(PAGE)
  const form = page.dom.querySelector(`form[action="${KEYS}"]`)
  const there = Object.entries({ client_id: clientId, client_secret: clientSecret, ...more })
  const fields = there.filter(([name]) => form?.querySelector(`[name=${name}]`))
  const token = form?.querySelector('[name=_csrf]')?.getAttribute('value') ?? ''
  return await browser.post(path, { _csrf: token, ...Object.fromEntries(fields) })
}
