import { describe, expect, test } from 'vitest'
import { ConnectFailed, NotFound } from '../../../app/errors.ts'
import { beginSignIn, completeSignIn } from '../../../app/flows/accounts/sign-in-with.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import {
  answerConsent,
  type Browser,
  type Decision,
  type Page,
  PERSON,
} from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { allPlatforms, type Stage, VK } from '../../support/platforms.ts'
import { loadConfig } from '../../../app/config/index.ts'
import { createProviders, platforms } from '../../../app/providers/index.ts'
import { freshSecrets } from '../../../app/config/secrets.ts'
import { SIGN_INS } from '../../../app/web/kit/limits.ts'
import { everybody } from '../../support/crowd.ts'

/** Every way to sign in, and the verified address of the first account of its consent page, where it tells one: a line each. */
const ADDRESSES: Readonly<Record<string, string | undefined>> = {
  ВКонтакте: undefined,
  'VK ID': undefined,
  Google: 'marina@example.ru',
}

const WAYS = (await allPlatforms()).filter(({ name }) => name in ADDRESSES)
const WITH_EMAIL = WAYS.filter(({ name }) => ADDRESSES[name])
const CASES = WAYS.flatMap((platform) => ENGINES.map((engine) => ({ platform, engine })))

const SIGN_IN_KEYS = createProviders(loadConfig(freshSecrets(), platforms)).all.filter(
  ({ signIn }) => signIn,
)
const OTHERS = (await allPlatforms()).filter(({ name }) => !(name in ADDRESSES))

test.each(SIGN_IN_KEYS.map(({ key, title }) => ({ key, title })))(
  'a person who linked $title comes in by it',
  async ({ key }) => {
    const way = [...WAYS, ...OTHERS].find(({ name }) => name === titleOf(key))
    if (!way) throw new Error(`no way to ${key}`)
    const { app, browser, stage } = await open(way)
    await link(browser, stage)

    const visitor = app.newBrowser()
    const back = await signIn(visitor, stage)

    expect([back.status, back.location]).toEqual([303, '/connections'])
    expect((await visitor.get('/connections')).text).toContain(PERSON.name)
  },
)

const titleOf = (key: string) => SIGN_IN_KEYS.find((one) => one.key === key)?.title

describe.each(CASES)('Signing in by $platform.name on $engine', ({ platform, engine }) => {
  test('a person links the account, signs out, and comes in by it under a new session id', async () => {
    const { app, browser, stage } = await open(platform, { engine })
    const linked = await link(browser, stage)
    expect([linked.status, linked.location]).toEqual([303, '/account'])
    expect((await browser.get('/account')).text).toContain(`Вход через ${stage.title} добавлен`)
    const visitor = app.newBrowser()
    await visitor.get('/login')
    const callback = await visitor.consent(`/login/${stage.key}`)
    const before = visitor.cookies.get('evosync')

    const back = await visitor.get(callback)

    expect([back.status, back.location]).toEqual([303, '/connections'])
    expect(before).toBeDefined()
    expect(visitor.cookies.get('evosync')).not.toBe(before)
    expect((await visitor.get('/connections')).text).toContain(PERSON.name)
    expect(await app.ctx.db('connections').first()).toBeUndefined()
    const planted = app.newBrowser()
    planted.cookies.set('evosync', before ?? '')
    expect((await planted.get('/connections')).location).toContain('/login')
    const rows = await app.ctx.db('events').where({ event: 'signed_in', provider: stage.key })
    expect(rows).toMatchObject([{ user_id: 1, details: JSON.stringify({ provider: stage.key }) }])
    expect(await journal(app)).toContain('linked')
  })

  test('two callbacks at once of one person both lead in, as the same user', async () => {
    const { app, browser, stage } = await open(platform, { engine })
    await link(browser, stage)
    const visitors = [app.newBrowser(), app.newBrowser()]
    const callbacks: string[] = []
    for (const visitor of visitors) callbacks.push(await visitor.consent(`/login/${stage.key}`))

    const backs = await Promise.all(visitors.map((one, index) => one.get(callbacks[index] ?? '')))

    expect(backs.map(({ location }) => location)).toEqual(['/connections', '/connections'])
    expect(await everybody(app.ctx)).toHaveLength(1)
    expect(await app.ctx.db('identities').select('id')).toHaveLength(1)
  })
})

