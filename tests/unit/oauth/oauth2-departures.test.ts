import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import { type OAuth2, oauth2 } from '../../../app/oauth/oauth2.ts'
import type { Tokens } from '../../../app/oauth/tokens.ts'
import { DEAD } from '../../../app/oauth/token-answer.ts'
import { only, platformAt, sendJson, startServer } from '../http/local-server.ts'

const HOUR_S = 3600
const DAY_MS = 24 * HOUR_S * 1000

describe('who answers (RFC 9207)', () => {
  const issuer = 'https://id.example.com'

  test.each([
    ['the very issuer', `iss=${encodeURIComponent(issuer)}`, {}],
    ['nobody, where that is allowed', '', {}],
    [
      'somebody, where no issuer is known',
      'iss=https%3A%2F%2Fother.example',
      { issuer: undefined },
    ],
  ])('%s is let pass', async (_what, query, changes) => {
    const { tokens } = await redeem({ ...(!('issuer' in changes) && { issuer }) }, query)

    expect(tokens.accessToken).toBe('A1')
  })

  test.each([
    ['another', 'iss=https%3A%2F%2Fother.example', false],
    ['another spelling', `iss=${encodeURIComponent(`${issuer}/`)}`, false],
    ['two', `iss=${encodeURIComponent(issuer)}&iss=${encodeURIComponent(issuer)}`, false],
    ['nobody, where one has to be named', '', true],
  ])('%s is a mix-up, and the code goes nowhere', async (_what, query, issuerRequired) => {
    const server = await startServer((res) => {
      sendJson(res, { access_token: 'A1' })
    })
    const auth = oauth2({ ...PLATFORM, tokenUrl: server.url, issuer, issuerRequired })

    const failure: unknown = await auth
      .complete(platformAt(server.host), arrivalWith(query))
      .catch((error: unknown) => error)

    expect(failure).toBeInstanceOf(ProviderError)
    expect(failure).toMatchObject({ code: 'issuer_mismatch', kind: 'configuration' })
    expect(server.asked).toEqual([])
  })
})

describe('a platform’s own ways', () => {
  test('fields it is told to keep go with the tokens, as texts', async () => {
    const { tokens } = await redeem({ keep: ['blog_id', 'blog_url', 'nothing'] }, '', {
      blog_id: 42,
      blog_url: 'https://lavka.example',
    })

    expect(tokens.carried).toEqual({ blog_id: '42', blog_url: 'https://lavka.example' })
  })

  test('errors mean what the platform says they mean', async () => {
    const answer = { error: { code: 190, message: 'expired' } }

    await expect(redeem({ errors: { '190': DEAD } }, '', answer)).rejects.toMatchObject({
      kind: 'dead',
    })
    await expect(redeem({}, '', answer)).rejects.toMatchObject({ kind: 'configuration' })
  })

  test.each(['constructor', '__proto__', 'toString'])(
    'an error called «%s» is only an unknown one',
    async (error) => {
      await expect(redeem({ errors: { x: DEAD } }, '', { error })).rejects.toMatchObject({
        code: 'refused',
        kind: 'configuration',
      })
    },
  )

  test('extra parameters and headers go with the code', async () => {
    const { asked } = await redeem({
      extraTokenParams: { audience: 'api' },
      tokenHeaders: { 'x-version': '2' },
    })

    expect(new URLSearchParams(asked.body).get('audience')).toBe('api')
    expect(asked.headers['x-version']).toBe('2')
  })

  test('scopes for signing in replace the usual ones', () => {
    const { url } = oauth2(PLATFORM).begin({
      redirectUri: 'https://a.example',
      state: 'S',
      scopes: ['id'],
    })

    expect(url.searchParams.get('scope')).toBe('id')
  })
})

describe('lives and margins', () => {
  test('a margin of its own is when it is renewed', async () => {
    const { tokens } = await redeem({ expiryMarginS: 600 }, '', { expires_in: 14_400 })

    const ahead = (tokens.expiresAt?.getTime() ?? 0) - (tokens.renewAt?.getTime() ?? 0)
    expect(ahead).toBeGreaterThanOrEqual(480_000)
    expect(ahead).toBeLessThanOrEqual(600_000)
  })

  test('a refresh token’s life is counted from the consent, and renewing does not prolong it', async () => {
    const refreshLifeS = 180 * 24 * HOUR_S
    const { tokens } = await redeem({ refreshLifeS }, '', { refresh_token: 'R1' })
    const end = tokens.refreshExpiresAt

    expect(Math.round(((end?.getTime() ?? 0) - Date.now()) / DAY_MS)).toBe(180)
    const renewed = await renew({ refreshLifeS }, tokens, { access_token: 'A2' })
    expect(renewed).toMatchObject({ accessToken: 'A2', refreshToken: 'R1', refreshExpiresAt: end })
  })

  test('tokens are renewed at an address of their own, and what was kept stays', async () => {
    const server = await startServer((res) => {
      sendJson(res, { access_token: 'A2' })
    })
    const auth = oauth2({
      ...PLATFORM,
      tokenUrl: 'http://127.0.0.1:9/never',
      refreshUrl: server.url,
    })
    const old = { accessToken: 'A1', refreshToken: 'R1', carried: { blog_id: '42' } }

    const tokens = await auth.refresh?.(platformAt(server.host), old)

    expect(tokens).toMatchObject({ accessToken: 'A2', carried: { blog_id: '42' } })
    expect(only(server.asked).body).not.toContain('blog_id')
  })
})

const PLATFORM: OAuth2 = {
  authorizeUrl: 'https://id.example.com/authorize',
  tokenUrl: 'https://id.example.com/token',
  clientId: 'client-1',
  clientSecret: 'hush',
  clientAuth: 'body',
  scopes: ['read'],
}

const arrivalWith = (query: string) => ({
  redirectUri: 'https://shop.example.ru/x/callback',
  state: 'S1',
  callback: new URLSearchParams(`code=C1&state=S1&${query}`),
})

async function redeem(changes: Partial<OAuth2>, query = '', answer: object = {}) {
  const server = await startServer((res) => {
    sendJson(res, { ...(!('error' in answer) && { access_token: 'A1' }), ...answer })
  })
  const auth = oauth2({ ...PLATFORM, tokenUrl: server.url, ...changes })
  const tokens = await auth.complete(platformAt(server.host), arrivalWith(query))
  return { tokens, asked: only(server.asked) }
}

async function renew(changes: Partial<OAuth2>, old: Tokens, answer: object) {
  const server = await startServer((res) => {
    sendJson(res, answer)
  })
  const auth = oauth2({ ...PLATFORM, tokenUrl: server.url, ...changes })
  return await auth.refresh?.(platformAt(server.host), old)
}
