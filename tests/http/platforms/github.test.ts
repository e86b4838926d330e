import { describe, expect, test } from 'vitest'
import { createApi } from '../../../app/providers/api.ts'
import { GITHUB_EMAILS, GITHUB_TOKEN, GITHUB_USER, startGitHub } from '../../simulators/github.ts'
import { openBeside } from '../../support/stage.ts'
import { renew, tick } from '../../support/tick.ts'

const DAY_MS = 24 * 3600_000

describe('An OAuth App of GitHub', () => {
  test('asks with spaces and PKCE, is answered with commas, and nothing ends', async () => {
    const { app, browser } = await openBeside(startGitHub())

    const { searchParams } = new URL((await browser.get('/github/connect')).location)
    await browser.connect('github')

    expect(searchParams.get('scope')).toBe('read:user user:email')
    expect(searchParams.get('code_challenge_method')).toBe('S256')
    const connection = await app.ctx.connections.find(1, 'github')
    expect(connection).toMatchObject({ scope: ['read:user', 'user:email'], renewable: false })
    expect(connection?.expiresAt).toBeUndefined()
    expect(connection?.account).toEqual({ id: '583231', name: 'marina-k', profile: {} })
  })

  test('asks for JSON at the token endpoint and for GitHub’s own at the API', async () => {
    const { browser, platform } = await openBeside(startGitHub())

    await browser.connect('github')

    const accepts = (path: string) =>
      platform.asked.filter((one) => one.path === path).map(({ headers }) => headers.accept)
    expect(accepts(GITHUB_TOKEN)).toEqual(['application/json'])
    expect(accepts(GITHUB_USER)).toEqual(['application/vnd.github+json'])
  })

  test.each([
    ['bad_verification_code', 'token_exchange'],
    ['incorrect_client_credentials', 'invalid_client'],
    ['redirect_uri_mismatch', 'redirect_mismatch'],
    ['unverified_user_email', 'token_exchange'],
  ])('the error %s inside a 200 ends as %s', async (error, code) => {
    const { app, browser, platform } = await openBeside(startGitHub())
    const callback = await browser.consent('/github/connect')
    const body = JSON.stringify({ error, error_description: 'No.', error_uri: '/docs' })
    platform.fault(GITHUB_TOKEN, { status: 200, body })

    expect((await browser.get(callback)).location).toBe(`/github?error=${code}`)
    expect(await app.ctx.db('connections').first()).toBeUndefined()
  })

  test('a wrong secret is told as what it is', async () => {
    const { browser } = await openBeside(startGitHub(), { GITHUB_CLIENT_SECRET: 'wrong' })

    expect((await browser.connect('github')).location).toBe('/github?error=invalid_client')
  })

  test.each([
    [[{ primary: true, verified: true }], 'a0@example.ru'],
    [[{ primary: false, verified: true }], undefined],
    [[{ primary: true, verified: false }], undefined],
    [
      [
        { primary: false, verified: true },
        { primary: true, verified: true },
      ],
      'a1@example.ru',
    ],
    [[], undefined],
    [[null, 'x'], undefined],
  ])('of the addresses %j the one to trust is %s', async (flags, address) => {
    const body = flags.map((one, index) =>
      typeof one === 'object' && one ? { email: `a${index}@example.ru`, ...one } : one,
    )

    const account = await identified(['user:email'], JSON.stringify(body))

    expect(account.email).toEqual(address && { address, verified: true })
  })

  test('without the right to them addresses are not asked for', async () => {
    const { app, browser, platform } = await openBeside(startGitHub())

    await browser.connect('github', { without: ['user:email'] })

    expect(platform.count(GITHUB_EMAILS)).toBe(0)
    expect((await app.ctx.connections.find(1, 'github'))?.isOnline).toBe(true)
  })

  test.each([403, 404])('addresses refused with %i leave the account known', async (status) => {
    const account = await identified(undefined, '{"message":"Not Found"}', status)

    expect(account).toEqual({ id: '583231', name: 'marina-k', profile: {} })
  })
})

