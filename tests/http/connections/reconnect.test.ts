import { describe, expect, test } from 'vitest'
import { startApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { PERSON } from '../../support/browser.ts'
import { PLATFORMS, type Stage, VK_ID } from '../../support/platforms.ts'
import { startEvotor } from '../../support/simulators.ts'
import { cardText, openConnectedScene, openScene } from '../../support/stage.ts'

const CASES = PLATFORMS.flatMap((platform) => ENGINES.map((engine) => ({ platform, engine })))

describe.each(CASES)('Reconnecting $platform.name on $engine', ({ platform, engine }) => {
  test('with the same account keeps the row and renews the tokens', async () => {
    const { app, browser, stage } = await openConnectedScene(platform, { engine })
    const before = await app.ctx.connections.find(1, stage.key)

    const back = await browser.connect(stage.key)

    const after = await app.ctx.connections.find(1, stage.key)
    expect(back.location).toBe('/connections')
    expect(after?.id).toBe(before?.id)
    expect(after?.revision).toBe((before?.revision ?? 0) + 1)
    expect(after?.connectedAt).toEqual(before?.connectedAt)
  })

  test('refused at the platform names the button that is there, and what is connected stays', async () => {
    const { app, browser, stage } = await openConnectedScene(platform, { engine })

    const back = await browser.connect(stage.key, { decision: 'refuse' })

    const page = await browser.get(back.location)
    expect(page.text).toMatch(/Что сделать: .*нажмите «Переподключить»/i)
    expect(await app.ctx.connections.find(1, stage.key)).toMatchObject({ isOnline: true })
  })

  test('disconnecting ends the question which account stays', async () => {
    const { app, browser, stage } = await openConnectedScene(platform, { engine })
    const page = await browser.open(
      await browser.consent(`/${stage.key}/connect`, { account: stage.second.id }),
    )

    await browser.submit(page, `/${stage.key}/disconnect`)
    await browser.submit(page, `/${stage.key}/account`, { choice: 'replace' })

    expect(await app.ctx.connections.find(1, stage.key)).toBeUndefined()
    expect(
      await app.ctx.db('connection_attempts').whereNotNull('sealed_offer').first(),
    ).toBeUndefined()
  })

  test('deleting the account while the platform answers gives the grant back', async () => {
    const { app, browser, stage } = await openScene(platform, { engine })
    const callback = await browser.consent(`/${stage.key}/connect`)
    stage.simulator.fault(stage.probePath, { delay: 300 })
    const arriving = browser.get(callback)
    await expect.poll(() => stage.simulator.count(stage.probePath)).toBe(1)

    await app.ctx.users.removeUnlessNeeded(1)

    expect((await arriving).location).toBe(`/${stage.key}?error=session_lost`)
  })

  test('with another account asks first, and nothing has changed meanwhile', async () => {
    const { app, browser, stage } = await openConnectedScene(platform, { engine })

    const back = await browser.connect(stage.key, { account: stage.second.id })

    expect(back.location).toBe(`/${stage.key}?error=account_changed`)
    const page = await browser.get(back.location)
    expect(page.text).toContain(
      `Сейчас подключён аккаунт «${stage.first}», а доступ вы подтвердили для аккаунта «${stage.second.name}»`,
    )
    expect((await app.ctx.connections.find(1, stage.key))?.account.name).toBe(stage.first)
  })

  test('the person may replace the account', async () => {
    const { browser, stage } = await openConnectedScene(platform, { engine })
    const page = await browser.open(
      await browser.consent(`/${stage.key}/connect`, { account: stage.second.id }),
    )

    const back = await browser.submit(page, `/${stage.key}/account`, { choice: 'replace' })

    expect(back.location).toBe('/connections')
    expect(cardText(await browser.get('/connections'), stage.key)).toContain(stage.second.name)
    await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/check`)
    expect(cardText(await browser.get('/connections'), stage.key)).toContain('Подключено')
  })

  test('the person may keep the account, and the offer is over', async () => {
    const { app, browser, stage } = await openConnectedScene(platform, { engine })
    const page = await browser.open(
      await browser.consent(`/${stage.key}/connect`, { account: stage.second.id }),
    )

    await browser.submit(page, `/${stage.key}/account`, { choice: 'keep' })
    await browser.submit(page, `/${stage.key}/account`, { choice: 'replace' })

    expect((await app.ctx.connections.find(1, stage.key))?.account.name).toBe(stage.first)
    expect((await browser.get(`/${stage.key}?error=account_changed`)).text).not.toContain(
      'Это другой аккаунт',
    )
  })

  test('double clicks on connect leave one connection', async () => {
    const { app, browser, stage } = await openScene(platform, { engine })
    const callbacks = await Promise.all(
      [1, 2, 3].map(() => browser.consent(`/${stage.key}/connect`)),
    )

    await Promise.all(callbacks.map((callback) => browser.get(callback)))

    expect(await app.ctx.db('connections').select('id')).toHaveLength(1)
  })

  test('one outside account may be connected by two people, each with a row of their own', async () => {
    const { app, browser, stage } = await openConnectedScene(platform, { engine })
    const colleague = app.newBrowser()
    await colleague.register({ email: 'oleg@example.ru' })

    await colleague.connect(stage.key)
    await browser.submit(await browser.get(`/${stage.key}`), `/${stage.key}/disconnect`)

    expect(cardText(await colleague.get('/connections'), stage.key)).toContain(stage.first)
  })
})

describe.each(PLATFORMS)('Starting a connection to $name', (platform) => {
  test('a link from elsewhere starts it and comes back to its own page', async () => {
    const { browser, stage } = await openScene(platform)

    const start = await browser.get(`/connections?connect=${stage.key}&redirect_path=/account`)

    expect(start.location).toBe(`/${stage.key}/connect?redirect_path=%2Faccount`)
    const callback = await browser.consent(start.location)
    expect((await browser.get(callback)).location).toBe('/account')
  })

  test.each(['https://evil.example', '//evil.example', '/\\evil.example', '/%09/evil.example'])(
    'it never comes back to %s',
    async (address) => {
      const { browser, stage } = await openScene(platform)
      const start = `/${stage.key}/connect?redirect_path=${encodeURIComponent(address)}`

      const callback = await browser.consent(start)

      expect((await browser.get(callback)).location).toBe('/connections')
    },
  )

  test('without the keys nobody is sent anywhere; owner and administrator read different pages', async () => {
    const { keys } = await platform.stage()
    const env = Object.fromEntries(keys.map((name) => [name, '']))
    const { app, browser: administrator, stage } = await openScene(platform, { env })
    const owner = app.newBrowser()
    await owner.register({ email: 'oleg@example.ru', name: 'Олег' })

    const start = await owner.get(`/${stage.key}/connect`)

    expect(start.location).toBe(`/${stage.key}?error=not_configured`)
    const forOwner = await owner.get(start.location)
    expect(forOwner.text).toContain(`Подключение ${stage.title} ещё не настроено`)
    expect(forOwner.html).toContain('mailto:marina@example.ru')
    expect(forOwner.text).not.toContain('Как настроить')
    const forAdministrator = await administrator.get(`/${stage.key}`)
    expect(forAdministrator.text).toContain('Как настроить')
    expect(forAdministrator.text).toContain(`${app.url}/${stage.key}/callback`)
    expect(cardText(await owner.get('/connections'), stage.key)).toContain('Не настроено')
  })

  test('more than thirty starts a minute are refused with the time to wait', async () => {
    const { browser, stage } = await openScene(platform)
    const starts = await Promise.all(
      Array.from({ length: 31 }, () => browser.get(`/${stage.key}/connect`)),
    )

    const refused = starts.filter(({ status }) => status === 429)

    expect(refused).toHaveLength(1)
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0)
    expect(refused[0]?.text).toContain('Слишком много запросов')
  })
})

describe('With VK ID, whose grants can be revoked,', () => {
  const revoked = (stage: Stage) => stage.simulator.count('/oauth2/revoke')

  test.each([
    ['the account that is replaced', 'account', { choice: 'replace' }],
    ['the account that was only offered', 'account', { choice: 'keep' }],
  ])('%s is revoked', async (_name, action, form) => {
    const { browser, stage } = await openConnectedScene(VK_ID)
    const page = await browser.open(
      await browser.consent('/vk/connect', { account: stage.second.id }),
    )

    await browser.submit(page, `/vk/${action}`, form)

    expect(revoked(stage)).toBe(1)
  })

  test('after a failure of ours nothing is chosen, and choosing again revokes the other', async () => {
    const { app, browser, stage } = await openConnectedScene(VK_ID)
    app.expectErrors()
    const page = await browser.open(
      await browser.consent('/vk/connect', { account: stage.second.id }),
    )
    await app.ctx.db.schema.renameTable('notices', 'away')
    const failed = await browser.submit(page, '/vk/account', { choice: 'replace' })
    await app.ctx.db.schema.renameTable('away', 'notices')
    const between = await app.ctx.connections.find(1, 'vk')

    await browser.submit(page, '/vk/account', { choice: 'replace' })
    await browser.submit(await browser.get('/vk'), '/vk/check')

    expect(failed.status).toBe(500)
    expect(between?.account.name).not.toBe(stage.second.name)
    expect(revoked(stage)).toBe(1)
    const chosen = await app.ctx.connections.find(1, 'vk')
    expect(chosen).toMatchObject({ account: { name: stage.second.name }, health: 'online' })
  })

  test('disconnecting is all or nothing: after a failure of ours it is done again', async () => {
    const { app, browser, stage } = await openConnectedScene(VK_ID)
    app.expectErrors()
    const page = await browser.get('/vk')
    await app.ctx.db.schema.renameTable('notices', 'away')
    const failed = await browser.submit(page, '/vk/disconnect')
    await app.ctx.db.schema.renameTable('away', 'notices')
    const between = await app.ctx.connections.tokensOf(1, 'vk')

    const answer = await browser.submit(page, '/vk/disconnect')

    expect(failed.status).toBe(500)
    expect(between).toBeTruthy()
    expect(answer.status).toBe(303)
    expect(revoked(stage)).toBe(1)
    expect(await app.ctx.connections.find(1, 'vk')).toBeUndefined()
  })

  test('disconnecting and deleting revoke both, the connected and the offered one', async () => {
    const { browser, stage } = await openConnectedScene(VK_ID)
    const page = await browser.open(
      await browser.consent('/vk/connect', { account: stage.second.id }),
    )
    await browser.submit(page, '/vk/disconnect')
    expect(revoked(stage)).toBe(2)

    await browser.connect('vk')
    await browser.connect('vk', { account: stage.second.id })
    await browser.submit(await browser.get('/account/delete'), '/account/delete', {
      password: PERSON.password,
    })
    expect(revoked(stage)).toBe(4)
  })
})

test('a till without stores does not make us forget whose the connection is', async () => {
  const evotor = await startEvotor()
  const app = await startApp({ evotor })
  const browser = app.newBrowser()
  await browser.register()
  await browser.connect('evotor')
  evotor.fault('/stores', { body: '{"items":[],"paging":{}}' })

  await browser.connect('evotor')

  const [flowers] = evotor.users
  expect((await app.ctx.connections.find(1, 'evotor'))?.account).toMatchObject({ id: flowers?.id })
})
