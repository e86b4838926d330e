import { randomUUID } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { signInstance, startWix, type Wix } from '../../simulators/wix.ts'
import { startApp, type TestApp } from '../../support/app.ts'
import type { Browser } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'

const TOKEN = '/oauth2/token'

describe('Connecting a Wix site', () => {
  test('the state travels inside the return address and comes back from there', async () => {
    const { app, browser, wix } = await open()

    const callback = new URL(await browser.consent('/wix/connect'))

    const [asked] = wix.asked
    const back = new URL(asked?.query.postInstallationUrl ?? '')
    expect(Object.keys(asked?.query ?? {})).toEqual(['appId', 'postInstallationUrl'])
    expect(back.origin + back.pathname).toBe(`${app.url}/wix/callback`)
    expect(back.searchParams.get('state')).toMatch(/^[\w-]{43}$/)
    expect(callback.searchParams.get('state')).toBe(back.searchParams.get('state'))
    expect((await browser.get(callback.href)).location).toBe('/connections')
  })

  test('tokens are minted by JSON, and the page shows the site and its owner', async () => {
    const { browser, wix } = await open()

    await browser.connect('wix')

    const [site] = wix.sites
    const mint = wix.asked.find(({ path }) => path === TOKEN)
    expect(mint?.headers['content-type']).toBe('application/json')
    expect(mint?.json).toEqual({
      grant_type: 'client_credentials',
      client_id: wix.appId,
      client_secret: wix.secret,
      instance_id: site.instanceId,
    })
    const page = await browser.get('/wix')
    for (const fact of [site.name, site.url, site.owner, site.tenantId])
      expect(page.text).toContain(fact)
    expect(page.html).not.toContain(site.instanceId)
  })

  test('an application outside the market is named by its share', async () => {
    const { browser, wix } = await open({ WIX_SHARE_URL_ID: 'share-1' })
    wix.shareUrlId = 'share-1'

    expect((await browser.connect('wix')).location).toBe('/connections')
  })

  test('an owner whose e-mail we may not read is connected all the same', async () => {
    const { browser, wix } = await open()
    wix.showsOwner = false

    expect((await browser.connect('wix')).location).toBe('/connections')
    expect((await browser.get('/wix')).text).not.toContain('Почта владельца')
  })

  test('whoever comes back without an installation has not consented', async () => {
    const { browser, wix } = await open()

    const back = await browser.connect('wix', { decision: 'refuse' })

    expect(back.location).toBe('/wix?error=no_code')
    expect(wix.count(TOKEN)).toBe(0)
  })

  test('a code instead of an installation is no consent either', async () => {
    const { browser, wix } = await open()
    const callback = new URL(await browser.consent('/wix/connect'))
    callback.searchParams.delete('instanceId')
    callback.searchParams.set('code', 'C1')

    expect((await browser.get(callback.href)).location).toBe('/wix?error=no_code')
    expect(wix.count(TOKEN)).toBe(0)
  })

  test('an application that is reinstalled under a new number is offered as another one', async () => {
    const { browser, wix } = await open()
    await browser.connect('wix')
    const [site] = wix.sites
    wix.remove(site)
    site.instanceId = randomUUID()

    const back = await browser.connect('wix')

    expect(back.location).toBe('/wix?error=account_changed')
    const chosen = await browser.submit(await browser.get(back.location), '/wix/account', {
      choice: 'replace',
    })
    expect(chosen.location).toBe('/connections')
  })
})

describe('What is not proved to be this person’s site', () => {
  type Change = (callback: URLSearchParams, wix: Wix) => void
  const CASES: [string, Change][] = [
    [
      'not signed',
      (callback) => {
        callback.delete('signedInstance')
      },
    ],
    [
      'signed by nobody',
      (callback) => {
        callback.set('signedInstance', '')
      },
    ],
    [
      'signed with another secret',
      (callback, { sites: [site] }) => {
        callback.set('signedInstance', signInstance('guessed', site.instanceId))
      },
    ],
    [
      'somebody else’s installation under our own signature',
      (callback, { sites: [, other] }) => {
        other.installed = true
        callback.set('instanceId', other.instanceId)
      },
    ],
    [
      'our installation under somebody else’s signature',
      (callback, { secret, sites: [, other] }) => {
        callback.set('signedInstance', signInstance(secret, other.instanceId))
      },
    ],
  ]

  test.each(CASES)('%s: refused, and Wix is not asked', async (_what, change) => {
    const { app, browser, wix } = await open()
    const callback = new URL(await browser.consent('/wix/connect'))
    change(callback.searchParams, wix)

    const back = await browser.get(callback.href)

    expect(back.location).toBe('/wix?error=invalid_state')
    expect(wix.count(TOKEN)).toBe(0)
    expect(await app.ctx.db('connections').first()).toBeUndefined()
    expect(app.logged('connect_failed')).toMatchObject([{ reason: 'invalid_state' }])
    expect((await browser.get(back.location)).text).toContain(
      'чтобы никто не привязал чужой аккаунт',
    )
  })

  test('two installations in one callback are none', async () => {
    const { browser, wix } = await open()
    const callback = new URL(await browser.consent('/wix/connect'))
    callback.searchParams.append('instanceId', wix.sites[1].instanceId)

    expect((await browser.get(callback.href)).location).toBe('/wix?error=no_code')
    expect(wix.count(TOKEN)).toBe(0)
  })
})

