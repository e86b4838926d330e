import { request } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import type { Connection } from '../../../app/store/connection.ts'
import { type Facebook, startFacebook } from '../../simulators/facebook.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import type { Browser } from '../../support/browser.ts'
import { type Engine, ENGINES } from '../../support/databases.ts'
import { cardText } from '../../support/stage.ts'

const TOKEN = '/v26.0/oauth/access_token'
const DAY_MS = 24 * 3600_000

describe('Connecting', () => {
  test('the short token is exchanged for a long one right after the code', async () => {
    const scene = await open()

    const back = await scene.browser.connect('facebook')

    expect(back.location).toBe('/connections')
    expect(scene.facebook.asked.slice(-6).map(({ method, path }) => `${method} ${path}`)).toEqual([
      `POST ${TOKEN}`,
      `POST ${TOKEN}`,
      'GET /v26.0/debug_token',
      'GET /v26.0/me',
      'GET /v26.0/me/adaccounts',
      'GET /v26.0/me/permissions',
    ])
    const [redeemed, exchanged] = scene.facebook.asked.filter(({ path }) => path === TOKEN)
    expect(redeemed?.form).toEqual({
      grant_type: 'authorization_code',
      client_id: scene.facebook.clientId,
      client_secret: scene.facebook.clientSecret,
      code: expect.any(String) as string,
      redirect_uri: `${scene.app.url}/facebook/callback`,
    })
    expect(exchanged?.form).toEqual({
      grant_type: 'fb_exchange_token',
      client_id: scene.facebook.clientId,
      client_secret: scene.facebook.clientSecret,
      fb_exchange_token: expect.stringMatching(/^EAA/) as string,
    })
    const connection = await found(scene)
    expect(daysTo(connection.expiresAt)).toBe(60)
    expect(daysTo(connection.refreshExpiresAt)).toBe(60)
    expect(daysTo(connection.refreshDueAt)).toBe(30)
    expect((await scene.browser.get('/facebook')).text).toContain('продлевается автоматически')
  })

  test('the secret stands in no address, and a token in that of debug_token alone', async () => {
    const { facebook } = await openConnected()

    for (const { path, query } of facebook.asked) {
      expect(JSON.stringify(query)).not.toContain(facebook.clientSecret)
      if (!path.endsWith('/debug_token')) expect(JSON.stringify(query)).not.toContain('EAA')
    }
  })

  test('the page names the person and their ad accounts', async () => {
    const { app, browser } = await openConnected()

    const page = await browser.get('/facebook')

    expect(page.text).toContain('Марина Ковалёва')
    const rows = page.dom.querySelectorAll('[aria-labelledby=table] tbody tr')
    expect(rows.map((row) => row.querySelectorAll('th, td').map(({ text }) => text))).toEqual([
      ['Цветы на Лесной', '1010101', 'работает'],
      ['Букеты оптом', '2020202', 'есть долг по оплате'],
    ])
    expect(page.text).toContain('признана экстремистской организацией')
    expect(cardText(await browser.get('/connections'), 'facebook')).toContain('Подключено')
    expect((await app.ctx.connections.find(1, 'facebook'))?.scope).toEqual([
      'ads_management',
      'ads_read',
      'read_insights',
    ])
  })

  test.each([200, 10])(
    'one who may not see ad accounts (%i) is connected all the same',
    async (code) => {
      const scene = await open()
      scene.facebook.ways.adAccountsError = code

      expect((await scene.browser.connect('facebook')).location).toBe('/connections')
      const page = await scene.browser.get('/facebook')
      expect(page.text).toContain('Марина Ковалёва')
      expect(page.text).toContain('Facebook не даёт их увидеть')
    },
  )

  test.each([
    [['ads_management'], 'Не хватает прав: «Управление рекламой».'],
    [
      ['ads_management', 'ads_read', 'read_insights'],
      'Не хватает прав: «Управление рекламой», «Чтение рекламы», «Статистика».',
    ],
  ])('what the person declined (%j) is named on the page', async (without, words) => {
    const { browser } = await open()

    const back = await browser.connect('facebook', { without })

    expect(back.location).toBe('/facebook?error=insufficient_scope')
    const page = await browser.get(back.location)
    expect(page.text).toContain(words)
    expect(page.text).toContain('Требует внимания')
    expect(page.text).toContain('Марина Ковалёва')
  })

  test('what was declined is asked for again, and then it is there', async () => {
    const { browser, facebook } = await open()
    await browser.connect('facebook', { without: ['ads_read'] })

    expect((await browser.connect('facebook')).location).toBe('/connections')
    const dialog = facebook.asked.find(({ path }) => path === '/v26.0/dialog/oauth')
    expect(dialog?.query.auth_type).toBe('rerequest')
    expect((await browser.get('/facebook')).text).not.toContain('Не хватает прав')
  })

  test('timed proofs and PKCE are taken by a Facebook that knows them', async () => {
    const scene = await open({ env: { FACEBOOK_PROOF: 'timed', FACEBOOK_PKCE: 'on' } })
    scene.facebook.rules.pkce = 'S256'

    expect((await scene.browser.connect('facebook')).location).toBe('/connections')
    const me = scene.facebook.asked.find(({ path }) => path === '/v26.0/me')
    expect(me?.query.appsecret_time).toMatch(/^\d{10}$/)
  })
})