describe.each(WAYS)('The state that guards signing in by $name', (platform) => {
  test('is of no use in another browser, and is not spent there', async () => {
    const { app, browser, stage } = await open(platform)
    await link(browser, stage)
    const [visitor, stranger] = [app.newBrowser(), app.newBrowser()]
    const callback = await visitor.consent(`/login/${stage.key}`)
    const asked = stage.simulator.count(stage.tokenPath)

    const stolen = await stranger.get(callback)

    expect(stolen.location).toBe('/login?error=invalid_state')
    expect(stolen.headers['set-cookie']).toBeUndefined()
    expect(stage.simulator.count(stage.tokenPath)).toBe(asked)
    expect((await stranger.open('/login?error=invalid_state')).text).toContain(
      'Не получилось войти через сервис',
    )
    expect((await visitor.get(callback)).location).toBe('/connections')
  })

  test('works once: a replay lets nobody in and asks the platform nothing', async () => {
    const { app, browser, stage } = await open(platform)
    await link(browser, stage)
    const visitor = app.newBrowser()
    const callback = await visitor.consent(`/login/${stage.key}`)
    const cookie = visitor.cookies.get('evosync') ?? ''
    await visitor.get(callback)
    const asked = stage.simulator.count(stage.tokenPath)
    const thief = app.newBrowser()
    thief.cookies.set('evosync', cookie)

    const replays = [await thief.get(callback), await visitor.get(callback)]

    expect(replays.map(({ location }) => location)).toEqual(
      Array(2).fill('/login?error=invalid_state'),
    )
    expect(stage.simulator.count(stage.tokenPath)).toBe(asked)
    expect((await thief.get('/connections')).location).toContain('/login')
    expect((await visitor.open('/login?error=invalid_state')).url).toContain('/connections')
  })

  test('of three hits at once one leads in and one asks for tokens', async () => {
    const { app, browser, stage } = await open(platform)
    await link(browser, stage)
    const visitor = app.newBrowser()
    const callback = await visitor.consent(`/login/${stage.key}`)
    const asked = stage.simulator.count(stage.tokenPath)

    const hits = await Promise.all([1, 2, 3].map(() => visitor.get(callback)))

    const inside = hits.filter(({ location }) => location === '/connections')
    expect(inside).toHaveLength(1)
    expect(stage.simulator.count(stage.tokenPath)).toBe(asked + 1)
  })

  test('is refused after ten minutes', async () => {
    const { app, browser, stage } = await open(platform)
    await link(browser, stage)
    const visitor = app.newBrowser()
    const callback = await visitor.consent(`/login/${stage.key}`)
    await app.ctx.db('sign_in_attempts').update({ expires_at: new Date(Date.now() - 1) })

    expect((await visitor.get(callback)).location).toBe('/login?error=invalid_state')
  })

  test('leads into no connection, and one of a connection signs nobody in', async () => {
    const { app, browser, stage } = await open(platform)
    await link(browser, stage)
    const callback = await browser.consent(`/${stage.key}/connect`)
    const visitor = app.newBrowser()
    await visitor.get(`/login/${stage.key}`)

    expect((await visitor.get(callback)).location).toBe(`/${stage.key}?error=session_lost`)
    expect((await visitor.get('/connections')).location).toContain('/login')
    expect((await browser.get(callback)).location).toBe('/connections')
  })

  test('to link is of no use to another person', async () => {
    const { app, browser, stage } = await open(platform)
    const oleg = app.newBrowser()
    await oleg.register({ email: 'oleg@example.ru' })
    const callback = await browser.consent(`/account/sign-in/${stage.key}/link`)

    expect((await oleg.get(callback)).location).toBe('/account')
    expect((await oleg.get('/account')).text).toContain(`Вход через ${stage.title} не добавлен`)
    expect((await app.newBrowser().get(callback)).location).toBe('/login?error=invalid_state')
    expect(await app.ctx.db('identities').first()).toBeUndefined()
  })

  test('a second hit after linking says nothing bad', async () => {
    const { browser, stage } = await open(platform)
    const callback = await browser.consent(`/account/sign-in/${stage.key}/link`)

    expect((await browser.get(callback)).location).toBe('/account')
    expect((await browser.get(callback)).location).toBe('/account')
    expect((await browser.get('/account')).text).not.toContain('не добавлен')
  })
})

