import { describe, expect, test } from 'vitest'
import type { TestApp } from '../../support/app.ts'
import { allPlatforms, type Stage } from '../../support/platforms.ts'
import { cardText, openConnectedScene, openScene, type Scene } from '../../support/stage.ts'
import { tick } from '../../support/tick.ts'

/** What every platform of the list has to do. A new one gets all of it by its simulator's `stagings`. */
describe.each(await allPlatforms())('The contract, kept by $name', (platform) => {
  test('connecting by a click: card and page say whose account it is and what was granted', async () => {
    const { app, browser, stage } = await openScene(platform)

    const back = await browser.connect(stage.key)

    expect([back.status, back.location]).toEqual([303, '/connections'])
    const card = cardText(await browser.get('/connections'), stage.key)
    expect(card).toContain('Подключено')
    expect(card).toContain(stage.first)
    const page = await browser.get(`/${stage.key}`)
    expect(page.text).toContain(stage.first)
    expect(page.text).toContain('Выданный доступ')
    expect(await events(app)).toContain('connected')
  })

  test('a refusal is no failure and asks the platform nothing', async () => {
    const { app, browser, stage } = await openScene(platform)

    const back = await browser.connect(stage.key, { decision: 'refuse' })

    expect(back.location).toMatch(new RegExp(`^/${stage.key}\\?error=(access_denied|no_code)$`))
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
    expect(await app.ctx.db('connections').first()).toBeUndefined()
  })

  test('a state that is forged or empty is refused before anybody is asked', async () => {
    const { browser, stage } = await openScene(platform)
    const callback = new URL(await browser.consent(`/${stage.key}/connect`))

    for (const state of ['A'.repeat(43), '']) {
      callback.searchParams.set('state', state)
      expect((await browser.get(callback.href)).location).toBe(`/${stage.key}?error=invalid_state`)
    }
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
  })

  test("another person's callback does not work in my browser", async () => {
    const { app, browser, stage } = await openScene(platform)
    const stranger = app.newBrowser()
    await stranger.register({ email: 'oleg@example.ru' })
    const callback = await stranger.consent(`/${stage.key}/connect`)

    expect((await browser.get(callback)).location).toBe(`/${stage.key}?error=invalid_state`)
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
  })

  test('of three hits on the callback one asks for tokens', async () => {
    const { browser, stage } = await openScene(platform)
    const callback = await browser.consent(`/${stage.key}/connect`)

    const hits = await Promise.all([1, 2, 3].map(() => browser.get(callback)))

    expect(hits.map(({ location }) => location)).toEqual(Array(3).fill('/connections'))
    const first = stage.simulator.count(stage.tokenPath)
    await browser.get(callback)
    expect(stage.simulator.count(stage.tokenPath)).toBe(first)
  })

  test('the application’s secret and the tokens are on no page, in no address and in no log line', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)

    const start = await browser.get(`/${stage.key}/connect`)
    const pages = [await browser.get('/connections'), await browser.get(`/${stage.key}`), start]

    const seen = JSON.stringify([app.lines, pages.map(({ html, headers }) => [html, headers])])
    for (const secret of await secretsOf(app, stage)) expect(seen).not.toContain(secret)
  })

  test('a token endpoint that answers with HTML costs nothing but this attempt', async () => {
    const { app, browser, stage } = await openScene(platform)
    const callback = await browser.consent(`/${stage.key}/connect`)
    stage.simulator.fault(stage.tokenPath, { body: '<html>busy</html>' })

    expect((await browser.get(callback)).location).toMatch(/\?error=/)
    expect(await app.ctx.db('connections').first()).toBeUndefined()
    stage.simulator.mend()
    expect((await browser.connect(stage.key)).location).toBe('/connections')
  })

  test('a token whose owner is not told is kept, and the name follows at the next check', async () => {
    const { app, browser, stage } = await openScene(platform)
    stage.simulator.fault(stage.probePath, { status: 503, body: '' })

    await browser.connect(stage.key)
    expect(await app.ctx.connections.find(1, stage.key)).toBeDefined()

    stage.simulator.mend()
    await tick(app)
    expect((await browser.get(`/${stage.key}`)).text).toContain(stage.first)
  })

  test('a check answered with an error, with HTML or with nothing is never taken for a revocation', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)

    for (const fault of [{ status: 503, body: '' }, { body: '<html>' }, { body: '' }]) {
      stage.simulator.fault(stage.probePath, fault)
      await tick(app)
      expect((await app.ctx.connections.find(1, stage.key))?.health).not.toBe('revoked')
    }
    stage.simulator.mend()
    await tick(app)
    expect(cardText(await browser.get('/connections'), stage.key)).toContain('Подключено')
  })

  test('429 is a pause: the connection stays what it was', async () => {
    const { app, stage } = await openConnectedScene(platform)
    const headers = { 'Retry-After': '120' }
    stage.simulator.fault(stage.probePath, { status: 429, body: '', headers })

    await tick(app)

    const connection = await app.ctx.connections.find(1, stage.key)
    expect(connection).toMatchObject({ isOnline: true, health: 'online' })
    expect((connection?.nextCheckAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(50_000)
  })

  test('an access that is due is renewed once, or cannot be and lives on', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)
    const before = await app.ctx.connections.find(1, stage.key)
    const past = new Date(Date.now() - 1000)
    await app.ctx.db('connections').update({ refresh_due_at: past })

    await Promise.all([tick(app), check(browser, stage)])

    const after = await app.ctx.connections.find(1, stage.key)
    expect(after).toMatchObject({ isOnline: true, health: 'online' })
    expect((after?.revision ?? 0) - (before?.revision ?? 0)).toBe(before?.renewable ? 1 : 0)
  })

  test('a grant taken back at the platform is noticed, told once, and mended in place', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)
    const before = await app.ctx.connections.find(1, stage.key)
    stage.revoke()

    await untilRevoked({ app, browser, stage })

    expect((await browser.get('/connections')).text).toContain('Нет доступа')
    expect(app.logged('incident')).toHaveLength(1)
    expect(await events(app)).toContain('revoked')
    expect((await browser.connect(stage.key)).location).toBe('/connections')
    const again = await app.ctx.connections.find(1, stage.key)
    expect(again).toMatchObject({ id: before?.id, isOnline: true, incident: undefined })
  })

  test('another account is offered, not taken', async () => {
    const { browser, stage } = await openConnectedScene(platform)

    const back = await browser.connect(stage.key, { account: stage.second.id })

    expect(back.location).toBe(`/${stage.key}?error=account_changed`)
    const page = await browser.get(back.location)
    expect(page.text).toContain(stage.second.name)
    const chosen = await browser.submit(page, `/${stage.key}/account`, { choice: 'replace' })
    expect(chosen.location).toBe('/connections')
    expect((await browser.get(`/${stage.key}`)).text).toContain(stage.second.name)
  })

  test('disconnecting deletes the row and gives the grant back, or says where the person does', async () => {
    const { app, browser, stage } = await openConnectedScene(platform)
    const { auth, words } = app.ctx.providers.get(stage.key)

    await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/disconnect`)

    expect(await app.ctx.db('connections').first()).toBeUndefined()
    const page = await browser.get(`/${stage.key}`)
    expect(page.text).toContain(auth.revoke ? 'Доступ отозван' : words.removeByHand)
    expect(page.text).toContain('Не подключено')
  })

  test('without its keys it is «Не настроено», and only administrators read how to set it up', async () => {
    const { keys } = await platform.stage()
    const env = Object.fromEntries(keys.map((name) => [name, '']))
    const { app, browser, stage } = await openScene(platform, { env })
    const owner = app.newBrowser()
    await owner.register({ email: 'oleg@example.ru' })

    expect((await owner.get(`/${stage.key}/connect`)).location).toBe(
      `/${stage.key}?error=not_configured`,
    )
    expect((await owner.get(`/${stage.key}`)).text).not.toContain('Как настроить')
    expect((await browser.get(`/${stage.key}`)).text).toContain(`${app.url}/${stage.key}/callback`)
  })

  test('a redirect URI of another origin takes it out of service and spares the others', async () => {
    const { key } = await platform.stage()
    const env = { [`${key.toUpperCase()}_REDIRECT_URI`]: 'https://elsewhere.example/callback' }
    const { browser, stage } = await openScene(platform, { env })

    const page = await browser.get(`/${stage.key}`)

    expect(page.text).toContain('Не настроено')
    expect(page.text).toContain(`${key.toUpperCase()}_REDIRECT_URI должен начинаться с`)
    expect((await browser.get('/connections')).status).toBe(200)
  })
})

/** A platform that refuses good tokens at times is asked several times before it is believed. */
async function untilRevoked({ app, stage }: Scene) {
  const { deadAfter = 1 } = app.ctx.providers.get(stage.key)
  for (let asked = 0; asked < deadAfter; asked += 1) {
    await app.ctx.db('connections').update({ next_check_at: null })
    await tick(app)
  }
  expect(await app.ctx.connections.find(1, stage.key)).toMatchObject({
    isOnline: false,
    health: 'revoked',
  })
}

async function check(browser: Scene['browser'], { key }: Stage) {
  await browser.submit(await browser.get(`/${key}`), `/${key}/check`)
}

async function events({ ctx }: TestApp): Promise<string[]> {
  return await ctx.db('events').pluck<string[]>('event')
}

/** What must not be seen: the tokens as they are stored, and the application's secrets. */
async function secretsOf({ ctx }: TestApp, { key, simulator, env }: Stage): Promise<string[]> {
  const tokens = await ctx.connections.tokensOf(1, key)
  const variables = Object.entries({ ...simulator.variables(), ...env })
  const own = variables.filter(([name]) => /_(SECRET|KEY)$/.test(name)).map(([, value]) => value)
  return [tokens?.accessToken, tokens?.refreshToken, ...own].filter(
    (text) => text !== undefined && text !== '',
  ) as string[]
}
