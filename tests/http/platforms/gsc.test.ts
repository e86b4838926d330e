import { describe, expect, test } from 'vitest'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { GOOGLE_REVOKE, GOOGLE_TOKEN } from '../../simulators/google/id.ts'
import { type Gsc, GSC_SITES, startGsc } from '../../simulators/gsc.ts'
import type { TestApp } from '../../support/app.ts'
import { cardText, openBeside } from '../../support/stage.ts'

const READ = 'https://www.googleapis.com/auth/webmasters.readonly'

describe('Connecting Google Search Console', () => {
  test('the authorize address is the manual’s', async () => {
    const { app, browser, platform } = await open()

    const { location } = await browser.get('/gsc/connect')

    const url = new URL(location)
    expect(url.origin + url.pathname).toBe(`${platform.url}/o/oauth2/v2/auth`)
    expect(url.search).not.toContain('+')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: platform.clientId,
      response_type: 'code',
      redirect_uri: `${app.url}/gsc/callback`,
      scope: `${READ} openid email`,
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
      access_type: 'offline',
      prompt: 'consent',
      include_granted_scopes: 'true',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    })
  })

  test('GSC_SCOPES asks for other rights', async () => {
    const scope = 'https://www.googleapis.com/auth/webmasters openid email'
    const { browser } = await open({ GSC_SCOPES: scope })

    const { location } = await browser.get('/gsc/connect')

    expect(new URL(location).searchParams.get('scope')).toBe(scope)
    expect((await browser.connect('gsc')).location).toBe('/connections')
    expect((await browser.get('/gsc')).text).toContain('Отчёты и настройки поиска')
  })

  test('the account is the one of `sub`, named by its address', async () => {
    const { app, browser } = await open()

    await browser.connect('gsc')

    const connection = await app.ctx.connections.find(1, 'gsc')
    expect(connection?.account).toMatchObject({
      id: '110248495921238986420',
      name: 'marina@example.ru',
    })
    expect(connection).toMatchObject({ renewable: true, scope: [READ, 'openid', 'email'] })
    expect(connection?.refreshExpiresAt).toBeUndefined()
  })

  test('the sites stand in a table with one’s own access to each', async () => {
    const { browser } = await open()

    await browser.connect('gsc')

    const page = await browser.get('/gsc')
    expect(page.text).toContain('https://cvety.example/ Владелец')
    expect(page.text).toContain('example.com (весь домен) Ограниченный')
  })

  test('an account without sites, and a level of tomorrow, are no trouble', async () => {
    const { browser, platform } = await open()
    platform.sites.splice(0)

    expect((await browser.connect('gsc')).location).toBe('/connections')
    expect((await browser.get('/gsc')).text).not.toContain('Ваш доступ')

    platform.sites.push({ siteUrl: 'https://new.example/', permissionLevel: 'siteWizard' })
    await browser.submit(await browser.get('/gsc'), '/gsc/check')
    expect((await browser.get('/gsc')).text).toContain('https://new.example/ Другой')
  })

  test('a right that was unticked is named, and the account is known all the same', async () => {
    const { app, browser, platform } = await open()

    const back = await browser.connect('gsc', { without: [READ] })

    expect(back.location).toBe('/gsc?error=insufficient_scope')
    const page = await browser.get(back.location)
    expect(page.text).toContain('Не хватает прав: «Отчёты поиска».')
    expect(page.text).toContain('marina@example.ru')
    expect(platform.count(GSC_SITES)).toBe(0)
    await tick(app)
    expect(cardText(await browser.get('/connections'), 'gsc')).toContain('Требует внимания')
  })

  test('an address that was unticked is not missed', async () => {
    const { browser } = await open()

    expect((await browser.connect('gsc', { without: ['email'] })).location).toBe('/connections')
    expect((await browser.get('/gsc')).text).toContain('110248495921238986420')
  })
})