describe.each(WAYS)('When signing in by $name does not work', (platform) => {
  test('a refusal is no failure, is told on the sign-in page, and asks nothing', async () => {
    const { app, stage } = await open(platform)
    const visitor = app.newBrowser()

    const back = await signIn(visitor, stage, { decision: 'refuse' })

    expect(back.location).toBe('/login?error=access_denied')
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
    const page = await visitor.get(back.location)
    expect(page.text).toContain('Вход отменён')
    expect(page.text).toContain(`Вы не подтвердили вход через ${stage.title}`)
  })

  test.each(['tokenPath', 'probePath'] as const)(
    'a platform that is down at its %s is told, and signing in works again afterwards',
    async (path) => {
      const { app, browser, stage } = await open(platform)
      await link(browser, stage)
      const visitor = app.newBrowser()
      stage.simulator.fault(stage[path], { status: 503, body: '' })

      const back = await signIn(visitor, stage)

      expect(back.location).toBe('/login?error=provider_unavailable')
      expect((await visitor.get(back.location)).text).toContain(
        `${stage.title} временно не отвечает`,
      )
      expect(await app.ctx.db('sessions').whereNotNull('user_id')).toHaveLength(1)
      stage.simulator.mend()
      expect((await signIn(visitor, stage)).location).toBe('/connections')
    },
  )

  test('an answer that makes no sense lets nobody in', async () => {
    const { app, browser, stage } = await open(platform)
    await link(browser, stage)
    const visitor = app.newBrowser()
    stage.simulator.fault(stage.tokenPath, { body: '<html>busy</html>' })

    expect((await signIn(visitor, stage)).location).toMatch(
      /^\/login\?error=(sign_in_failed|provider_unavailable)$/,
    )
  })

  test('an account that is linked to somebody else is refused with clear words', async () => {
    const { app, browser, stage } = await open(platform)
    const oleg = app.newBrowser()
    await oleg.register({ email: 'oleg@example.ru' })
    await link(browser, stage)

    await link(oleg, stage)

    const page = await oleg.get('/account')
    expect(page.text).toContain(`Вход через ${stage.title} не добавлен`)
    expect(page.text).toContain('уже входят в другой аккаунт EvoSync')
    expect(await app.ctx.identities.of(2)).toEqual([])
  })

  test('tokens and secrets are in no log line, no session and no row', async () => {
    const { app, browser, stage } = await open(platform)
    await link(browser, stage)
    await signIn(app.newBrowser(), stage)

    const tables = ['sessions', 'identities', 'sign_in_attempts', 'events', 'connections']
    const rows = await Promise.all(tables.map((table) => app.ctx.db(table).select()))
    const seen = JSON.stringify([app.lines, rows])
    const variables = Object.entries({ ...stage.simulator.variables(), ...stage.env })
    const secrets = variables.filter(([name, value]) => name.endsWith('_SECRET') && value !== '')
    for (const [, secret] of secrets) expect(seen).not.toContain(secret)
    expect(seen).not.toMatch(/vk[12]\.a\.|access_token|code_verifier|"at-/)
    expect(app.logged('signed_in').length).toBeGreaterThan(0)
  })

  test('without its keys it is offered nowhere and leads back with words', async () => {
    const { keys } = await platform.stage()
    const env = Object.fromEntries(keys.map((name) => [name, '']))
    const { app, browser, stage } = await open(platform, { env })
    const visitor = app.newBrowser()

    const back = await visitor.get(`/login/${stage.key}`)

    expect(back.location).toBe('/login?error=not_configured')
    expect(await app.ctx.db('sign_in_attempts').first()).toBeUndefined()
    const page = await visitor.get(back.location)
    expect(page.text).toContain('Войти через сервис пока нельзя')
    expect(page.text).not.toContain(`Войти через ${stage.title}`)
    expect((await browser.get('/account')).text).not.toContain(`Привязать ${stage.title}`)
    expect((await browser.get(`/account/sign-in/${stage.key}/link`)).location).toBe('/account')
  })
})

describe('A platform that tells no verified address', () => {
  test('makes nobody a user: the person is told to register and to link', async () => {
    const { app, stage } = await open(VK)
    const visitor = app.newBrowser()

    const back = await signIn(visitor, stage)

    expect(back.location).toBe('/login?error=sign_in_unknown')
    const page = await visitor.get(back.location)
    expect(page.text).toContain('Мы вас пока не знаем')
    expect(page.text).toContain('привяжите ВКонтакте в разделе «Аккаунт»')
    expect(await everybody(app.ctx)).toHaveLength(1)
    expect(await app.ctx.db('identities').first()).toBeUndefined()
  })
})

describe.each(WAYS)('A caller of the API who signs in by $name', (platform) => {
  const sessionId = 'what the caller is known by'

  test('comes back to an address of its own, and only there', async () => {
    const { app, browser, stage } = await open(platform)
    await link(browser, stage)
    const provider = app.ctx.providers.get(stage.key)
    const redirectUri = `${app.url}/api/v1/oauth/callback/${stage.key}`
    stage.simulator.redirectUris.push(redirectUri)
    const traveller = { provider, sessionId, purpose: 'api', redirectUri } as const
    const start = await beginSignIn(app.ctx, { ...traveller, returnTo: '/sync' })

    const back = new URL(await answerConsent(start.href))

    expect(back.href).toContain(redirectUri)
    const web = `/${stage.key}/callback${back.search}`
    expect((await app.newBrowser().get(web)).location).toBe(`/${stage.key}?error=session_lost`)
    const stranger = { ...traveller, sessionId: 'somebody else' }
    expect(await completeSignIn(app.ctx, stranger, back.searchParams)).toMatchObject({
      failure: 'invalid_state',
    })
    const ending = await completeSignIn(app.ctx, traveller, back.searchParams)
    expect(ending).toMatchObject({ user: { id: 1 }, returnTo: '/sync' })
  })

  test('is told when the platform is not set up or is none to sign in by', async () => {
    const { app, stage } = await open(platform)
    const provider = { ...app.ctx.providers.get(stage.key), configured: false }
    const till = app.ctx.providers.get('evotor')
    const begin = (one: typeof till) =>
      beginSignIn(app.ctx, { provider: one, sessionId, purpose: 'api' })

    await expect(begin(provider)).rejects.toThrow(ConnectFailed)
    await expect(begin(till)).rejects.toThrow(NotFound)
  })
})

describe('The sign-in page', () => {
  test('offers the platforms that are set up, and leaves nothing behind for those who only look', async () => {
    const { app } = await open(VK)
    const visitor = app.newBrowser()

    for (const path of ['/login', '/register']) {
      const page = await visitor.get(path)
      expect(page.dom.querySelector('a[href="/login/vk"]')?.text.trim()).toBe(
        'Войти через ВКонтакте',
      )
    }

    expect(await app.ctx.db('sign_in_attempts').first()).toBeUndefined()
    expect(await app.ctx.db('identities').first()).toBeUndefined()
  })

  test('takes a person who was on the way somewhere there afterwards, in our house only', async () => {
    const { app, browser, stage } = await open(VK)
    await link(browser, stage)
    const visitor = app.newBrowser()
    const page = await visitor.open('/account/delete')
    const href = page.dom.querySelector('a[rel=nofollow]')?.getAttribute('href') ?? ''
    expect(href).toBe('/login/vk?next=%2Faccount%2Fdelete')

    expect((await visitor.get(await visitor.consent(href))).location).toBe('/account/delete')
    const other = app.newBrowser()
    const away = await other.consent('/login/vk?next=//evil.example')
    expect((await other.get(away)).location).toBe('/connections')
  })

  test('one who is in goes on, an unknown platform or one without signing in is not found', async () => {
    const { app, browser } = await open(VK)

    expect((await browser.get('/login/vk')).location).toBe('/login')
    const visitor = app.newBrowser()
    for (const key of ['nope', 'evotor', 'bing', 'facebook'])
      expect((await visitor.get(`/login/${key}`)).status).toBe(404)
    for (const key of ['nope', 'evotor'])
      expect((await browser.get(`/account/sign-in/${key}/link`)).status).toBe(404)
    expect((await visitor.get('/account/sign-in/vk/link')).location).toContain('/login')
    expect((await visitor.get('/login?error=nonsense')).status).toBe(200)
  })

  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a neighbour’s site', { 'sec-fetch-site': 'same-site' }],
    ['another site, told by an older browser', { referer: 'https://evil.example/' }],
  ])('nobody is sent off who comes from %s', async (_where, headers) => {
    const { app, browser } = await open(VK)
    const visitor = app.newBrowser()

    expect((await visitor.get('/login/vk', headers)).location).toBe('/login')
    expect((await browser.get('/account/sign-in/vk/link', headers)).location).toBe('/account')
    expect(await app.ctx.db('sign_in_attempts').first()).toBeUndefined()
  })

  test('people are sent off so many times an address', async () => {
    const { app } = await open(VK)
    const visitor = app.newBrowser()
    const statuses = []
    for (let n = 0; n <= SIGN_INS.most; n += 1)
      statuses.push((await visitor.get('/login/vk')).status)

    expect(statuses).toEqual([...Array<number>(SIGN_INS.most).fill(302), 429])
  })
})

