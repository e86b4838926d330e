import { describe, expect, test } from 'vitest'
import { apiClient, apiToken } from '../../support/api.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import type { Browser } from '../../support/browser.ts'
import { csrfOf } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { EVOTOR, VK, VK_ID } from '../../support/platforms.ts'
import { openConnectedScene } from '../../support/stage.ts'

describe('Who may call', () => {
  test('nobody without a token: 401 says how, leaves no cookie and no row', async () => {
    const app = await startApp()

    const answer = await apiClient(app)('GET', '/connections')

    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="EvoSync"')
    expect(answer.headers['set-cookie']).toBeUndefined()
    expect(answer.body).toMatchObject({ type: 'about:blank', code: 'unauthorized', status: 401 })
    expect(await app.ctx.db('sessions').first()).toBeUndefined()
  })

  test.each(['', 'evs_unknown', 'x y', '💥'])('a token «%s» is refused', async (token) => {
    const app = await startApp()

    const answer = await apiClient(app)('GET', '/connections', {
      headers: { authorization: `Bearer ${encodeURIComponent(token)}` },
    })

    expect(answer.status).toBe(401)
    expect(answer.body.code).toBe('invalid_token')
  })

  test('a token that ran out, was removed, or whose owner is gone is refused', async () => {
    const { app } = await open()
    const past = new Date(Date.now() - 1)
    const late = await app.ctx.apiTokens.add({
      userId: 1,
      name: 'Старый',
      scopes: ['read'],
      expiresAt: past,
    })
    const removed = await apiToken(app)
    await app.ctx.apiTokens.remove(1, 2)

    for (const token of [late, removed])
      expect((await apiClient(app, token)('GET', '/connections')).status).toBe(401)

    const token = await apiToken(app)
    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(200)
    await app.ctx.users.removeUnlessNeeded(1)
    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(401)
  })

  test.each([
    ['GET', '/connections', 'tokens'],
    ['GET', '/onboarding', 'tokens'],
    ['GET', '/connections/vk/token', 'read'],
    ['POST', '/connections/vk/refresh', 'read'],
  ] as const)('%s %s is more than the right «%s»', async (method, path, scope) => {
    const { app } = await open()
    const call = apiClient(app, await apiToken(app, [scope]))

    const answer = await call(method, path)

    expect(answer.status).toBe(403)
    expect(answer.body.code).toBe('insufficient_scope')
    expect(answer.headers['www-authenticate']).toContain('insufficient_scope')
  })

  test('the right to manage ends with the role', async () => {
    const { app } = await open()
    const token = await apiToken(app, ['admin'])
    await app.ctx.users.setRole(1, 'owner')

    const { scopes } = (await app.ctx.apiTokens.find(token)) ?? { scopes: [] }

    expect(scopes).toEqual(['admin'])
    expect((await apiClient(app, token)('DELETE', '/oauth/rayon')).status).toBe(403)
  })

  test('a browser session may read; what it changes needs the token of a page', async () => {
    const { app, browser } = await openConnectedScene(VK_ID)
    const cookie = cookieOf(browser)
    const call = apiClient(app)

    expect((await call('GET', '/connections', { headers: { cookie } })).status).toBe(200)
    const without = await call('POST', '/connections/vk/refresh', { headers: { cookie } })
    const token = csrfOf(await browser.get('/vk'))
    const withToken = await call('POST', '/connections/vk/refresh', {
      headers: { cookie, 'x-csrf-token': token },
    })

    expect([without.status, without.body.code]).toEqual([403, 'csrf'])
    expect(withToken.status).toBe(200)
  })

  test('a bad token is refused even beside a good session', async () => {
    const { app, browser } = await open()

    const answer = await apiClient(app, 'evs_bad')('GET', '/connections', {
      headers: { cookie: cookieOf(browser) },
    })

    expect(answer.status).toBe(401)
  })
})

describe('What does not fit is a problem, not a page', () => {
  test.each([
    ['GET', '/nothing', {}, 404, 'not_found'],
    ['GET', '/connections/nothing', {}, 404, 'not_found'],
    ['DELETE', '/connections', {}, 405, 'method_not_allowed'],
    ['GET', '/connections/vk/refresh', {}, 405, 'method_not_allowed'],
    [
      'POST',
      '/connections/vk/refresh',
      { body: 'a=1', headers: FORM() },
      415,
      'unsupported_media_type',
    ],
    ['POST', '/connections/vk/refresh', { body: '{', headers: JSON_TYPE() }, 400, 'bad_request'],
    ['POST', '/connections/vk/refresh', { json: 'x'.repeat(70_000) }, 413, 'too_large'],
  ])('%s %s: %#', async (method, path, sent, status, code) => {
    const { app } = await open()
    const call = apiClient(app, await apiToken(app))

    const answer = await call(method, path, sent)

    expect(answer.status).toBe(status)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
    expect(answer.body).toMatchObject({ code, status })
    expect(answer.body.instance).toBe(answer.headers['x-request-id'])
  })

  test('an address under /api that nobody knows is a problem too', async () => {
    const { app } = await open()

    const answer = await app.newBrowser().get('/api/v2/connections')

    expect([answer.status, answer.headers['content-type']]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ])
  })
})

