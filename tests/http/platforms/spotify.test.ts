import { describe, expect, test } from 'vitest'
import { createProviders } from '../../../app/providers/index.ts'
import { createApi } from '../../../app/providers/api.ts'
import { SPOTIFY_ME, SPOTIFY_TOKEN, startSpotify } from '../../simulators/spotify.ts'
import { openBeside } from '../../support/stage.ts'
import { renew, tick } from '../../support/tick.ts'
import { load } from '../../unit/settings.ts'

const DAY_MS = 24 * 3600_000
const REMARK = 'Spotify не принимает адрес возврата с localhost'

describe('Spotify', () => {
  test('gets the secret by Basic and no PKCE', async () => {
    const { browser, platform } = await openBeside(startSpotify())

    const { location } = await browser.get('/spotify/connect')
    await browser.connect('spotify')

    expect(location).not.toContain('code_challenge')
    const asked = platform.asked.find(({ path }) => path === SPOTIFY_TOKEN)
    expect(asked?.headers.authorization).toMatch(/^Basic /)
    expect(Object.keys(asked?.form ?? {}).sort()).toEqual(['code', 'grant_type', 'redirect_uri'])
  })

  test('gets PKCE beside it with SPOTIFY_PKCE=on', async () => {
    const { browser, platform } = await openBeside(startSpotify(), { SPOTIFY_PKCE: 'on' })

    expect((await browser.connect('spotify')).location).toBe('/connections')

    const asked = platform.asked.find(({ path }) => path === SPOTIFY_TOKEN)
    expect(asked?.form.code_verifier).toMatch(/^[\w-]{43}$/)
  })

  test('keeps its refresh token, and half a year from the consent stays half a year', async () => {
    const { app, browser } = await openBeside(startSpotify())
    await browser.connect('spotify')
    const before = await app.ctx.connections.tokensOf(1, 'spotify')
    const end = new Date(Date.now() + 100 * DAY_MS)
    await app.ctx.db('connections').update({ refresh_expires_at: end })

    await renew(app)

    const after = await app.ctx.connections.tokensOf(1, 'spotify')
    expect(days(before?.refreshExpiresAt)).toBe(181)
    expect(after?.accessToken).not.toBe(before?.accessToken)
    expect(after?.refreshToken).toBe(before?.refreshToken)
    expect(days((await app.ctx.connections.find(1, 'spotify'))?.refreshExpiresAt)).toBe(100)
  })

  test('warns a week before the end of what cannot be prolonged, and not sooner', async () => {
    const { app, browser } = await openBeside(startSpotify())
    await browser.connect('spotify')
    expect((await browser.get('/spotify')).text).not.toContain('Доступ скоро закончится')

    const soon = new Date(Date.now() + 6 * DAY_MS)
    await app.ctx.db('connections').update({ refresh_expires_at: soon })
    await tick(app)

    expect((await browser.get('/spotify')).text).toContain('Доступ скоро закончится')
    expect(app.logged('incident')).toMatchObject([{ reason: 'expires_soon' }])
  })

  test('at the end asks to connect again, and the half year begins anew', async () => {
    const { app, browser, platform } = await openBeside(startSpotify())
    await browser.connect('spotify')
    await app.ctx.db('connections').update({ refresh_expires_at: new Date(Date.now() - 1000) })
    const body = '{"error":"invalid_grant","error_description":"Refresh token expired"}'
    platform.fault(SPOTIFY_TOKEN, { status: 400, body })

    await renew(app)
    expect((await browser.get('/spotify')).text).toContain('Нет доступа')
    platform.mend()

    expect((await browser.connect('spotify')).location).toBe('/connections')
    expect(days((await app.ctx.connections.find(1, 'spotify'))?.refreshExpiresAt)).toBe(181)
  })

  test.each([
    ['marina.k', 'sp-acc-1'],
    ['oleg_s', 'oleg_s'],
  ])('knows %s by the lasting id where there is one, and trusts no address', async (userId, id) => {
    const { app, platform } = await openBeside(startSpotify())
    const provider = app.ctx.providers.get('spotify')
    const accessToken = platform.issue({ userId, scope: ['user-read-email'] })
    const api = createApi(app.ctx.httpFor(provider), provider, { accessToken, carried: {} })

    expect(await provider.identify(api)).toMatchObject({
      id,
      email: { address: `${userId}@example.ru`, verified: false },
    })
  })

  test('that forgets a token and takes the next one costs one renewal', async () => {
    const { app, browser, platform } = await openBeside(startSpotify())
    await browser.connect('spotify')
    const body = '{"error":{"status":401,"message":"The access token expired"}}'
    platform.fault(SPOTIFY_ME, { status: 401, body, times: 1 })

    await tick(app)

    expect(platform.count(SPOTIFY_TOKEN)).toBe(2)
    expect((await app.ctx.connections.find(1, 'spotify'))?.isOnline).toBe(true)
  })

  test('offers no way to revoke, so the page says where a person does', async () => {
    const { browser } = await openBeside(startSpotify())
    await browser.connect('spotify')

    await browser.submit(await browser.get('/spotify'), '/spotify/disconnect')

    expect((await browser.get('/spotify')).text).toContain('Снять доступ можно в аккаунте Spotify')
  })
})

describe('The redirect URI Spotify does not take', () => {
  test.each([
    ['http://localhost:3000', 1],
    ['http://192.168.1.5:3000', 1],
    ['http://127.0.0.1:3000', 0],
    ['http://[::1]:3000', 0],
    ['https://evosync.example.ru', 0],
  ])('%s is worth %i remark', (BASE_URL, count) => {
    const remarks = createProviders(load({ BASE_URL })).get('spotify').remarks?.(new Date())

    expect(remarks).toHaveLength(count)
  })

  test('is a remark for administrators, not for owners', async () => {
    const { app, browser } = await openBeside(startSpotify())
    const owner = app.newBrowser()
    await owner.register({ email: 'oleg@example.ru' })

    expect((await browser.get('/spotify')).text).toContain(REMARK)
    expect((await owner.get('/spotify')).text).not.toContain(REMARK)
  })
})

const days = (date: Date | undefined) => Math.round(((date?.getTime() ?? 0) - Date.now()) / DAY_MS)