describe.each(ENGINES)('Ways of signing in on %s', (engine) => {
  test('are listed with dates, and one is taken away while the password is left', async () => {
    const { app, browser, stage } = await open(VK, { engine })
    await link(browser, stage)
    const page = await browser.get('/account')
    expect(page.text).toContain('Способы входа')
    expect(page.text).toContain('Пароль marina@example.ru')
    expect(page.text).toMatch(/ВКонтакте ID 21450987 сегодня в \d\d:\d\d ещё не было/)
    expect(page.text).not.toContain('Привязать ВКонтакте')

    const back = await browser.submit(page, '/account/sign-in/1/remove')

    expect(back.location).toBe('/account')
    const after = await browser.get('/account')
    expect(after.text).toContain('Способ входа отвязан')
    expect(after.text).toContain('Привязать ВКонтакте')
    expect(await journal(app)).toContain('unlinked')
    const visitor = app.newBrowser()
    expect((await signIn(visitor, stage)).location).toBe('/login?error=sign_in_unknown')
  })

  test("somebody else's way is not found, nor is one taken away without the form", async () => {
    const { app, browser, stage } = await open(VK, { engine })
    await link(browser, stage)
    const oleg = app.newBrowser()
    await oleg.register({ email: 'oleg@example.ru' })
    const form = await oleg.get('/account')
    const token = form.dom.querySelector('input[name=_csrf]')?.getAttribute('value') ?? ''

    const foreign = await oleg.post('/account/sign-in/1/remove', { _csrf: token })

    expect(foreign.status).toBe(404)
    expect((await browser.post('/account/sign-in/1/remove', {})).status).toBe(403)
    expect((await browser.get('/account/sign-in/1/remove')).status).toBe(404)
    expect(await app.ctx.identities.of(1)).toHaveLength(1)
  })

  test('the last one stays, also when two are taken away at once', async () => {
    const { app, browser, stage } = await open(VK, { engine })
    await link(browser, stage)
    await link(browser, stage, { account: stage.second.id })
    await forgetPassword(app)
    const page = await browser.get('/account')

    const backs = await Promise.all([1, 2].map((id) => remove(browser, page, id)))

    expect(backs.map(({ status }) => status)).toEqual([303, 303])
    const [left] = await app.ctx.identities.of(1)
    expect(await app.ctx.identities.of(1)).toHaveLength(1)
    const after = await browser.get('/account')
    expect(after.text).toContain('единственный способ')
    expect(after.dom.querySelector(`form[action="/account/sign-in/${left?.id ?? 0}/remove"]`)).toBe(
      null,
    )
    await remove(browser, page, left?.id ?? 0)
    expect((await browser.get('/account')).text).toContain('Это ваш единственный способ входа')
    expect(await app.ctx.identities.of(1)).toHaveLength(1)
  })
})

