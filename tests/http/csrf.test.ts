import { describe, expect, test } from 'vitest'
import type { startApp } from '../support/app.ts'
import { formOf, PERSON } from '../support/browser.ts'
import { PLATFORMS } from '../support/platforms.ts'
import { openConnectedScene } from '../support/stage.ts'

/** Every form there is, with fields that would work. */
const FORMS: [string, Record<string, string>][] = [
  ['/logout', {}],
  ['/vk/disconnect', {}],
  ['/vk/check', {}],
  ['/vk/account', { choice: 'replace' }],
  ['/evotor/token', { token: 'f46b0000-0000-4000-8000-000000000000' }],
  [
    '/account',
    { name: 'Взломщик', email: 'thief@example.ru', tz: 'Europe/Moscow', current: PERSON.password },
  ],
  ['/account/password', { current: PERSON.password, password: 'пароль взломщика' }],
  ['/account/sessions/end', {}],
  ['/account/sessions/1/end', {}],
  ['/account/export', {}],
  ['/account/delete', { password: PERSON.password }],
  ['/admin/users/1/reset-link', {}],
  ['/connections/notices/1/close', {}],
  ['/admin/providers', { key: 'rayon' }],
  ['/admin/providers/rayon', { name: 'Взломано' }],
  ['/admin/providers/rayon/delete', { confirm: 'rayon' }],
  ['/admin/providers/test', {}],
  ['/admin/providers/import', { server: 'https://id.rayon.example' }],
]

describe('A form without its token changes nothing', () => {
  test.each(FORMS)('%s', async (action, fields) => {
    const { app, browser } = await scene()
    const before = await snapshot(app)

    const page = await browser.post(action, fields)

    expect(page.status).toBe(403)
    expect(page.text).toContain('Страница устарела')
    expect(page.text).toContain('419')
    expect(await snapshot(app)).toEqual(before)
  })

  test.each([
    ['/login', { email: PERSON.email, password: PERSON.password }],
    ['/register', { ...PERSON, email: 'new@example.ru', consent: 'on' }],
    ['/forgot', { email: PERSON.email }],
    ['/reset', { token: 'x', password: 'совсем другой пароль' }],
  ])('%s, for strangers too', async (action, fields) => {
    const { app } = await scene()

    const page = await app.newBrowser().post(action, fields)

    expect(page.status).toBe(403)
    expect(page.text).toContain('Страница устарела')
  })
})

describe('A token', () => {
  test('of another person is refused', async () => {
    const { app, browser } = await scene()
    const stranger = app.newBrowser()
    await stranger.register({ email: 'oleg@example.ru' })
    const { _csrf = '' } = formOf(await stranger.get('/account'), '/account')

    expect((await browser.post('/vk/disconnect', { _csrf })).status).toBe(403)
  })

  test('from before signing in is refused', async () => {
    const { app } = await scene()
    const browser = app.newBrowser()
    const { _csrf = '' } = formOf(await browser.get('/login'), '/login')
    await browser.signIn()

    expect((await browser.post('/vk/disconnect', { _csrf })).status).toBe(403)
  })

  test('is not read from the address', async () => {
    const { browser } = await scene()
    const { _csrf = '' } = formOf(await browser.get('/vk'), '/vk/disconnect')

    expect(
      (await browser.post(`/vk/disconnect?_csrf=${encodeURIComponent(_csrf)}`, {})).status,
    ).toBe(403)
  })

  test('may come in the header instead', async () => {
    const { browser } = await scene()
    const { _csrf = '' } = formOf(await browser.get('/vk'), '/vk/disconnect')

    expect((await browser.post('/vk/check', {}, { 'x-csrf-token': _csrf })).status).toBe(303)
  })

  test('does not help a request from another site', async () => {
    const { browser } = await scene()
    const { _csrf = '' } = formOf(await browser.get('/vk'), '/vk/disconnect')

    const marked = await browser.post(
      '/vk/disconnect',
      { _csrf },
      { 'sec-fetch-site': 'cross-site' },
    )
    const foreign = await browser.post(
      '/vk/disconnect',
      { _csrf },
      { origin: 'https://evil.example' },
    )
    const opaque = await browser.post('/vk/disconnect', { _csrf }, { origin: 'null' })

    expect([marked.status, foreign.status, opaque.status]).toEqual([403, 403, 403])
  })

  test('planted as a cookie is useless', async () => {
    const { browser } = await scene()
    browser.cookies.set('_csrf', 'planted')
    browser.cookies.set('XSRF-TOKEN', 'planted')

    expect((await browser.post('/vk/disconnect', { _csrf: 'planted' })).status).toBe(403)
  })
})

test('the page that is out of date leads back to where the person was', async () => {
  const { browser } = await scene()

  const page = await browser.post('/vk/disconnect', {})

  const [again] = page.dom.querySelectorAll('.errpage a')
  expect([again?.text, again?.getAttribute('href')]).toEqual(['Открыть заново', '/vk'])
})

describe('Nothing changes by following a link', () => {
  test.each(
    FORMS.map(([action]) => action).filter(
      (action) => !['/account', '/account/delete', '/admin/providers'].includes(action),
    ),
  )('GET %s', async (action) => {
    const { app, browser } = await scene()
    const before = await snapshot(app)

    const page = await browser.get(action)

    expect([404, 405]).toContain(page.status)
    expect(await snapshot(app)).toEqual(before)
  })
})

async function scene() {
  const [platform] = PLATFORMS
  if (!platform) throw new Error('no platform')
  return await openConnectedScene(platform)
}

/** Everything a form could change; sessions are told apart by their owner only. */
async function snapshot({ ctx }: Awaited<ReturnType<typeof startApp>>) {
  const tables = ['users', 'connections', 'password_resets', 'notices'] as const
  const rows = await Promise.all(tables.map((table) => ctx.db(table).select()))
  return { rows, sessions: (await ctx.db('sessions').whereNotNull('user_id').select('id')).length }
}
