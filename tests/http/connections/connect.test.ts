import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { PLATFORMS } from '../../support/platforms.ts'
import { cardText, openScene } from '../../support/stage.ts'

const CASES = PLATFORMS.flatMap((platform) => ENGINES.map((engine) => ({ platform, engine })))

describe.each(CASES)('Connecting $platform.name on $engine', ({ platform, engine }) => {
  test('a person connects: the card is green, the page knows whose account it is', async () => {
    const { app, browser, stage } = await openScene(platform, { engine })

    const back = await browser.connect(stage.key)

    expect([back.status, back.location]).toEqual([303, '/connections'])
    const dashboard = await browser.get('/connections')
    expect(cardText(dashboard, stage.key)).toContain('Подключено')
    expect(cardText(dashboard, stage.key)).toContain(stage.first)
    expect(cardText(dashboard, stage.key)).toContain('Проверено только что')
    const page = await browser.get(`/${stage.key}`)
    expect(page.text).toContain(stage.first)
    const connection = await app.ctx.connections.find(1, stage.key)
    expect(connection).toMatchObject({ isOnline: true, health: 'online' })
    expect(connection?.lastCheckedAt).toBeInstanceOf(Date)
  })

  test('a person refuses: nothing changes, and it is not called a failure', async () => {
    const { browser, stage } = await openScene(platform, { engine })

    const back = await browser.connect(stage.key, { decision: 'refuse' })

    expect(back.location).toBe(`/${stage.key}?error=access_denied`)
    const page = await browser.get(back.location)
    expect(page.text).toContain('Подключение отменено')
    expect(page.text).toContain('Не подключено')
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
  })

  test('disconnecting turns the card grey and forgets the token', async () => {
    const { app, browser, stage } = await openScene(platform, { engine })
    await browser.connect(stage.key)

    const back = await browser.submit(
      await browser.get(`/${stage.key}`),
      `/${stage.key}/disconnect`,
    )

    expect(back.location).toBe(`/${stage.key}`)
    expect((await browser.get(`/${stage.key}`)).text).toContain(`Аккаунт ${stage.title} отключён`)
    const dashboard = await browser.get('/connections')
    expect(cardText(dashboard, stage.key)).toContain('Не подключено')
    expect(dashboard.html).not.toContain(stage.first)
    expect(await app.ctx.db('connections').first()).toBeUndefined()
  })

  test('disconnecting works while the platform is down, and says so honestly', async () => {
    const { app, browser, stage } = await openScene(platform, { engine })
    await browser.connect(stage.key)
    await stage.simulator.stop()

    await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/disconnect`)

    const page = await browser.get(`/${stage.key}`)
    expect(page.text).toContain('Ключи доступа удалены')
    expect(await app.ctx.db('connections').first()).toBeUndefined()
  })
})

describe.each(PLATFORMS)('The state that guards connecting $name', (platform) => {
  test.each([
    [
      'forged',
      (url: URL) => {
        url.searchParams.set('state', 'A'.repeat(43))
      },
    ],
    [
      'missing',
      (url: URL) => {
        url.searchParams.delete('state')
      },
    ],
    [
      'empty',
      (url: URL) => {
        url.searchParams.set('state', '')
      },
    ],
    [
      'given twice',
      (url: URL) => {
        url.searchParams.append('state', 'x')
      },
    ],
  ])('a %s state is refused before anybody is asked', async (_name, spoil) => {
    const { browser, stage } = await openScene(platform)
    const callback = new URL(await browser.consent(`/${stage.key}/connect`))
    spoil(callback)

    const back = await browser.get(callback.href)

    expect(back.location).toBe(`/${stage.key}?error=invalid_state`)
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
    expect((await browser.get(back.location)).text).toContain(
      'Ссылка подтверждения устарела или открыта в другом браузере',
    )
  })

  test("another person's state does not work in my browser", async () => {
    const { app, browser, stage } = await openScene(platform)
    const stranger = app.newBrowser()
    await stranger.register({ email: 'oleg@example.ru' })
    const callback = await stranger.consent(`/${stage.key}/connect`)

    const back = await browser.get(callback)

    expect(back.location).toBe(`/${stage.key}?error=invalid_state`)
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
    expect((await stranger.get(callback)).location).toBe('/connections')
  })

  test('my own state does not work in another browser of mine', async () => {
    const { app, browser, stage } = await openScene(platform)
    const other = app.newBrowser()
    await other.signIn()
    const callback = await browser.consent(`/${stage.key}/connect`)

    expect((await other.get(callback)).location).toBe(`/${stage.key}?error=invalid_state`)
  })

  test('a state of ten minutes ago is refused', async () => {
    const { app, browser, stage } = await openScene(platform)
    const callback = await browser.consent(`/${stage.key}/connect`)
    await app.ctx.db('connection_attempts').update({ expires_at: new Date(Date.now() - 1) })

    const back = await browser.get(callback)

    expect(back.location).toBe(`/${stage.key}?error=invalid_state`)
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
  })

  test('a second hit on the callback shows the result and asks for no second token', async () => {
    const { browser, stage } = await openScene(platform)
    const callback = await browser.consent(`/${stage.key}/connect`)

    const hits = await Promise.all([
      browser.get(callback),
      browser.get(callback),
      browser.get(callback),
    ])
    const later = await browser.get(callback)

    expect([...hits, later].map(({ location }) => location)).toEqual(Array(4).fill('/connections'))
    expect(stage.simulator.count(stage.tokenPath)).toBe(1)
  })

  test('a refused attempt is spent: its state cannot be used for a code afterwards', async () => {
    const { browser, stage } = await openScene(platform)
    const refused = new URL(await browser.consent(`/${stage.key}/connect`, { decision: 'refuse' }))
    await browser.get(refused.href)
    refused.searchParams.delete('error')
    refused.searchParams.set('code', 'stolen')

    const back = await browser.get(refused.href)

    expect(back.location).toBe(`/${stage.key}?error=access_denied`)
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
  })

  test('two tabs run side by side and may come back in any order', async () => {
    const { app, browser, stage } = await openScene(platform)
    const first = await browser.consent(`/${stage.key}/connect`)
    const second = await browser.consent(`/${stage.key}/connect`)

    const backs = [await browser.get(second), await browser.get(first)]

    expect(backs.map(({ location }) => location)).toEqual(['/connections', '/connections'])
    expect(await app.ctx.db('connections').select('id')).toHaveLength(1)
  })

  test('a session that ended at the platform leads to signing in, not to a token', async () => {
    const { app, browser, stage } = await openScene(platform)
    const callback = await browser.consent(`/${stage.key}/connect`)
    await app.ctx.openSessions.endAll(1)

    const back = await browser.get(callback)

    expect(back.location).toBe(`/${stage.key}?error=session_lost`)
    const login = await browser.get((await browser.get(back.location)).location)
    expect(login.text).toContain('Пока вы подтверждали доступ, сеанс в EvoSync закончился')
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
    expect((await browser.signIn()).location).toBe('/connections')
  })

  test('nobody signed in: the callback sets no cookie and leaves no row', async () => {
    const { app, stage } = await openScene(platform)
    const robot = app.newBrowser()

    const back = await robot.get(`/${stage.key}/callback?code=x&state=y`)

    expect(back.headers['set-cookie']).toBeUndefined()
    expect(await app.ctx.db('sessions').whereNull('user_id').first()).toBeUndefined()
  })
})

test("a state of one platform is refused at another's callback", async () => {
  const [vk, , evotor] = await Promise.all(PLATFORMS.map((platform) => platform.stage()))
  const simulators = [vk, evotor].flatMap((stage) => stage?.simulator ?? [])
  const app = await startApp({ simulators })
  const browser = app.newBrowser()
  await browser.register()
  const callback = new URL(await browser.consent('/vk/connect'))
  callback.pathname = '/evotor/callback'

  const back = await browser.get(callback.href)

  expect(back.location).toBe('/evotor?error=invalid_state')
  expect(evotor?.simulator.count('/oauth/token')).toBe(0)
})