describe('A person without a password', () => {
  test('sets one without naming another, and only once so', async () => {
    const { app, browser } = await openWithoutPassword()
    const page = await browser.get('/account')
    expect(page.text).not.toContain('Текущий пароль')

    const saved = await browser.submit(page, '/account/password', { password: PERSON.password })
    const again = await browser.submit(await browser.get('/account'), '/account/password', {
      password: 'ещё один длинный',
    })

    expect([saved.location, again.status]).toEqual(['/account', 422])
    expect((await app.newBrowser().signIn()).location).toBe('/connections')
  })

  test('a weak password is refused here too', async () => {
    const { app, browser } = await openWithoutPassword()

    const page = await browser.submit(await browser.get('/account'), '/account/password', {
      password: 'qwerty123456',
    })

    expect(page.status).toBe(422)
    expect(page.text).toContain('Этот пароль слишком известный')
    expect(await app.ctx.users.passwordHash(1)).toBeNull()
  })

  test('cannot be signed in by an empty password, nor change the address without one', async () => {
    const { app, browser } = await openWithoutPassword()

    const form = { email: 'new@example.ru', name: 'Марина' }
    const page = await browser.submit(await browser.get('/account'), '/account', form)

    expect(page.status).toBe(422)
    expect(page.text).toContain('Чтобы сменить почту, сначала задайте пароль')
    expect((await app.ctx.users.find(1))?.email).toBe(PERSON.email)
    expect((await app.newBrowser().signIn({ password: ' ' })).status).toBe(401)
    const renamed = await browser.submit(page, '/account', { ...form, email: PERSON.email })
    expect(renamed.location).toBe('/account')
  })

  test('types the address to delete the account, and everything goes', async () => {
    const { app, browser } = await openWithoutPassword()
    const page = await browser.get('/account/delete')
    expect(page.dom.querySelector('input[name=password]')).toBeNull()

    const wrong = await browser.submit(page, '/account/delete', { email: 'oleg@example.ru' })
    const empty = await browser.submit(page, '/account/delete')
    const gone = await browser.submit(page, '/account/delete', { email: ' Marina@Example.ru' })

    expect([wrong.status, empty.status, gone.location]).toEqual([422, 422, '/login'])
    expect(wrong.text).toContain('Это не почта вашего аккаунта')
    expect(await app.ctx.db('identities').first()).toBeUndefined()
  })

  test('finds the ways of signing in in the export, without secrets', async () => {
    const { browser } = await openWithoutPassword()

    const file = await browser.submit(await browser.get('/account'), '/account/export')

    expect(JSON.parse(file.html)).toMatchObject({
      signInWays: [{ provider: 'vk', subject: '21450987' }],
    })
    expect(file.html).not.toMatch(/sealed|hash|vk1\.a/)
  })
})

