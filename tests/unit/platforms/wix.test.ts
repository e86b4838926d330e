import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import type { Provider } from '../../../app/providers/provider.ts'
import type { Account } from '../../../app/providers/account.ts'
import { wix } from '../../../app/providers/wix/index.ts'
import { signedInstanceId } from '../../../app/providers/wix/auth.ts'
import { isTextCode } from '../../../app/texts/index.ts'
import { apiThat } from '../api.ts'
import { only, platformAt, sendJson, startServer } from '../http/local-server.ts'

const SECRET = 'wix-app-secret-0001'
const INSTANCE = '0a1b2c3d-0000-4000-8000-000000000001'
const PAYLOAD =
  'eyJpbnN0YW5jZUlkIjoiMGExYjJjM2QtMDAwMC00MDAwLTgwMDAtMDAwMDAwMDAwMDAxIiwic2lnbkRhdGUiOiIyMDI2LTAxLTAxVDAwOjAwOjAwLjAwMFoifQ'
const SIGNED = `TYzd1cFL8oSMxsMb1Zp5rxoUd7GDfgrYDmJQylIthUo.${PAYLOAD}`
const BASE = 'https://shop.example.ru'

describe('a signed instance', () => {
  test('of the documented form says whose it is', () => {
    expect(signedInstanceId(SIGNED, SECRET)).toBe(INSTANCE)
  })

  test('proves nothing with another secret', () => {
    expect(signedInstanceId(SIGNED, `${SECRET}2`)).toBeUndefined()
  })

  test.each([
    ['the payload alone', PAYLOAD],
    ['no signature', `.${PAYLOAD}`],
    ['half a signature', `TYzd1cFL8oSM.${PAYLOAD}`],
    [
      'another payload under it',
      SIGNED.replace(PAYLOAD, sign('{"instanceId":"other"}').split('.')[1] ?? ''),
    ],
    ['the parts the other way round', SIGNED.split('.').reverse().join('.')],
    ['nothing', ''],
    ['a dot', '.'],
  ])('proves nothing when it is %s', (_what, text) => {
    expect(signedInstanceId(text, SECRET)).toBeUndefined()
  })

  test.each(['{}', '[]', 'null', 'not JSON', '{"instanceId":{}}', '{"instanceId":""}'])(
    'proves nothing when what is signed is %s',
    (said) => {
      expect(signedInstanceId(sign(said), SECRET)).toBeUndefined()
    },
  )
})

describe('the install link', () => {
  const redirectUri = `${BASE}/wix/callback`
  const begin = (variables: Record<string, string>) =>
    wix.create({ CLIENT_ID: 'app-1', ...variables }, BASE).auth.begin({ redirectUri, state: 'S1' })

  test('carries the state inside the return address, and nothing of OAuth', () => {
    const { url, verifier } = begin({})

    expect(url.origin + url.pathname).toBe('https://www.wix.com/app-installer')
    expect(Object.fromEntries(url.searchParams)).toEqual({
      appId: 'app-1',
      postInstallationUrl: `${redirectUri}?state=S1`,
    })
    expect(verifier).toBeUndefined()
  })

  test('names the share of an application outside the market', () => {
    expect(begin({ SHARE_URL_ID: 'share-1' }).url.searchParams.get('shareUrlId')).toBe('share-1')
  })
})

