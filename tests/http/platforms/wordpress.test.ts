import { describe, expect, onTestFinished, test } from 'vitest'
import type { Fault } from '../../simulators/simulator.ts'
import { startWordPress } from '../../simulators/wordpress.ts'
import { startApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { tick } from '../../support/tick.ts'

const ME = '/rest/v1.1/me'
const TOKEN_INFO = '/oauth2/token-info'
const GLOBAL = { WORDPRESS_SCOPES: 'global' }

describe('A token for one site', () => {
  test('is asked for without a scope, with the secret in the body and no PKCE', async () => {
    const { app, browser, wordpress } = await open()

    await browser.connect('wordpress')

    const [authorize] = wordpress.asked
    expect(Object.keys(authorize?.query ?? {}).sort()).toEqual([
      'client_id',
      'redirect_uri',
      'response_type',
      'state',
    ])
    const exchange = wordpress.asked.find(({ path }) => path === '/oauth2/token')
    expect(exchange?.form).toEqual({
      client_id: wordpress.clientId,
      client_secret: wordpress.clientSecret,
      grant_type: 'authorization_code',
      code: expect.any(String) as string,
      redirect_uri: `${app.url}/wordpress/callback`,
    })
  })

  test('is the account of person and site, shown by the site’s address', async () => {
    const { app, browser } = await open()

    const before = await browser.get('/wordpress')
    await browser.connect('wordpress')

    expect(before.text).toContain('Один сайт. Полный доступ к одному сайту')
    const page = await browser.get('/wordpress')
    expect(page.text).toContain(
      'Сайт cvety.wordpress.example Владелец Марина Ковалёва ID сайта 501',
    )
    expect(page.text).toContain('Один сайт. Полный доступ к одному сайту')
    const connection = await app.ctx.connections.find(1, 'wordpress')
    expect(connection?.account).toMatchObject({
      id: '1001:501',
      name: 'cvety.wordpress.example',
    })
  })

  test('WORDPRESS_BLOG suggests the site', async () => {
    const { browser, wordpress } = await open({
      WORDPRESS_BLOG: 'https://kiosk.wordpress.example',
    })

    expect((await browser.connect('wordpress')).location).toBe('/connections')
    expect(wordpress.asked[0]?.query.blog).toBe('https://kiosk.wordpress.example')
  })

  test('another site of the same person is another account', async () => {
    const { app, browser } = await open()
    await browser.connect('wordpress')

    const back = await browser.connect('wordpress', { account: 502 })

    expect(back.location).toBe('/wordpress?error=account_changed')
    expect((await browser.get(back.location)).text).toContain('kiosk.wordpress.example')
    expect((await app.ctx.connections.find(1, 'wordpress'))?.account.id).toBe('1001:501')
  })

  test('the same site once more is the same account', async () => {
    const { browser } = await open()
    await browser.connect('wordpress')

    expect((await browser.connect('wordpress')).location).toBe('/connections')
  })

  test('never runs out and is never refreshed', async () => {
    const { app, browser, wordpress } = await open()
    await browser.connect('wordpress')
    await app.ctx.db('connections').update({ refresh_due_at: new Date(0) })

    await tick(app)

    expect(wordpress.count('/oauth2/token')).toBe(1)
    expect(await app.ctx.connections.find(1, 'wordpress')).toMatchObject({
      isOnline: true,
      renewable: false,
      expiresAt: undefined,
      revision: 1,
    })
    expect((await browser.get('/wordpress')).text).not.toContain('Доступ действует до')
  })
})

describe('A token for all sites', () => {
  test('is the account of the person, and the sites stand in a table', async () => {
    const { app, browser, wordpress } = await open(GLOBAL)

    await browser.connect('wordpress')

    expect(wordpress.asked[0]?.query.scope).toBe('global')
    const page = await browser.get('/wordpress')
    expect(page.text).toContain('Профиль Марина Ковалёва')
    expect(page.text).toContain('Все сайты. Полный доступ')
    expect(
      page.dom.querySelectorAll('[aria-labelledby=table] tbody tr').map((row) => row.text.trim()),
    ).toEqual([
      'Цветы у домаhttps://cvety.wordpress.example',
      'Киоскhttps://kiosk.wordpress.example',
    ])
    const connection = await app.ctx.connections.find(1, 'wordpress')
    expect(connection?.account.id).toBe('1001')
  })

  test('another site of the same person is the same account', async () => {
    const { browser } = await open(GLOBAL)
    await browser.connect('wordpress')

    expect((await browser.connect('wordpress', { account: 502 })).location).toBe('/connections')
  })

  test('a right that was unticked is named', async () => {
    const { browser } = await open({ WORDPRESS_SCOPES: 'posts stats' })

    const back = await browser.connect('wordpress', { without: ['stats'] })

    expect(back.location).toBe('/wordpress?error=insufficient_scope')
    expect((await browser.get(back.location)).text).toContain('«Статистика»')
  })

  test('that may not look at its person lacks a right', async () => {
    const { app, browser, wordpress } = await open(GLOBAL)
    await browser.connect('wordpress')
    wordpress.withholds = true

    await tick(app)

    expect(await app.ctx.connections.find(1, 'wordpress')).toMatchObject({
      health: 'permission',
      reason: 'insufficient_scope',
    })
  })
})

describe('A token that may not look at its person', () => {
  test('is known by token-info and its site, and is the same account as before', async () => {
    const { app, browser, wordpress } = await open()
    wordpress.withholds = true

    expect((await browser.connect('wordpress')).location).toBe('/connections')

    expect(wordpress.asked.find(({ path }) => path === TOKEN_INFO)?.query).toMatchObject({
      client_id: wordpress.clientId,
    })
    expect(await app.ctx.connections.find(1, 'wordpress')).toMatchObject({
      isOnline: true,
      account: { id: '1001:501', name: 'cvety.wordpress.example' },
    })
    wordpress.withholds = false
    await tick(app)
    expect(await app.ctx.connections.find(1, 'wordpress')).toMatchObject({
      isOnline: true,
      reason: undefined,
    })
  })

  test('is dead when token-info does not know it', async () => {
    const { app, browser, wordpress } = await open()
    await browser.connect('wordpress')
    wordpress.revoke('501')
    wordpress.fault(ME, { status: 401, body: '{"error":"unauthorized"}' })

    await tick(app)

    expect(await app.ctx.connections.find(1, 'wordpress')).toMatchObject({ health: 'revoked' })
  })

  test.each([
    ['an outage', { status: 503, body: '' }],
    ['a page', { body: '<html>' }],
    ['a page with 401', { status: 401, body: '<html>' }],
  ])('is not dead when token-info answers with %s', async (_what, fault) => {
    const { app, browser, wordpress } = await open()
    await browser.connect('wordpress')
    wordpress.withholds = true
    wordpress.fault(TOKEN_INFO, fault)

    await tick(app)

    expect((await app.ctx.connections.find(1, 'wordpress'))?.health).toBe('unreachable')
  })

  test('stands in the address of that one call and in no line of the log', async () => {
    const { app, browser, wordpress } = await open()
    wordpress.withholds = true
    await browser.connect('wordpress')
    wordpress.fault(TOKEN_INFO, { status: 503, body: '' })
    await tick(app)

    const { accessToken = '' } = (await app.ctx.connections.tokensOf(1, 'wordpress')) ?? {}

    const naming = wordpress.asked.filter(({ query }) => query.token === accessToken)
    expect(new Set(naming.map(({ path }) => path))).toEqual(new Set([TOKEN_INFO]))
    expect(JSON.stringify(app.lines)).not.toContain(accessToken)
  })
})

describe('The word of the body counts, whatever the status', () => {
  const CASES: [Fault, string][] = [
    ...[200, 400, 401, 403, 404].map((status): [Fault, string] => [
      { status, body: '{"error":"invalid_token","message":"The OAuth2 token is invalid."}' },
      'revoked',
    ]),
    [{ status: 403, body: '{"error":"user_cannot_view"}' }, 'permission'],
    [{ status: 403, body: '' }, 'permission'],
    [{ status: 401, body: '' }, 'unreachable'],
    [{ status: 401, body: '<html>' }, 'unreachable'],
    [{ status: 401, body: '{"error":"something_new"}' }, 'unreachable'],
    [{ status: 400, body: '{"error":"invalid_request"}' }, 'unreachable'],
    [{ status: 404, body: '<html>' }, 'unreachable'],
    [{ status: 503, body: '{"error":"invalid_token"}' }, 'unreachable'],
  ]

  test.each(CASES)('%j means %s', async (fault, health) => {
    const { app, browser, wordpress } = await open()
    await browser.connect('wordpress')
    wordpress.fault(ME, fault)

    await tick(app)

    expect(await app.ctx.connections.find(1, 'wordpress')).toMatchObject({
      isOnline: false,
      health,
    })
  })
})

describe.each(ENGINES)('A grant that was taken back at WordPress.com, on %s', (engine) => {
  test.each([400, 401, 404])('is noticed with status %i, and mended in place', async (status) => {
    const { app, browser, wordpress } = await open({}, engine)
    await browser.connect('wordpress')
    wordpress.deadStatus = status
    wordpress.revoke('501')

    await tick(app)

    expect((await browser.get('/wordpress')).text).toContain('WordPress.com больше не даёт доступ')
    expect((await browser.connect('wordpress')).location).toBe('/connections')
    expect(await app.ctx.connections.find(1, 'wordpress')).toMatchObject({ isOnline: true })
  })
})

test('disconnecting asks WordPress.com nothing and leads to its list of applications', async () => {
  const { app, browser, wordpress } = await open()
  await browser.connect('wordpress')
  const before = wordpress.asked.length

  await browser.submit(await browser.get('/wordpress'), '/wordpress/disconnect')

  const page = await browser.get('/wordpress')
  expect(wordpress.asked).toHaveLength(before)
  expect(page.html).toContain('href="https://wordpress.com/me/security/connected-applications"')
  expect(await app.ctx.db('connections').first()).toBeUndefined()
})

async function open(env: Record<string, string> = {}, engine: 'sqlite' | 'postgres' = 'sqlite') {
  const wordpress = await startWordPress()
  onTestFinished(() => wordpress.stop())
  const app = await startApp({ engine, simulators: [wordpress], env })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, wordpress }
}