describe.each(WITH_EMAIL)('$name, which tells a verified address', (platform) => {
  const email = ADDRESSES[platform.name] ?? ''

  test.each([
    ['open', true, '/connections', 'owner'],
    ['first', true, '/login?error=registration_closed', undefined],
    ['closed', true, '/login?error=registration_closed', undefined],
    ['first', false, '/connections', 'admin'],
    ['closed', false, '/connections', 'admin'],
  ])('REGISTRATION=%s, others there: %s', async (REGISTRATION, others, location, role) => {
    const { app, visitor, stage } = await openEmpty(platform, { REGISTRATION })
    if (others) await app.ctx.users.add({ email: 'v@example.ru', name: 'В', passwordHash: null })

    const back = await signIn(visitor, stage)

    expect(back.location).toBe(location)
    expect((await app.ctx.users.findByEmail(email))?.user.role).toBe(role)
    const again = await signIn(app.newBrowser(), stage)
    expect(again.location).toBe(location)
  })

  test('two newcomers with one account at once are one user', async () => {
    const { app, visitor, stage } = await openEmpty(platform)
    const visitors = [visitor, app.newBrowser()]
    const callbacks: string[] = []
    for (const one of visitors) callbacks.push(await one.consent(`/login/${stage.key}`))

    const backs = await Promise.all(visitors.map((one, index) => one.get(callbacks[index] ?? '')))

    expect(backs.map(({ location }) => location)).toEqual(['/connections', '/connections'])
    expect(await everybody(app.ctx)).toHaveLength(1)
  })

  test('an account in which the address was only typed stays shut', async () => {
    const { app, visitor, stage } = await openEmpty(platform)
    await app.newBrowser().register({ email })

    const back = await signIn(visitor, stage)

    expect(back.location).toBe('/login?error=sign_in_email_taken')
    expect((await visitor.get(back.location)).text).toContain('Аккаунт с такой почтой уже есть')
    expect(await app.ctx.db('identities').first()).toBeUndefined()
  })
})