describe('minting', () => {
  test('is one JSON call with four fields; the instance is what the next one is made with', async () => {
    const server = await startServer((res) => {
      sendJson(res, { access_token: 'A1', token_type: 'Bearer', expires_in: 14_400 })
    })

    const tokens = await complete(at(server.url), server.host)

    const asked = only(server.asked)
    expect(asked).toMatchObject({ method: 'POST', path: '/oauth2/token' })
    expect(asked.headers['content-type']).toBe('application/json')
    expect(JSON.parse(asked.body)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'app-1',
      client_secret: SECRET,
      instance_id: INSTANCE,
    })
    expect(tokens).toMatchObject({
      accessToken: 'A1',
      refreshToken: INSTANCE,
      accountId: INSTANCE,
      carried: { tenantId: 'T1' },
    })
    expect((tokens.expiresAt?.getTime() ?? 0) - Date.now()).toBeGreaterThan(14_000_000)
  })

  test('again keeps instance and site', async () => {
    const server = await startServer((res) => {
      sendJson(res, { access_token: 'A2', expires_in: 14_400 })
    })
    const old = { accessToken: 'A1', refreshToken: INSTANCE, carried: { tenantId: 'T1' } }

    const tokens = await at(server.url).auth.refresh?.(platformAt(server.host), old)

    expect(JSON.parse(only(server.asked).body)).toMatchObject({ instance_id: INSTANCE })
    expect(tokens).toMatchObject({ ...old, accessToken: 'A2' })
  })

  test.each([
    [400, '{"error":"invalid_grant"}', 'invalid_grant', 'dead'],
    [400, '{"error":"invalid_request"}', 'invalid_grant', 'dead'],
    [403, '{"message":"app is not installed","details":{}}', 'invalid_grant', 'dead'],
    [404, '', 'invalid_grant', 'dead'],
    [401, '{"error":"invalid_client"}', 'invalid_client', 'configuration'],
    [400, '{"error":"unauthorized_client"}', 'invalid_client', 'configuration'],
    [403, '<html>blocked</html>', 'bad_response', 'temporary'],
    [200, '{}', 'no_token', 'temporary'],
    [200, '{"error":"invalid_grant"}', 'invalid_grant', 'dead'],
  ])('answered with %i %s is %s, which is %s', async (status, body, code, kind) => {
    const server = await startServer((res) => res.writeHead(status).end(body))

    await expect(complete(at(server.url), server.host)).rejects.toMatchObject({ code, kind })
  })

  test('is repeated after an outage: it spends nothing', async () => {
    const server = await startServer((res, _asked, nth) => {
      if (nth === 1) res.writeHead(503).end()
      else sendJson(res, { access_token: 'A1' })
    })

    expect((await complete(at(server.url), server.host)).accessToken).toBe('A1')
    expect(server.asked).toHaveLength(2)
  })
})

describe('the site', () => {
  const provider = wix.create({ CLIENT_ID: 'app-1', CLIENT_SECRET: SECRET }, BASE)
  const identify = (status: number, body: unknown): Promise<Account> =>
    provider.identify(
      apiThat(() => Promise.resolve({ status, headers: {}, text: JSON.stringify(body) }), {
        refreshToken: INSTANCE,
        carried: { tenantId: 'T1' },
      }),
    )

  test('is asked for with the bare token', () => {
    const request = { url: 'https://www.wixapis.com/x', headers: { accept: 'a/b' } }

    expect(provider.sign?.(request, { accessToken: 'A1', carried: {} }).headers).toEqual({
      accept: 'a/b',
      authorization: 'A1',
    })
  })

  test.each([
    [{ siteDisplayName: 'Лавка', url: 'https://l.example', ownerEmail: 'a@b.ru' }, 'Лавка'],
    [{ url: 'https://l.example', ownerInfo: { email: 'a@b.ru' } }, 'https://l.example'],
  ])('%j names the account', async (site, name) => {
    expect(await identify(200, { instance: { instanceId: INSTANCE }, site })).toEqual({
      id: INSTANCE,
      name,
      profile: { url: 'https://l.example', owner: 'a@b.ru', tenantId: 'T1' },
    })
  })

  test('that says nothing of itself is known by the installation', async () => {
    expect(await identify(200, {})).toEqual({ id: INSTANCE, profile: { tenantId: 'T1' } })
  })

  test.each([
    [401, 'token_revoked', 'dead'],
    [403, 'insufficient_scope', 'permission'],
    [404, 'refused', 'configuration'],
  ])('%i is %s, which is %s', async (status, code, kind) => {
    await expect(identify(status, { message: 'no', details: {} })).rejects.toMatchObject({
      code,
      kind,
    })
  })

  test('shows what is known of it and never the installation’s ID', () => {
    const profile = { url: 'https://l.example', tenantId: 'T1' }

    expect(provider.words.facts({ id: INSTANCE, name: 'Лавка', profile })).toEqual([
      { label: 'Сайт', value: 'Лавка' },
      { label: 'Адрес', value: 'https://l.example' },
      { label: 'ID сайта', value: 'T1', code: true },
    ])
  })

  test.each(['token_revoked', 'insufficient_scope', 'invalid_state'])(
    '%s has words for a person',
    (code) => {
      expect(isTextCode(code)).toBe(true)
    },
  )
})

function sign(said: string): string {
  const payload = Buffer.from(said).toString('base64url')
  return `${createHmac('sha256', SECRET).update(payload).digest('base64url')}.${payload}`
}

function at(url: string): Provider {
  const TOKEN_URL = `${url}/oauth2/token`
  return wix.create({ CLIENT_ID: 'app-1', CLIENT_SECRET: SECRET, TOKEN_URL }, BASE)
}

function complete({ auth, redirectUri }: Provider, host: string) {
  const returned = { state: 'S1', tenantId: 'T1', instanceId: INSTANCE, signedInstance: SIGNED }
  const callback = new URLSearchParams(returned)
  return auth.complete(platformAt(host), { redirectUri, state: 'S1', callback })
}