describe('A bad day while connecting', () => {
  test('an exchange that fails for now costs nothing: the short token is used, and soon exchanged', async () => {
    const scene = await open()
    scene.facebook.ways.exchange = 'busy'

    expect((await scene.browser.connect('facebook')).location).toBe('/connections')
    const short = await found(scene)
    expect(daysTo(short.expiresAt)).toBe(0)
    expect(short.refreshDueAt?.getTime()).toBeLessThan(Date.now() + 6 * 60_000)
    expect((await scene.browser.get('/facebook')).text).not.toContain('Доступ скоро закончится')

    scene.facebook.ways.exchange = 'long'
    await scene.app.ctx.db('connections').update({ refresh_due_at: new Date() })
    await tick(scene)
    expect(daysTo((await found(scene)).expiresAt)).toBe(60)
  })

  test('without debug_token the long token is kept, and looked into soon', async () => {
    const scene = await open()
    scene.facebook.fault('/v26.0/debug_token', { status: 503, body: '' })

    expect((await scene.browser.connect('facebook')).location).toBe('/connections')
    const before = await found(scene)
    expect(daysTo(before.expiresAt)).toBe(60)
    expect(before.refreshExpiresAt).toBeUndefined()

    scene.facebook.mend()
    await scene.app.ctx.db('connections').update({ refresh_due_at: new Date() })
    await tick(scene)
    expect(await found(scene)).toMatchObject({ isOnline: true, revision: before.revision + 1 })
    expect(daysTo((await found(scene)).refreshDueAt)).toBe(30)
  })

  test('a token of another application is refused, and nothing is stored', async () => {
    const scene = await open()
    scene.facebook.ways.foreignApp = '999'

    const back = await scene.browser.connect('facebook')

    expect(back.location).toBe('/facebook?error=invalid_client')
    expect(await scene.app.ctx.db('connections').first()).toBeUndefined()
    expect((await scene.browser.get(back.location)).text).toContain('не узнаёт наше приложение')
  })

  test('a wrong secret is called that', async () => {
    const { browser } = await open({ env: { FACEBOOK_CLIENT_SECRET: 'wrong' } })

    expect((await browser.connect('facebook')).location).toBe('/facebook?error=invalid_client')
  })

  test.each([
    ['a code that was used', 100, 36009, 'token_exchange'],
    ['an unknown application', 101, undefined, 'invalid_client'],
    ['too many calls', 4, undefined, 'rate_limited'],
    ['an outage', 2, undefined, 'token_exchange'],
  ])('%s at the token endpoint', async (_what, code, error_subcode, outcome) => {
    const { app, browser, facebook } = await open()
    const callback = await browser.consent('/facebook/connect')
    facebook.fault(TOKEN, { status: 400, body: errorBody(code, error_subcode) })

    expect((await browser.get(callback)).location).toBe(`/facebook?error=${outcome}`)
    expect(await app.ctx.db('connections').first()).toBeUndefined()
  })
})

