import { describe, expect, onTestFinished, test } from 'vitest'
import { request } from 'undici'
import { startRayon } from '../../simulators/custom.ts'
import { apiClient, apiToken } from '../../support/api.ts'
import { startApp } from '../../support/app.ts'
import { answerConsent, type Browser, PERSON } from '../../support/browser.ts'
import { type Engine, ENGINES } from '../../support/databases.ts'
import { startOidcServer } from '../../support/oidc-server.ts'
import { freePort } from '../../support/postgres.ts'
import { define, openRayon, type Rayon, rayonFields } from '../../support/rayon.ts'
import { everybody } from '../../support/crowd.ts'

const INSIDE = '/connections'

describe.each(ENGINES)('A platform of an administrator, to sign in by, on %s', (engine) => {
  test('a person links it, signs out, and comes in by the button of the sign-in page', async () => {
    const { app, browser } = await openLinked(engine)
    const visitor = app.newBrowser()

    const login = await visitor.get('/login')
    const back = await comeIn(visitor)

    expect(login.text).toContain('Войти через Витрина района')
    expect(back.location).toBe(INSIDE)
    expect((await visitor.get(INSIDE)).text).toContain(PERSON.name)
    expect((await browser.get('/account')).text).toContain('Витрина района')
    expect(await app.ctx.db('connections').first()).toBeUndefined()
  })

  test('programs come in by it through the API, at a callback of its own', async () => {
    const { app, rayon } = await openLinked(engine)
    rayon.redirectUris.push(`${app.url}/api/v1/oauth/callback/rayon`)
    const call = apiClient(app)

    const begun = await call('POST', '/oauth/login', { json: { provider: 'rayon' } })
    const cookie = String(begun.headers['set-cookie']).split(';')[0] ?? ''
    const back = new URL(await answerConsent(String(begun.body.authorization_url)))
    const path = `${back.pathname}${back.search}`.replace('/api/v1', '')
    const came = await call('GET', path, { headers: { cookie } })
    const again = await call('GET', path, { headers: { cookie } })

    expect([begun.status, came.status, again.status]).toEqual([200, 200, 400])
    expect(came.body).toMatchObject({ user: { email: PERSON.email } })
    expect(await statusWith(app, String(came.body.access_token))).toBe(200)
  })

  test('addresses led to another server, which names the same people, let nobody in', async () => {
    const evil = await startRayon()
    onTestFinished(() => evil.stop())
    const allow = new URL(evil.url).host
    const { app, browser, rayon } = await openLinked(engine, {}, allow)
    evil.redirectUris.push(...rayon.redirectUris)

    await saveForm(browser, evil, { sign_in: 'on', client_secret: evil.clientSecret })
    const visitor = app.newBrowser()

    const back = await comeIn(visitor)
    const account = await browser.get('/account')

    expect(back.location).toBe('/login?error=sign_in_unknown')
    expect(evil.count('/me')).toBeGreaterThan(0)
    expect((await visitor.get(INSIDE)).location).toContain('/login')
    expect(account.text).toContain('Сейчас не действует')
    await saveForm(browser, rayon, { sign_in: 'on', client_secret: rayon.clientSecret })
    expect((await comeIn(app.newBrowser())).location).toBe(INSIDE)
  })

  test('another place of the number is another number', async () => {
    const { app, browser, rayon } = await openLinked(engine)

    await saveForm(browser, rayon, { sign_in: 'on', id_path: 'data.user.name' })
    rayon.fault('/me', { body: JSON.stringify({ data: { user: { id: 'x', name: 'u-1' } } }) })

    expect((await comeIn(app.newBrowser())).location).toBe('/login?error=sign_in_unknown')
  })

  test('removed and made anew under its key, it opens nobody’s account', async () => {
    const { app, browser, rayon } = await openLinked(engine)

    const page = await browser.get('/admin/providers/rayon/delete')
    await browser.submit(page, '/admin/providers/rayon/delete', { confirm: 'rayon' })
    await define({ rayon, browser }, { sign_in: 'on' })

    expect(page.text).toContain('Через этот сервис больше не войдут: 1 человек')
    expect((await comeIn(app.newBrowser())).location).toBe('/login?error=sign_in_unknown')
    expect((await browser.get('/account')).text).not.toContain('u-1')
  })

  test('whoever is on the way while it is switched off, closed for signing in or led elsewhere stays out', async () => {
    const { app, browser, rayon } = await openLinked(engine)
    const changes: Record<string, string>[] = [
      { enabled: '', sign_in: 'on' },
      {},
      { sign_in: 'on', userinfo_url: `${rayon.url}/me?other` },
    ]
    for (const change of changes) {
      await saveForm(browser, rayon, { sign_in: 'on' })
      const visitor = app.newBrowser()
      const callback = await visitor.consent('/login/rayon')
      const asked = rayon.count('/oauth/token')

      await saveForm(browser, rayon, change)
      const back = await visitor.get(callback)

      expect(back.location).toMatch(/^\/login\?error=(provider_disabled|invalid_state)$/)
      expect((await visitor.get(back.location)).status).toBe(200)
      expect(rayon.count('/oauth/token')).toBe(asked)
    }
  })

  test('somebody whose address it vouches for is made a user, and does not get an account of that address', async () => {
    const { app, rayon } = await openLinked(engine)
    vouch(rayon, { id: 'u-1', email: 'vera@example.ru', email_verified: true })
    vouch(rayon, { id: 'new', email: 'vera@example.ru', email_verified: true })
    const vera = app.newBrowser()

    expect((await comeIn(vera)).location).toBe(INSIDE)
    vouch(rayon, { id: 'thief', email: PERSON.email, email_verified: true })
    const thief = await comeIn(app.newBrowser())
    vouch(rayon, { id: 'thief', email: 'vera@example.ru', email_verified: true })
    const second = await comeIn(app.newBrowser())

    expect(thief.location).toBe('/login?error=sign_in_email_taken')
    expect(second.location).toBe('/login?error=sign_in_email_taken')
    expect((await everybody(app.ctx)).map(({ email }) => email)).toContain('vera@example.ru')
  })
})