describe('WIX_UNSIGNED=accept', () => {
  const env = { WIX_UNSIGNED: 'accept' }

  test('lets in what Wix did not sign', async () => {
    const { browser, wix } = await open(env)
    wix.signs = false

    expect((await browser.connect('wix')).location).toBe('/connections')
  })

  test('lets in nothing that is signed wrongly', async () => {
    const { browser, wix } = await open(env)
    const callback = new URL(await browser.consent('/wix/connect'))
    callback.searchParams.set('signedInstance', signInstance('guessed', wix.sites[0].instanceId))

    expect((await browser.get(callback.href)).location).toBe('/wix?error=invalid_state')
    expect(wix.count(TOKEN)).toBe(0)
  })

  test('reminds administrators of what it risks, and nobody else', async () => {
    const { app, browser } = await open(env)
    const owner = app.newBrowser()
    await owner.register({ email: 'oleg@example.ru' })

    expect((await browser.get('/wix')).text).toContain('WIX_UNSIGNED=accept')
    expect((await owner.get('/wix')).text).not.toContain('WIX_UNSIGNED')
  })

  test('is not how it is by default', async () => {
    const { browser } = await open()

    expect((await browser.get('/wix')).text).not.toContain('WIX_UNSIGNED')
  })
})

describe.each(ENGINES)('An access to a Wix site, on %s', (engine) => {
  test('is minted anew at the due time, by the same installation', async () => {
    const { app, browser, wix } = await open({}, engine)
    await browser.connect('wix')
    await app.ctx.db('connections').update({ refresh_due_at: new Date(Date.now() - 1000) })

    await tick(app)

    const mints = wix.asked.filter(({ path }) => path === TOKEN)
    expect(mints).toHaveLength(2)
    expect(mints[1]?.json).toEqual(mints[0]?.json)
    const connection = await app.ctx.connections.find(1, 'wix')
    expect(connection).toMatchObject({ isOnline: true, revision: 2, renewable: true })
    const [site] = wix.sites
    expect(connection?.account).toMatchObject({ id: site.instanceId, name: site.name })
    expect(connection?.account.profile).toMatchObject({ tenantId: site.tenantId })
  })

  test('that Wix rejects ahead of time is minted once more, and nobody notices', async () => {
    const { app, browser, wix } = await open({}, engine)
    await browser.connect('wix')
    wix.tokens.clear()

    await tick(app)

    expect(wix.count(TOKEN)).toBe(2)
    expect(await app.ctx.connections.find(1, 'wix')).toMatchObject({ isOnline: true })
  })

  test('ends with the application’s removal, believed at the second refusal', async () => {
    const { app, browser, wix } = await open({}, engine)
    await browser.connect('wix')
    wix.remove(wix.sites[0])

    await tick(app)
    expect(await app.ctx.connections.find(1, 'wix')).toMatchObject({ health: 'online' })
    expect(app.logged('incident')).toHaveLength(0)

    await tick(app)
    expect(await app.ctx.connections.find(1, 'wix')).toMatchObject({
      isOnline: false,
      health: 'revoked',
      reason: 'token_revoked',
    })
    expect((await browser.get('/wix')).text).toContain('Wix больше не даёт доступ')
  })

  test('one refusal among good answers is forgotten', async () => {
    const { app, browser, wix } = await open({}, engine)
    await browser.connect('wix')
    const [site] = wix.sites

    for (let round = 0; round < 3; round += 1) {
      wix.remove(site)
      await tick(app)
      site.installed = true
      await tick(app)
    }

    expect(await app.ctx.connections.find(1, 'wix')).toMatchObject({ health: 'online' })
    expect(app.logged('incident')).toHaveLength(0)
  })
})

describe('Wix tells its refusals apart', () => {
  test('a wrong secret is ours to mend: the owner’s grant is not called gone', async () => {
    const { app, browser, wix } = await open()
    await browser.connect('wix')
    wix.tokens.clear()
    wix.secret = 'changed at Wix'

    for (let round = 0; round < 3; round += 1) await tick(app)

    expect((await app.ctx.connections.find(1, 'wix'))?.health).toBe('unreachable')
  })

  test('a right that is missing is named', async () => {
    const { app, browser, wix } = await open()
    await browser.connect('wix')
    wix.fault('/apps/v1/instance', { status: 403, body: '{"message":"forbidden"}' })

    await tick(app)

    expect(await app.ctx.connections.find(1, 'wix')).toMatchObject({ health: 'permission' })
    expect((await browser.get('/wix')).text).toContain('«Сведения о сайте»')
  })

  test('an outage while minting is no revocation, however often', async () => {
    const { app, browser, wix } = await open()
    await browser.connect('wix')
    wix.tokens.clear()
    wix.fault(TOKEN, { status: 503, body: '' })

    for (let round = 0; round < 3; round += 1) await tick(app)

    expect((await app.ctx.connections.find(1, 'wix'))?.health).not.toBe('revoked')
  })
})

test('disconnecting asks Wix nothing and says where the application is removed', async () => {
  const { app, browser, wix } = await open()
  await browser.connect('wix')
  const before = wix.asked.length

  await browser.submit(await browser.get('/wix'), '/wix/disconnect')

  const page = await browser.get('/wix')
  expect(wix.asked).toHaveLength(before)
  expect(page.text).toContain('удалите приложение EvoSync в панели управления сайтом')
  expect(page.html).toContain('href="https://manage.wix.com/"')
  expect(await app.ctx.db('connections').first()).toBeUndefined()
})

async function open(env: Record<string, string> = {}, engine: 'sqlite' | 'postgres' = 'sqlite') {
  const wix = await startWix()
  onTestFinished(() => wix.stop())
  const app: TestApp = await startApp({ engine, simulators: [wix], env })
  const browser: Browser = app.newBrowser()
  await browser.register()
  return { app, browser, wix }
}

/** A check of everything, whatever was put off. */
async function tick({ ctx }: TestApp) {
  await ctx.db('connections').update({ next_check_at: null, refresh_after: null })
  await checkDue(ctx, new Date(), new AbortController().signal)
}