describe.each(ENGINES)('The sixty days, on %s', (engine) => {
  test('are begun anew halfway, and not before', async () => {
    const scene = await openConnected({ engine })
    const before = await found(scene)
    await pass(scene, 29)
    await tick(scene)
    expect(exchanges(scene)).toBe(1)

    await pass(scene, 2)
    await Promise.all([tick(scene), tick(scene)])

    expect(exchanges(scene)).toBe(2)
    const after = await found(scene)
    expect(after).toMatchObject({ isOnline: true, revision: before.revision + 1 })
    expect(daysTo(after.expiresAt)).toBe(60)
    expect(daysTo(after.refreshExpiresAt)).toBe(60)
    expect(daysTo(after.refreshDueAt)).toBe(30)
    expect(after.scope).toEqual(before.scope)
  })

  test('that Facebook does not prolong are told on the page, and tried again in a day', async () => {
    const scene = await openConnected({ engine })
    const before = await found(scene)
    scene.facebook.ways.exchange = 'same_end'
    await pass(scene, 31)

    for (let check = 0; check < 3; check += 1) await tick(scene)

    expect(exchanges(scene)).toBe(2)
    const waiting = await found(scene)
    expect(waiting).toMatchObject({ isOnline: true, revision: before.revision })
    expect(daysTo(waiting.expiresAt)).toBe(29)
    const page = await scene.browser.get('/facebook')
    expect(page.text).toContain('Не получается продлить доступ')
    expect(scene.app.logged('refresh_failed').map(({ reason }) => reason)).toEqual(['not_extended'])

    await pass(scene, 0.9)
    await tick(scene)
    expect(exchanges(scene)).toBe(2)

    scene.facebook.ways.exchange = 'long'
    await pass(scene, 0.2)
    await tick(scene)
    expect(exchanges(scene)).toBe(3)
    expect(daysTo((await found(scene)).expiresAt)).toBe(60)
    expect((await scene.browser.get('/facebook')).text).not.toContain('Не получается продлить')
  })

  test('that are over end the connection: nothing is exchanged, the page says why', async () => {
    const scene = await openConnected({ engine })
    await pass(scene, 61)

    await tick(scene)
    await tick(scene)

    expect(exchanges(scene)).toBe(1)
    expect(await found(scene)).toMatchObject({ health: 'revoked', reason: 'token_expired' })
    const page = await scene.browser.get('/facebook')
    expect(page.text).toContain('Нет доступа')
    expect(page.text).toContain('Срок доступа закончился')
    expect((await scene.browser.connect('facebook')).location).toBe('/connections')
  })
})

describe('The end of an access', () => {
  test('is asked of debug_token where the token answer keeps silent', async () => {
    const scene = await open()
    scene.facebook.ways.tellsLife = false

    await scene.browser.connect('facebook')

    expect(daysTo((await found(scene)).expiresAt)).toBe(60)
    expect(daysTo((await found(scene)).refreshDueAt)).toBe(30)
  })

  test('need not come at all', async () => {
    const scene = await open()
    Object.assign(scene.facebook.ways, { exchange: 'endless', dataLifeS: 0 })

    await scene.browser.connect('facebook')

    expect(await found(scene)).toMatchObject({
      expiresAt: undefined,
      refreshExpiresAt: undefined,
      refreshDueAt: undefined,
    })
    const page = await scene.browser.get('/facebook')
    expect(page.text).toContain('Подключено')
    expect(page.text).not.toContain('Доступ действует до')
  })

  test('is the end of access to data when that is earlier, and its owner is warned', async () => {
    const scene = await open()
    scene.facebook.ways.dataLifeS = (5 * DAY_MS) / 1000

    await scene.browser.connect('facebook')

    expect(daysTo((await found(scene)).refreshExpiresAt)).toBe(5)
    expect((await scene.browser.get('/facebook')).text).toContain('Доступ скоро закончится')
  })
})