describe.each(ENGINES)('How connections stand, on %s', (engine) => {
  test('every platform is listed, connected or not', async () => {
    const { app } = await openConnectedScene(EVOTOR, { engine })
    const call = apiClient(app, await apiToken(app))

    const { body } = await call('GET', '/connections')

    const listed = body.connections as Record<string, unknown>[]
    expect(listed.map(({ key }) => key)).toEqual(app.ctx.providers.all.map(({ key }) => key))
    expect(listed.find(({ key }) => key === 'evotor')).toMatchObject({
      connected: true,
      is_online: true,
      state: 'ok',
      account: { name: 'Цветы у дома, 2 магазина' },
      source: 'stored',
    })
    expect(listed.find(({ key }) => key === 'vk')).toMatchObject({
      connected: false,
      state: 'unset',
    })
  })

  test('only the caller’s own connections are seen', async () => {
    const { app } = await openConnectedScene(EVOTOR, { engine })
    await app.newBrowser().register({ email: 'oleg@example.ru' })
    const call = apiClient(app, await apiToken(app, ['read', 'tokens'], 2))

    expect((await call('GET', '/connections/evotor')).body.connected).toBe(false)
    expect((await call('GET', '/connections/evotor/token')).status).toBe(409)
  })

  test('a live status asks the platform once in five minutes', async () => {
    const { app, stage } = await openConnectedScene(EVOTOR, { engine })
    const call = apiClient(app, await apiToken(app))
    const asked = () => stage.simulator.count(stage.probePath)
    const before = asked()

    expect((await call('GET', '/connections/evotor?live=true')).body.source).toBe('cache')
    expect(asked()).toBe(before)

    await app.ctx.db('connections').update({ last_checked_at: new Date(Date.now() - 301_000) })
    expect((await call('GET', '/connections/evotor?live=true')).body.source).toBe('live')
    expect((await call('GET', '/connections/evotor?live=true')).body.source).toBe('cache')
    expect(asked()).toBe(before + 1)
  })

  test('a live status tells of a revoked grant', async () => {
    const { app, stage } = await openConnectedScene(VK, { engine })
    const call = apiClient(app, await apiToken(app))
    await app.ctx.db('connections').update({ last_checked_at: new Date(Date.now() - 301_000) })
    stage.revoke()

    const { body } = await call('GET', '/connections/vk?live=true')

    expect(body).toMatchObject({ is_online: false, state: 'revoked', error_code: 'token_revoked' })
  })

  test('onboarding wants one platform at least', async () => {
    const { app, browser } = await openConnectedScene(VK, { engine })
    const call = apiClient(app, await apiToken(app))
    const connected = await call('GET', '/onboarding')
    await browser.submit(await browser.get('/vk'), '/vk/disconnect')

    expect(connected.body).toEqual({
      valid: true,
      connected_platforms: [
        { platform: 'vk', display_name: 'ВКонтакте', details: 'Марина Ковалёва', is_online: true },
      ],
    })
    expect((await call('GET', '/onboarding')).body).toEqual({
      valid: false,
      connected_platforms: [],
    })
  })
})