describe('Who a platform of an administrator names', () => {
  test.each([
    ['an address nobody has verified', { id: 'new', email: 'vera@example.ru' }],
    ['a flag that is none', { id: 'new', email: 'vera@example.ru', email_verified: 1 }],
    ['a flag without an address', { id: 'new', email_verified: true }],
  ])('makes nobody a user by %s', async (_what, user) => {
    const { app, rayon } = await openLinked()
    vouch(rayon, user)

    expect((await comeIn(app.newBrowser())).location).toBe('/login?error=sign_in_unknown')
    expect(await everybody(app.ctx)).toHaveLength(1)
  })

  test.each([
    ['missing', {}],
    ['empty', { sub: '', id: 'u-1' }],
    ['of white space and control signs', { sub: 'u-1\u0000' }],
    ['an object', { sub: { id: 'u-1' }, id: 'u-1' }],
    ['a list', { sub: ['u-1'], id: 'u-1' }],
    ['half a sign', { sub: 'u-\ud800' }],
    ['a number too large to be exact', { sub: 12345678901234567890n }],
    ['very long', { sub: 'u'.repeat(10_000) }],
  ])('is nobody when the number is %s', async (_what, body) => {
    const { app, rayon } = await openLinked(undefined, { id_path: '', email_path: '' })
    rayon.fault('/me', { body: json(body) })

    const back = await comeIn(app.newBrowser())

    expect(back.location).toBe('/login?error=sign_in_failed')
  })

  test('is the same person by a number as by its digits, and nobody else', async () => {
    const { app, browser, rayon } = await openRayon()
    await define({ rayon, browser }, { sign_in: 'on', id_path: '', email_path: '' })
    rayon.fault('/me', { body: JSON.stringify({ sub: 77 }) })
    await browser.get(await browser.consent('/account/sign-in/rayon/link'))

    expect((await comeIn(app.newBrowser())).location).toBe(INSIDE)
    for (const sub of ['077', ' 77', '77 ', '77.0']) {
      rayon.fault('/me', { body: JSON.stringify({ sub }) })
      expect((await comeIn(app.newBrowser())).location).not.toBe(INSIDE)
    }
  })

  test('is somebody else at another platform', async () => {
    const { app, browser, rayon } = await openLinked()
    rayon.redirectUris.push(`${app.url}/other/callback`)
    await define({ rayon, browser }, { sign_in: 'on', key: 'other', name: 'Другой' })

    expect((await comeIn(app.newBrowser(), 'other')).location).toBe('/login?error=sign_in_unknown')
  })
})