describe('Checking', () => {
  test.each([
    [190, 458, 'revoked', 'больше не даёт доступ'],
    [190, 463, 'revoked', 'Срок доступа закончился'],
    [190, 459, 'permission', 'Подтвердите, что это вы'],
    [200, undefined, 'permission', 'Доступ выдан не полностью'],
    [2, undefined, 'unreachable', 'временно не отвечает'],
    [100, undefined, 'unreachable', 'не принимает запросы EvoSync'],
  ])('%i/%s from the API is %s', async (code, error_subcode, health, words) => {
    const scene = await openConnected()
    const dead = { status: 400, body: errorBody(code, error_subcode) }
    scene.facebook.fault('/v26.0/me', dead)
    if (health === 'revoked') scene.facebook.fault(TOKEN, dead)

    await tick(scene)

    expect((await found(scene)).health).toBe(health)
    expect((await scene.browser.get('/facebook')).text).toContain(words)
  })

  test.each([4, 17, 341])('%i is a pause: the connection stays what it was', async (code) => {
    const scene = await openConnected()
    scene.facebook.fault('/v26.0/me', { status: 400, body: errorBody(code) })

    await tick(scene)

    const connection = await found(scene)
    expect(connection).toMatchObject({ isOnline: true, health: 'online' })
    expect(connection.nextCheckAt?.getTime()).toBeGreaterThan(Date.now())
  })

  test('ad accounts that do not answer leave the list as it was', async () => {
    const scene = await openConnected()
    scene.facebook.fault('/v26.0/me/adaccounts', { status: 503, body: '' })

    await tick(scene)

    expect((await found(scene)).health).toBe('unreachable')
    expect((await scene.browser.get('/facebook')).text).toContain('Цветы на Лесной')
  })

  test('a new ad account is on the page after the next check', async () => {
    const scene = await openConnected()
    scene.facebook.ways.adAccounts = [{ account_id: '3', name: 'Новый', account_status: 2 }]

    await tick(scene)

    expect((await scene.browser.get('/facebook')).text).toContain('Новый 3 отключён')
  })
})

describe('Disconnecting', () => {
  test('takes the grant back at Facebook', async () => {
    const { browser, facebook } = await openConnected()

    await browser.submit(await browser.get('/facebook'), '/facebook/disconnect')

    const calls = facebook.asked.filter(({ method }) => method === 'DELETE')
    expect(calls.map(({ path }) => path)).toEqual(['/v26.0/me/permissions'])
    expect(facebook.tokens.size).toBe(0)
    expect((await browser.get('/facebook')).text).toContain('Доступ отозван')
  })

  test('says where to remove it by hand when Facebook does not answer', async () => {
    const { app, browser, facebook } = await openConnected()
    facebook.fault('/v26.0/me/permissions', { status: 503, body: '' })

    await browser.submit(await browser.get('/facebook'), '/facebook/disconnect')

    expect(await app.ctx.db('connections').first()).toBeUndefined()
    expect((await browser.get('/facebook')).text).toContain('Бизнес-интеграции')
  })
})

describe('The version of the Graph API', () => {
  test('that is over is told to administrators, and to nobody else', async () => {
    const { app, browser } = await open({ env: { FACEBOOK_API_VERSION: 'v19.0' } })
    const owner = app.newBrowser()
    await owner.register({ email: 'oleg@example.ru' })

    const page = await browser.get('/facebook')

    expect(page.text).toContain('Версия Graph API: v19.0. Её срок закончился 21 мая 2026 года.')
    expect((await owner.get('/facebook')).text).not.toContain('Версия Graph API')
  })
})

