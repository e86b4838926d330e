import { describe, expect, test } from 'vitest'
import { apiClient } from '../../support/api.ts'
import { startApp } from '../../support/app.ts'
import { type Page, PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'

describe.each(ENGINES)('API tokens on %s', (engine) => {
  test('one is made, shown once, works, and shows when it was used', async () => {
    const { app, browser } = await open({ engine })

    const made = await make(await browser.get('/account'), browser)

    const token = shown(made)
    expect(made.text).toContain('больше мы его не покажем')
    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(200)
    const later = await browser.get('/account')
    expect(later.html).not.toContain(token)
    expect(later.text).toContain('Бот рекламы')
    await expect.poll(async () => (await browser.get('/account')).text).toContain('только что')
    expect(JSON.stringify(await app.ctx.db('api_tokens'))).not.toContain(token)
  })

  test('it may do what was ticked and no more', async () => {
    const { app, browser } = await open({ engine })

    const token = shown(await make(await browser.get('/account'), browser))

    expect((await apiClient(app, token)('GET', '/connections/vk/token')).status).toBe(403)
  })

  test('a removed one is refused at once; a stranger removes nothing', async () => {
    const { app, browser } = await open({ engine })
    const token = shown(await make(await browser.get('/account'), browser))
    const stranger = app.newBrowser()
    await stranger.register({ email: 'oleg@example.ru' })
    const theirs = await make(await stranger.get('/account'), stranger)

    const foreign = await stranger.submit(theirs, '/account/tokens/2/remove')
    const page = await stranger.get('/account')
    const action = '/account/tokens/1/remove'
    const tried = await stranger.post(action, { _csrf: csrf(page) })
    expect([foreign.status, tried.status]).toEqual([303, 404])
    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(200)

    await browser.submit(await browser.get('/account'), action)
    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(401)
  })
})

describe.each(ENGINES)('A stolen token, on %s', (engine) => {
  test('ends with the password that is changed, and the page says so', async () => {
    const { app, browser } = await open({ engine })
    const stranger = app.newBrowser()
    await stranger.register({ email: 'oleg@example.ru' })
    const theirs = shown(await make(await stranger.get('/account'), stranger))
    const token = shown(await make(await browser.get('/account'), browser))

    const fields = { current: PERSON.password, password: 'совсем другой пароль' }
    await browser.submit(await browser.get('/account'), '/account/password', fields)

    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(401)
    expect((await apiClient(app, theirs)('GET', '/connections')).status).toBe(200)
    const page = await browser.get('/account')
    expect(page.text).toContain('Остальные сеансы завершены, токены программ удалены.')
  })

  test('ends with the password that is set by a link', async () => {
    const { app, browser } = await open({ engine })
    const token = shown(await make(await browser.get('/account'), browser))
    const made = await browser.submit(
      await browser.get('/admin/users'),
      '/admin/users/1/reset-link',
    )
    const link = /reset\?token=[\w-]+/.exec(made.html)?.[0] ?? ''

    const visitor = app.newBrowser()
    const fields = { password: 'совсем другой пароль' }
    await visitor.submit(await visitor.get(`/${link}`), '/reset', fields)

    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(401)
  })

  test('is not a session: ending the others leaves programs running', async () => {
    const { app, browser } = await open({ engine })
    const token = shown(await make(await browser.get('/account'), browser))
    await app.newBrowser().signIn()

    await browser.submit(await browser.get('/account'), '/account/sessions/end')

    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(200)
  })
})

describe('Making a token', () => {
  test('without a name or a right is refused, and what was typed stays', async () => {
    const { browser } = await open()
    const page = await browser.get('/account')

    const nameless = await make(page, browser, { 'token-name': ' ' })
    const rightless = await make(page, browser, { scope_read: '' })

    expect([nameless.status, rightless.status]).toEqual([422, 422])
    expect(nameless.text).toContain('Заполните поле «Название»')
    expect(rightless.text).toContain('Отметьте хотя бы одно право')
    expect(rightless.dom.querySelector('#token-name')?.getAttribute('value')).toBe('Бот рекламы')
  })

  test('an owner is not offered to manage platforms, and does not get it by asking', async () => {
    const { app } = await open()
    const owner = app.newBrowser()
    await owner.register({ email: 'oleg@example.ru' })
    const page = await owner.get('/account')

    const made = await make(page, owner, { scope_admin: 'on' })

    expect(page.html).not.toContain('scope_admin')
    expect((await app.ctx.apiTokens.find(shown(made)))?.scopes).toEqual(['read'])
  })

  test('more than twenty are refused', async () => {
    const { app, browser } = await open()
    for (let count = 0; count < 20; count += 1)
      await app.ctx.apiTokens.add({ userId: 1, name: `Бот ${count}`, scopes: ['read'] })

    const refused = await make(await browser.get('/account'), browser)

    expect(refused.status).toBe(422)
    expect(refused.text).toContain('Токенов уже 20')
  })

  test('one that ran out is swept away', async () => {
    const { app } = await open()
    const expiresAt = new Date(Date.now() - 1)
    await app.ctx.apiTokens.add({ userId: 1, name: 'Старый', scopes: ['read'], expiresAt })

    await app.ctx.apiTokens.sweep()

    expect(await app.ctx.apiTokens.of(1)).toEqual([])
  })
})

async function make(
  page: Page,
  browser: {
    submit: (page: Page, action: string, fields: Record<string, string>) => Promise<Page>
  },
  fields: Record<string, string> = {},
) {
  return await browser.submit(page, '/account/tokens', {
    'token-name': 'Бот рекламы',
    days: '30',
    ...fields,
  })
}

const shown = ({ dom }: Page) => dom.querySelector('#api-token')?.text ?? ''

const csrf = ({ dom }: Page) => dom.querySelector('input[name=_csrf]')?.getAttribute('value') ?? ''

async function open(options: Parameters<typeof startApp>[0] = {}) {
  const app = await startApp(options)
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser }
}