describe('An attempt to sign in by a platform of an administrator', () => {
  test('is of no use in another browser, at another platform, or twice', async () => {
    const { app, browser, rayon } = await openLinked()
    rayon.redirectUris.push(`${app.url}/other/callback`)
    await define({ rayon, browser }, { sign_in: 'on', key: 'other', name: 'Другой' })
    const visitor = app.newBrowser()
    const callback = new URL(await visitor.consent('/login/rayon'))
    const asked = rayon.count('/oauth/token')

    const stolen = await app.newBrowser().get(callback.href)
    const mixed = await visitor.get(`/other/callback${callback.search}`)
    expect(rayon.count('/oauth/token')).toBe(asked)
    const came = await visitor.get(callback.href)
    const thief = app.newBrowser()
    const replayed = await thief.get(callback.href)

    expect(stolen.location).toBe('/login?error=invalid_state')
    expect(mixed.location).toBe('/login?error=invalid_state')
    expect(came.location).toBe(INSIDE)
    expect(replayed.location).toBe('/login?error=invalid_state')
  })

  test('to link is the person’s own', async () => {
    const { app, rayon } = await openLinked()
    const oleg = app.newBrowser()
    await oleg.register({ email: 'oleg@example.ru' })
    const vera = app.newBrowser()
    await vera.register({ email: 'vera@example.ru' })
    const callback = await oleg.consent('/account/sign-in/rayon/link', { account: 1 })

    await vera.get(callback)

    expect(await app.ctx.db('identities').select('user_id')).toEqual([{ user_id: 1 }])
    expect(rayon.count('/me')).toBe(1)
  })

  test('asks for the rights of its own', async () => {
    const { app, browser, rayon } = await openLinked()
    const scopeOf = async () =>
      new URL((await app.newBrowser().get('/login/rayon')).location).searchParams.get('scope')

    expect(await scopeOf()).toBe('catalog.read catalog.write')
    await saveForm(browser, rayon, { sign_in: 'on', sign_in_scope: 'catalog.read' })
    expect(await scopeOf()).toBe('catalog.read')
    await saveForm(browser, rayon, { sign_in: 'on', scope: 'catalog.read openid email files' })
    expect(await scopeOf()).toBe('openid email')
  })
})

describe('A platform by which nobody signs in', () => {
  test('is offered nowhere, by page and by API, until its box is ticked', async () => {
    const { app, browser, rayon } = await openRayon()
    await define({ rayon, browser })
    const call = apiClient(app, await apiToken(app, ['read', 'admin']))
    const begin = async () =>
      (await call('POST', '/oauth/login', { json: { provider: 'rayon' } })).status

    expect((await app.newBrowser().get('/login')).text).not.toContain('Витрина района')
    expect((await app.newBrowser().get('/login/rayon')).status).toBe(404)
    expect(await begin()).toBe(404)

    const on = await call('PATCH', '/oauth/rayon', { json: { sign_in: true } })
    expect(on.body).toMatchObject({ sign_in: true, sign_in_scope: null })
    expect(await begin()).toBe(200)
    expect((await app.newBrowser().get('/login')).text).toContain('Войти через Витрина района')

    await call('PATCH', '/oauth/rayon', { json: { enabled: false } })
    expect(await begin()).toBe(409)
    const back = await app.newBrowser().get('/login/rayon')
    expect(back.location).toBe('/login?error=provider_disabled')
    const page = await app.newBrowser().get(back.location)
    expect(page.text).toContain('Администратор выключил этот способ входа')
    expect(page.text).not.toContain('Войти через Витрина района')
  })
})