describe('The simulated Facebook', () => {
  test.each([
    ['no proof', {}, 100],
    ['a wrong proof', { appsecret_proof: 'a'.repeat(64) }, 100],
    ['an old proof', { appsecret_proof: 'a'.repeat(64), appsecret_time: '1700000000' }, 100],
  ])('refuses a call with %s', async (_what, query, code) => {
    const { app, facebook } = await openConnected()
    const tokens = await app.ctx.connections.tokensOf(1, 'facebook')
    const headers = { authorization: `Bearer ${tokens?.accessToken ?? ''}` }

    const answer = await request(`${facebook.url}/v26.0/me`, { query, headers })

    expect([answer.statusCode, await answer.body.json()]).toMatchObject([400, { error: { code } }])
  })

  test('takes a code once, by GET as by POST, and exchanges no token that has ended', async () => {
    const { app, browser, facebook } = await open()
    const code = new URL(await browser.consent('/facebook/connect')).searchParams.get('code')
    const client = { client_id: facebook.clientId, client_secret: facebook.clientSecret }
    const grant = {
      grant_type: 'authorization_code',
      code,
      redirect_uri: `${app.url}/facebook/callback`,
    }
    const ask = async (query: object) => {
      const answer = await request(facebook.url + TOKEN, { query: { ...client, ...query } })
      return await answer.body.json()
    }

    const first = (await ask(grant)) as { access_token: string }
    expect(first).toMatchObject({ token_type: 'bearer', expires_in: 5400 })
    expect(first).not.toHaveProperty('scope')
    expect(await ask(grant)).toMatchObject({ error: { code: 100, error_subcode: 36009 } })

    for (const granted of facebook.tokens.values()) granted.expiresAt = Date.now() - 1
    const exchange = { grant_type: 'fb_exchange_token', fb_exchange_token: first.access_token }
    expect(await ask(exchange)).toMatchObject({ error: { code: 190, error_subcode: 463 } })
  })
})

interface Scene {
  app: TestApp
  browser: Browser
  facebook: Facebook
}

interface Given {
  engine?: Engine
  env?: Record<string, string>
}

async function open({ engine = 'sqlite', env = {} }: Given = {}): Promise<Scene> {
  const facebook = await startFacebook()
  onTestFinished(() => facebook.stop())
  const app = await startApp({ engine, simulators: [facebook], env })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, facebook }
}

async function openConnected(given: Given = {}): Promise<Scene> {
  const scene = await open(given)
  const back = await scene.browser.connect('facebook')
  expect(back.location).toBe('/connections')
  return scene
}

async function found({ app }: Scene): Promise<Connection> {
  const connection = await app.ctx.connections.find(1, 'facebook')
  if (!connection) throw new Error('not connected')
  return connection
}

/** As if so many days had passed: every moment that is written down, here and at Facebook, is that much nearer. */
async function pass(scene: Scene, days: number) {
  const ago = days * DAY_MS
  const { expiresAt, refreshExpiresAt, refreshDueAt, refreshAfter } = await found(scene)
  const earlier = (date: Date | undefined) => (date ? new Date(date.getTime() - ago) : null)
  await scene.app.ctx.db('connections').update({
    expires_at: earlier(expiresAt),
    refresh_expires_at: earlier(refreshExpiresAt),
    refresh_due_at: earlier(refreshDueAt),
    refresh_after: earlier(refreshAfter),
  })
  for (const granted of scene.facebook.tokens.values()) granted.expiresAt -= ago
}

async function tick({ app }: Scene) {
  await app.ctx.db('connections').update({ next_check_at: null })
  await checkDue(app.ctx, new Date(), new AbortController().signal)
}

/** How often a long token was asked for. */
const exchanges = ({ facebook }: Scene) =>
  facebook.asked.filter(({ form }) => form.grant_type === 'fb_exchange_token').length

const daysTo = (date: Date | undefined) =>
  date && Math.round((date.getTime() - Date.now()) / DAY_MS)

const errorBody = (code: number, error_subcode?: number) =>
  JSON.stringify({ error: { message: 'no', type: 'OAuthException', code, error_subcode } })