const journal = ({ ctx }: TestApp) => ctx.db('events').pluck<string[]>('event')

type Way = Pick<(typeof WAYS)[number], 'stage'>

/** Марина has registered by password; the platform is there. */
async function open(
  platform: Way,
  { engine, env = {} }: { engine?: (typeof ENGINES)[number]; env?: Record<string, string> } = {},
) {
  const stage = await platform.stage()
  const app = await startApp({
    ...(engine && { engine }),
    simulators: [stage.simulator],
    env: { ...stage.env, ...env },
  })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, stage }
}

/** Nobody is there yet. */
async function openEmpty(platform: Way, env: Record<string, string> = {}) {
  const stage = await platform.stage()
  const app = await startApp({ simulators: [stage.simulator], env: { ...stage.env, ...env } })
  return { app, visitor: app.newBrowser(), stage }
}

/** Марина comes in by ВКонтакте alone. */
async function openWithoutPassword() {
  const { app, browser, stage } = await open(VK)
  await link(browser, stage)
  await forgetPassword(app)
  return { app, browser }
}

async function forgetPassword({ ctx }: TestApp) {
  await ctx.db('users').update({ password_hash: null })
}

async function signIn(browser: Browser, { key }: Stage, decision: Decision = {}): Promise<Page> {
  return await browser.get(await browser.consent(`/login/${key}`, decision))
}

async function link(browser: Browser, { key }: Stage, decision: Decision = {}): Promise<Page> {
  return await browser.get(await browser.consent(`/account/sign-in/${key}/link`, decision))
}

const remove = (browser: Browser, page: Page, id: number) =>
  browser.post(`/account/sign-in/${id}/remove`, {
    _csrf: page.dom.querySelector('input[name=_csrf]')?.getAttribute('value') ?? '',
  })
