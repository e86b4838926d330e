import { describe, expect, test } from 'vitest'
import { createApi } from '../../../app/providers/api.ts'
import { GOOGLE_REVOKE } from '../../simulators/google/id.ts'
import { startGoogle } from '../../simulators/google.ts'
import { openBeside } from '../../support/stage.ts'

const LASTING = { access_type: 'offline', prompt: 'consent' }

describe('Google', () => {
  test('is asked for an access that lasts when it is connected', async () => {
    const { browser } = await openBeside(startGoogle())

    const url = new URL((await browser.get('/google/connect')).location)

    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      scope: 'openid email profile',
      code_challenge_method: 'S256',
      ...LASTING,
    })
    expect(url.searchParams.has('nonce')).toBe(false)
  })

  test('is asked for nothing that lasts when a person only signs in', async () => {
    const { app, platform } = await openBeside(startGoogle())
    const { auth, signIn, redirectUri } = app.ctx.providers.get('google')

    const { url, verifier } = auth.begin({ redirectUri, state: 'S1', ...signIn })

    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: platform.clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid email profile',
      state: 'S1',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      code_challenge_method: 'S256',
    })
    expect(verifier).toMatch(/^[\w-]{43}$/)
  })

  test('answers rights by other names, and none counts as missing', async () => {
    const { app, browser } = await openBeside(startGoogle())

    expect((await browser.connect('google')).location).toBe('/connections')
    expect((await app.ctx.connections.find(1, 'google'))?.scope).toEqual([
      'openid',
      'email',
      'profile',
    ])
    expect((await browser.get('/google')).text).toContain('Видеть адрес вашей почты.')
  })

  test.each([
    ['110248495921238986420', { address: 'marina@example.ru', verified: true }],
    ['110248495921238986421', { address: 'oleg@example.ru', verified: false }],
  ])('tells of %s whether the address is proved', async (userId, email) => {
    const account = await identified(userId, ['openid', 'email', 'profile'])

    expect(account).toMatchObject({ id: userId, email })
  })

  test('without the right to the name calls the account by its address', async () => {
    const account = await identified('110248495921238986420', ['openid', 'email'])

    expect(account.name).toBe('marina@example.ru')
  })

  test('without the right to the address tells none', async () => {
    expect(await identified('110248495921238986420', ['openid', 'profile'])).toEqual({
      id: '110248495921238986420',
      name: 'Марина Ковалёва',
      profile: {},
    })
  })

  test('takes the grant back by the token alone', async () => {
    const { browser, platform } = await openBeside(startGoogle())
    await browser.connect('google')

    await browser.submit(await browser.get('/google'), '/google/disconnect')

    expect(platform.count(GOOGLE_REVOKE)).toBe(1)
    expect((await browser.get('/google')).text).toContain('Доступ отозван')
  })
})

async function identified(userId: string, scope: string[]) {
  const { app, platform } = await openBeside(startGoogle())
  const provider = app.ctx.providers.get('google')
  const tokens = { accessToken: platform.issue({ userId, scope }), scope, carried: {} }
  return await provider.identify(createApi(app.ctx.httpFor(provider), provider, tokens))
}