describe('A fresh access token', () => {
  test('is the one the platform takes, with what is known of it', async () => {
    const { app, stage } = await openConnectedScene(VK_ID)
    const call = apiClient(app, await apiToken(app))

    const { status, body } = await call('GET', '/connections/vk/token')

    expect(status).toBe(200)
    expect(body).toMatchObject({ token_type: 'Bearer', account_id: '21450987' })
    expect(body.scope).toContain('market')
    const stored = await app.ctx.connections.tokensOf(1, stage.key)
    expect(body.access_token).toBe(stored?.accessToken)
    expect(body.expires_at).toBe(stored?.expiresAt?.toISOString())
  })

  test('is renewed before it is given away, once for twenty callers', async () => {
    const { app, stage } = await openConnectedScene(VK_ID)
    const call = apiClient(app, await apiToken(app))
    const old = (await call('GET', '/connections/vk/token')).body.access_token
    const past = new Date(Date.now() - 1000)
    await app.ctx.db('connections').update({ expires_at: past, refresh_due_at: past })
    const before = stage.simulator.count(stage.tokenPath)

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call('GET', '/connections/vk/token')),
    )

    const given = new Set(answers.map(({ body }) => body.access_token))
    expect(given.size).toBe(1)
    expect(given.has(old)).toBe(false)
    expect(stage.simulator.count(stage.tokenPath)).toBe(before + 1)
  })

  test('of nothing connected is a 409 that says where to connect and comes back', async () => {
    const { app } = await open()
    const call = apiClient(app, await apiToken(app))

    const { status, body } = await call('GET', '/connections/vk/token?redirect_path=/account')

    expect([status, body.code]).toEqual([409, 'not_connected'])
    expect(body.connect_url).toBe(`${app.url}/connections?connect=vk&redirect_path=%2Faccount`)
  })

  test.each(['https://evil.example', '//evil.example', 'javascript:1'])(
    'comes back to no page but ours: %s',
    async (elsewhere) => {
      const { app } = await open()
      const call = apiClient(app, await apiToken(app))

      const { body } = await call(
        'GET',
        `/connections/vk/token?redirect_path=${encodeURIComponent(elsewhere)}`,
      )

      expect(body.connect_url).toBe(
        `${app.url}/connections?connect=vk&redirect_path=%2Fconnections`,
      )
    },
  )

  test('of a dead grant is a 409, of a platform that is down a 503 with a time to come back', async () => {
    const { app, stage } = await openConnectedScene(VK_ID)
    const call = apiClient(app, await apiToken(app))
    const past = new Date(Date.now() - 1000)
    await app.ctx.db('connections').update({ expires_at: past, refresh_due_at: past })
    stage.simulator.fault(stage.tokenPath, { status: 503, body: '' })

    const down = await call('GET', '/connections/vk/token')
    stage.simulator.mend()
    stage.revoke()
    await app.ctx.db('connections').update({ refresh_after: null })
    const dead = await call('GET', '/connections/vk/token')

    expect([down.status, dead.status]).toEqual([503, 409])
    expect(Number(down.headers['retry-after'])).toBeGreaterThan(0)
    expect(dead.body).toMatchObject({
      code: 'token_revoked',
      connect_url: expect.any(String) as string,
    })
  })
})

describe('Renewing by hand', () => {
  test('by the API: the platform sees one renewal, the answer has the new end', async () => {
    const { app, stage } = await openConnectedScene(VK_ID)
    const call = apiClient(app, await apiToken(app))
    const before = stage.simulator.count(stage.tokenPath)

    const answer = await call('POST', '/connections/vk/refresh')

    expect(answer.status).toBe(200)
    expect(answer.body.renewable).toBe(true)
    expect(stage.simulator.count(stage.tokenPath)).toBe(before + 1)
  })

  test('of an access that cannot be renewed is a 409', async () => {
    const { app } = await openConnectedScene(VK)
    const call = apiClient(app, await apiToken(app))

    const { status, body } = await call('POST', '/connections/vk/refresh')

    expect([status, body.code]).toEqual([409, 'not_renewable'])
  })

  test('too often is a 429', async () => {
    const { app } = await openConnectedScene(VK_ID)
    const call = apiClient(app, await apiToken(app))

    const statuses: number[] = []
    for (let times = 0; times < 11; times += 1)
      statuses.push((await call('POST', '/connections/vk/refresh')).status)

    expect(statuses).toEqual([...Array<number>(10).fill(200), 429])
  })

  test('by the button of the page', async () => {
    const { browser, stage } = await openConnectedScene(VK_ID)
    const before = stage.simulator.count(stage.tokenPath)

    await browser.submit(await browser.get('/vk'), '/vk/renew')

    expect((await browser.get('/vk')).text).toContain('Доступ продлён')
    expect(stage.simulator.count(stage.tokenPath)).toBe(before + 1)
  })

  test('by the button while the platform is down: the connection is not lost, and the page says so', async () => {
    const { browser, stage } = await openConnectedScene(VK_ID)
    stage.simulator.fault(stage.tokenPath, { status: 503, body: '' })

    await browser.submit(await browser.get('/vk'), '/vk/renew')

    expect((await browser.get('/vk')).text).toContain('Ваше подключение не потеряно')
  })

  test('by the button after the grant was taken back: the page asks to reconnect', async () => {
    const { browser, stage } = await openConnectedScene(VK_ID)
    stage.revoke()

    await browser.submit(await browser.get('/vk'), '/vk/renew')

    const page = await browser.get('/vk')
    expect(page.text).toContain('Доступ продлить нельзя')
    expect(page.text).toContain('Нет доступа')
  })

  test('no button where nothing can be renewed', async () => {
    const { browser } = await openConnectedScene(VK)

    expect((await browser.get('/vk')).html).not.toContain('/vk/renew')
  })
})

const cookieOf = ({ cookies }: Browser) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')

function FORM() {
  return { 'content-type': 'application/x-www-form-urlencoded' }
}

function JSON_TYPE() {
  return { 'content-type': 'application/json' }
}

async function open(): Promise<{ app: TestApp; browser: Browser }> {
  const app = await startApp()
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser }
}