describe('An OpenID server none of our code has a hand in', () => {
  test('lets somebody in who it has verified, and nobody in its own name who it is not', async () => {
    const port = String(await freePort())
    const url = `http://localhost:${port}`
    const server = await startOidcServer(`${url}/rayon/callback`)
    const allow = { OUTBOUND_ALLOW: new URL(server.issuer).host }
    const app = await startApp({ env: { ...allow, PORT: port, BASE_URL: url } })
    await app.newBrowser().register()
    const call = apiClient(app, await apiToken(app, ['read', 'admin']))
    const made = await call('POST', '/oauth/rayon', {
      json: {
        client_id: server.clientId,
        client_secret: server.clientSecret,
        provider_scope: 'openid profile email offline_access',
        authorisation_base_url: `${server.issuer}/auth`,
        token_grabber_base_url: `${server.issuer}/token`,
        user_info_base_url: `${server.issuer}/me`,
        issuer: server.issuer,
        issuer_required: true,
        client_auth: 'basic',
        sign_in: true,
      },
    })
    expect(made.status).toBe(201)

    expect((await signInThere(app.newBrowser())).location).toBe('/login?error=sign_in_unknown')
    server.account = { ...server.account, email_verified: true }
    const visitor = app.newBrowser()
    expect((await signInThere(visitor)).location).toBe(INSIDE)
    expect((await visitor.get(INSIDE)).text).toContain('Лавка у моста')
    server.posesAs = 'https://evil.example'
    expect((await signInThere(app.newBrowser())).location).toBe('/login?error=sign_in_failed')
  })
})

/** The platform with its box ticked, and an administrator who has linked the first account of it. */
async function openLinked(
  engine: Engine = 'sqlite',
  changes: Record<string, string> = {},
  beside?: string,
): Promise<Rayon> {
  const scene = await openRayon({ engine, ...(beside && { beside }) })
  await define(scene, { sign_in: 'on', email_path: 'data.user.email', ...changes })
  if (changes.id_path === '') return scene
  const linked = await scene.browser.get(await scene.browser.consent('/account/sign-in/rayon/link'))
  expect(linked.location).toBe('/account')
  return scene
}

const comeIn = async (visitor: Browser, key = 'rayon') =>
  await visitor.get(await visitor.consent(`/login/${key}`))

/** What the platform's form says from now on; a box that is not named is not ticked. */
async function saveForm(browser: Browser, rayon: Rayon['rayon'], changes: Record<string, string>) {
  const page = await browser.get('/admin/providers/rayon')
  const revision = page.dom.querySelector('input[name=revision]')?.getAttribute('value') ?? ''
  const fields = { ...rayonFields(rayon), client_secret: '', enabled: 'on', pkce: 'on' }
  const token = page.dom.querySelector('input[name=_csrf]')?.getAttribute('value') ?? ''
  const body = { ...fields, email_path: 'data.user.email', revision, _csrf: token }
  const delimiters = { scope_delimiter: 'space', client_auth: 'body' }
  const saved = await browser.post('/admin/providers/rayon', { ...body, ...delimiters, ...changes })
  expect([saved.status, saved.location]).toEqual([303, '/admin/providers/rayon'])
}

/** The next profile names this person. */
function vouch(rayon: Rayon['rayon'], user: Record<string, unknown>) {
  rayon.fault('/me', { body: JSON.stringify({ data: { user } }) })
}

/** JSON with numbers as large as they come. */
const json = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) =>
    typeof one === 'bigint' ? `#${one.toString()}#` : one,
  ).replace(/"#(\d+)#"/g, '$1')

async function statusWith({ url }: Rayon['app'], token: string): Promise<number> {
  const authorization = `Bearer ${token}`
  const answer = await request(`${url}/api/v1/connections`, { headers: { authorization } })
  await answer.body.dump()
  return answer.statusCode
}

/** Goes to the OpenID server, presses its button, and comes back. */
async function signInThere(visitor: Browser) {
  const { location } = await visitor.get('/login/rayon')
  const there = new (visitor.constructor as new (base: string) => Browser)(new URL(location).origin)
  const asking = await there.get(location)
  const form = await there.get(asking.location)
  const action = form.dom.querySelector('form')?.getAttribute('action') ?? ''
  let step = await there.submit(form, action)
  while (step.location.startsWith(there.base)) step = await there.get(step.location)
  return await visitor.get(step.location)
}