describe('Disconnecting from GitHub', () => {
  test('ends the whole grant, by Basic and the token as JSON', async () => {
    const { browser, platform } = await openBeside(startGitHub())
    await browser.connect('github')

    await browser.submit(await browser.get('/github'), '/github/disconnect')

    const asked = platform.asked.find(({ method }) => method === 'DELETE')
    expect(asked?.path).toBe(`/applications/${platform.clientId}/grant`)
    expect(asked?.headers.authorization).toMatch(/^Basic /)
    expect(platform.tokens.size).toBe(0)
    expect((await browser.get('/github')).text).toContain('Доступ отозван')
  })

  test.each([
    [404, 'Доступ отозван'],
    [422, 'Доступ отозван'],
    [401, 'Снять доступ можно в настройках GitHub'],
  ])('%i', async (status, words) => {
    const { browser, platform } = await openBeside(startGitHub())
    await browser.connect('github')
    platform.fault(`/applications/${platform.clientId}/grant`, { status, body: '{}' })

    await browser.submit(await browser.get('/github'), '/github/disconnect')

    expect((await browser.get('/github')).text).toContain(words)
  })
})

describe('A GitHub App', () => {
  test('tells no scope, and no right counts as missing', async () => {
    const { app, browser } = await openBeside(startGitHub('GitHub App'))

    expect((await browser.connect('github')).location).toBe('/connections')

    const connection = await app.ctx.connections.find(1, 'github')
    expect(connection).toMatchObject({ scope: undefined, renewable: true })
    const life = (connection?.refreshExpiresAt?.getTime() ?? 0) - Date.now()
    expect(Math.round(life / DAY_MS)).toBe(183)
  })

  test('rotates its tokens, and each renewal prolongs', async () => {
    const { app, browser, platform } = await openBeside(startGitHub('GitHub App'))
    await browser.connect('github')
    const before = await app.ctx.connections.tokensOf(1, 'github')
    await app.ctx.db('connections').update({ refresh_expires_at: new Date(Date.now() + DAY_MS) })

    await renew(app)

    const after = await app.ctx.connections.tokensOf(1, 'github')
    expect(after?.refreshToken).not.toBe(before?.refreshToken)
    expect(platform.refreshTokens.has(after?.refreshToken ?? '')).toBe(true)
    expect(after?.refreshExpiresAt?.getTime()).toBeGreaterThan(Date.now() + 180 * DAY_MS)
  })

  test('a refresh token it does not take is dead, with status 200', async () => {
    const { app, browser, platform } = await openBeside(startGitHub('GitHub App'))
    await browser.connect('github')
    platform.refreshTokens.clear()

    await renew(app)

    expect((await browser.get('/github')).text).toContain('Нет доступа')
  })
})

describe('GitHub’s limits', () => {
  const reset = String(Math.ceil(Date.now() / 1000) + 300)

  test.each([
    ['the primary', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset }],
    ['a secondary', { 'retry-after': '300' }],
  ])('%s one is a pause: the connection stays what it was', async (_what, headers) => {
    const { app, browser, platform } = await openBeside(startGitHub())
    await browser.connect('github')
    platform.fault(GITHUB_USER, { status: 403, body: '{"message":"limit"}', headers })

    await tick(app)

    const connection = await app.ctx.connections.find(1, 'github')
    expect(connection).toMatchObject({ isOnline: true, health: 'online' })
    const wait = (connection?.nextCheckAt?.getTime() ?? 0) - Date.now()
    expect(wait).toBeGreaterThan(200_000)
  })
})

/** Who it is, where `/user/emails` answers so. */
async function identified(scope: string[] | undefined, body: string, status = 200) {
  const { app, platform } = await openBeside(startGitHub())
  const provider = app.ctx.providers.get('github')
  platform.fault(GITHUB_EMAILS, { status, body })
  const accessToken = platform.issue({ userId: '583231', scope: [] })
  const tokens = { accessToken, carried: {}, ...(scope && { scope }) }
  return await provider.identify(createApi(app.ctx.httpFor(provider), provider, tokens))
}