describe('An application in testing', () => {
  test('is noticed at once, in words, and no letter hurries its owner', async () => {
    const { app, browser, platform } = await open()
    platform.testing()

    expect((await browser.connect('gsc')).location).toBe('/connections')
    await tick(app)

    const page = await browser.get('/gsc')
    expect(page.text).toContain('Доступ выдан только на неделю')
    expect(page.text).toContain('опубликовать экран согласия')
    expect(page.text).not.toContain('Доступ скоро закончится')
    expect(cardText(await browser.get('/connections'), 'gsc')).toContain('Требует внимания')
    expect(app.logged('incident')).toEqual([])
  })

  test('is still known after renewals, and its end is told three days ahead', async () => {
    const { app, browser, platform } = await open()
    platform.testing()
    await browser.connect('gsc')
    platform.lifeS = 2 * 24 * 3600

    await renew(app)

    expect((await browser.get('/gsc')).text).toContain('Доступ выдан только на неделю')
    expect(app.logged('incident')).toMatchObject([{ reason: 'expires_soon' }])
  })

  test('is not what a long access of which a week is left comes from', async () => {
    const { app, browser, platform } = await open()
    platform.lifeS = 15_551_999
    await browser.connect('gsc')
    platform.lifeS = 5 * 24 * 3600

    await renew(app)

    expect((await browser.get('/gsc')).text).not.toContain('Доступ выдан только на неделю')
    const end = (await app.ctx.connections.find(1, 'gsc'))?.refreshExpiresAt?.getTime() ?? 0
    expect(Math.round((end - Date.now()) / 3600_000)).toBe(5 * 24)
  })

  test('that has been published is forgotten with the next consent', async () => {
    const { browser, platform } = await open()
    platform.testing()
    await browser.connect('gsc')
    platform.lifeS = undefined

    await browser.connect('gsc')

    expect((await browser.get('/gsc')).text).not.toContain('Доступ выдан только на неделю')
  })
})

describe('Renewing', () => {
  test('keeps the refresh token, of which there is one for ever', async () => {
    const { app, browser } = await open()
    await browser.connect('gsc')
    const before = await app.ctx.connections.tokensOf(1, 'gsc')

    await renew(app)

    const after = await app.ctx.connections.tokensOf(1, 'gsc')
    expect(after?.refreshToken).toBe(before?.refreshToken)
    expect(after?.accessToken).not.toBe(before?.accessToken)
  })

  test.each([
    ['expired or revoked', { error_description: 'Token has been expired or revoked.' }],
    [
      'to be proved anew',
      { error_description: 'reauth related error (invalid_rapt)', error_subtype: 'invalid_rapt' },
    ],
  ])('what is %s is dead', async (_what, more) => {
    const { app, browser, platform } = await open()
    await browser.connect('gsc')
    const body = JSON.stringify({ error: 'invalid_grant', ...more })
    platform.fault(GOOGLE_TOKEN, { status: 400, body })

    await renew(app)

    expect((await browser.get('/gsc')).text).toContain('Нет доступа')
  })
})

describe('Disconnecting', () => {
  test('gives the grant back by the token alone', async () => {
    const { browser, platform } = await open()
    await browser.connect('gsc')
    const [refreshToken] = platform.refreshTokens.keys()

    await browser.submit(await browser.get('/gsc'), '/gsc/disconnect')

    const asked = platform.asked.find(({ path }) => path === GOOGLE_REVOKE)
    expect(asked).toMatchObject({ method: 'POST', form: { token: refreshToken } })
    expect(platform.tokens.size).toBe(0)
    expect((await browser.get('/gsc')).text).toContain('Доступ отозван')
  })

  test.each([
    [400, '{"error":"invalid_token"}', 'Доступ отозван'],
    [400, '{"error":"invalid_request"}', 'Снять доступ можно в аккаунте Google'],
    [403, '{"error":"invalid_token"}', 'Снять доступ можно в аккаунте Google'],
  ])('%i %s', async (status, body, words) => {
    const { browser, platform } = await open()
    await browser.connect('gsc')
    platform.fault(GOOGLE_REVOKE, { status, body })

    await browser.submit(await browser.get('/gsc'), '/gsc/disconnect')

    expect((await browser.get('/gsc')).text).toContain(words)
  })
})

const open = (env: Record<string, string> = {}) => openBeside<Gsc>(startGsc(), env)

/** A check at a moment when the access is due. */
async function renew(app: TestApp) {
  await app.ctx.db('connections').update({ refresh_due_at: new Date(Date.now() - 1000) })
  await tick(app)
}

async function tick({ ctx }: TestApp) {
  await ctx.db('connections').update({ next_check_at: null })
  await checkDue(ctx, new Date(), new AbortController().signal)
}
