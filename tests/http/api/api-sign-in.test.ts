import { describe, expect, onTestFinished, test } from 'vitest'
import { stagings } from '../../simulators/google.ts'
import { apiClient } from '../../support/api.ts'
import { startApp, type Options } from '../../support/app.ts'
import { answerConsent } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { everybody } from '../../support/crowd.ts'

describe.each(ENGINES)('Signing in by the API, on %s', (engine) => {
  test('an address to open, a callback that answers with a token, which works', async () => {
    const { app, call, stage } = await open({ engine })

    const { cookie, url } = await begin(call)
    const back = await answerConsent(url, {})
    const { status, body, headers } = await call('GET', pathOf(back), { headers: { cookie } })

    expect(status).toBe(200)
    expect(body).toMatchObject({
      token_type: 'Bearer',
      scope: 'read tokens',
      user: { email: 'marina@example.ru' },
    })
    expect(headers['set-cookie']).toBeDefined()
    const token = String(body.access_token)
    expect((await apiClient(app, token)('GET', '/connections')).status).toBe(200)
    const kept = await app.ctx.apiTokens.find(token)
    expect((kept?.expiresAt?.getTime() ?? 0) - Date.now()).toBeLessThan(12.1 * 3600_000)
    expect(stage.simulator.count(stage.tokenPath)).toBe(1)
  })
})

describe('The state of the API’s sign-in', () => {
  test('is the caller’s own: another caller gets nothing and no code is redeemed', async () => {
    const { call, stage } = await open()
    const { url } = await begin(call)
    const back = await answerConsent(url, {})

    const without = await call('GET', pathOf(back))
    const other = await begin(call)
    const stolen = await call('GET', pathOf(back), { headers: { cookie: other.cookie } })

    expect([without.status, without.body.code]).toEqual([400, 'invalid_state'])
    expect([stolen.status, stolen.body.code]).toEqual([400, 'invalid_state'])
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
  })

  test('works once, and for ten minutes', async () => {
    const { app, call } = await open()
    const first = await begin(call)
    const back = await answerConsent(first.url, {})
    const headers = { cookie: first.cookie }
    expect((await call('GET', pathOf(back), { headers })).status).toBe(200)
    expect((await call('GET', pathOf(back), { headers })).body.code).toBe('invalid_state')

    const second = await begin(call)
    await app.ctx.db('sign_in_attempts').update({ expires_at: new Date(Date.now() - 1) })
    const late = await call('GET', pathOf(await answerConsent(second.url, {})), {
      headers: { cookie: second.cookie },
    })
    expect([late.status, late.body.code]).toEqual([400, 'invalid_state'])
  })

  test('of the API is none of the page’s: its callback at the usual address lets nobody in', async () => {
    const { app, call } = await open()
    const { cookie, url } = await begin(call)
    const back = new URL(await answerConsent(url, {}))

    const page = await app.newBrowser().get(`/google/callback${back.search}`, { cookie })

    expect(page.location).not.toBe('/connections')
    expect(await everybody(app.ctx)).toEqual([])
  })
})

describe('What does not work', () => {
  test('a person who refuses is told so', async () => {
    const { call } = await open()
    const { cookie, url } = await begin(call)

    const back = await answerConsent(url, { decision: 'refuse' })
    const answer = await call('GET', pathOf(back), { headers: { cookie } })

    expect([answer.status, answer.body.code]).toEqual([400, 'access_denied'])
  })

  test.each([
    [{ provider: 'nope' }, 404, 'not_found'],
    [{ provider: 'bing' }, 404, 'not_found'],
    [{ provider: 'discord' }, 409, 'not_configured'],
    [{}, 400, 'bad_request'],
    [{ provider: ['google'] }, 400, 'bad_request'],
  ])('%j is %i', async (json, status, code) => {
    const { call } = await open()

    const answer = await call('POST', '/oauth/login', { json })

    expect([answer.status, answer.body.code]).toEqual([status, code])
  })

  test('a platform that is down is a 503', async () => {
    const { call, stage } = await open()
    const { cookie, url } = await begin(call)
    const back = await answerConsent(url, {})
    stage.simulator.fault(stage.tokenPath, { status: 503, body: '' })

    const answer = await call('GET', pathOf(back), { headers: { cookie } })

    expect([answer.status, answer.body.code]).toEqual([503, 'provider_unavailable'])
  })

  test('where registration is closed nobody new is made', async () => {
    const { app, call } = await open({ env: { REGISTRATION: 'closed' } })
    await app.newBrowser().register({ email: 'first@example.ru' })
    const { cookie, url } = await begin(call)

    const back = await answerConsent(url, {})
    const answer = await call('GET', pathOf(back), { headers: { cookie } })

    expect([answer.status, answer.body.code]).toEqual([409, 'registration_closed'])
    expect(await everybody(app.ctx)).toHaveLength(1)
  })
})

type Caller = ReturnType<typeof apiClient>

async function begin(call: Caller) {
  const { status, body, headers } = await call('POST', '/oauth/login', {
    json: { provider: 'google' },
  })
  expect(status).toBe(200)
  const [cookie = ''] = String(headers['set-cookie']).split(';')
  return { cookie, url: String(body.authorization_url) }
}

/** Where the platform sends the person back to, as the client calls it. */
function pathOf(back: string): string {
  const { pathname, search } = new URL(back)
  expect(pathname).toBe('/api/v1/oauth/callback/google')
  return pathname.replace('/api/v1', '') + search
}

async function open(options: Options = {}) {
  const [google] = stagings
  if (!google) throw new Error('no staging')
  const stage = await google.open()
  onTestFinished(() => stage.simulator.stop())
  const app = await startApp({ ...options, simulators: [stage.simulator] })
  stage.simulator.redirectUris.push(`${app.url}/api/v1/oauth/callback/google`)
  return { app, stage, call: apiClient(app) }
}
