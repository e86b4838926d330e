import { describe, expect, test } from 'vitest'
import { type OAuth2, oauth2 } from '../../../app/oauth/oauth2.ts'
import { basic } from '../../../app/oauth/token-endpoint.ts'
import type { Tokens } from '../../../app/oauth/tokens.ts'
import { type Asked, only, platformAt, sendJson, startServer } from '../http/local-server.ts'

const REDIRECT = 'https://shop.example.ru/wix/callback'
const CALLBACK = new URLSearchParams({ code: 'C1', state: 'S1', device_id: 'D1', expires_in: '9' })
const OLD: Tokens = {
  accessToken: 'A1',
  refreshToken: 'R1',
  scope: ['read'],
  accountId: '777',
  expiresAt: new Date(0),
  carried: { device_id: 'D1' },
}

const BARE: Tokens = { accessToken: 'A1', carried: {} }

describe('Basic', () => {
  test.each([
    ['s6BhdRkqt3', '7Fjfp0ZBr1KtDRbnfVdmIw', 'czZCaGRSa3F0Mzo3RmpmcDBaQnIxS3REUmJuZlZkbUl3'],
    ['client id:1', 'p@ss/w+rd%é', 'Y2xpZW50K2lkJTNBMTpwJTQwc3MlMkZ3JTJCcmQlMjUlQzMlQTk='],
  ])('of %s and %s is that of the vectors', (id, secret, encoded) => {
    expect(basic(id, secret)).toBe(`Basic ${encoded}`)
  })
})

describe('redeeming a code', () => {
  test('sends what RFC 6749 §4.1.3 wants, in a form', async () => {
    const { asked } = await redeem({ clientAuth: 'body' })

    expect(asked).toMatchObject({ method: 'POST', path: '/token' })
    expect(formOf(asked)).toEqual({
      client_id: 'client-1',
      client_secret: 'hush',
      grant_type: 'authorization_code',
      code: 'C1',
      redirect_uri: REDIRECT,
    })
    expect(asked.headers).not.toHaveProperty('authorization')
  })

  test('with Basic the client proves itself in the header alone', async () => {
    const { asked } = await redeem({ clientAuth: 'basic' })

    expect(asked.headers.authorization).toBe(basic('client-1', 'hush'))
    expect(Object.keys(formOf(asked))).toEqual(['grant_type', 'code', 'redirect_uri'])
  })

  test('a public client sends its id and no secret', async () => {
    const { asked } = await redeem({ clientAuth: 'none' })

    expect(formOf(asked)).toMatchObject({ client_id: 'client-1' })
    expect(formOf(asked)).not.toHaveProperty('client_secret')
    expect(asked.headers).not.toHaveProperty('authorization')
  })

  test.each(['basic', 'body', 'none'] as const)(
    'by POST with %s no secret stands in the address',
    async (clientAuth) => {
      const { asked } = await redeem({ clientAuth })

      expect(asked.path).not.toMatch(/hush|C1/)
    },
  )

  test('by GET, where a platform documents it, everything stands in the address', async () => {
    const { asked } = await redeem({ clientAuth: 'body', tokenMethod: 'GET', omitGrantType: true })

    expect(asked).toMatchObject({ method: 'GET', body: '' })
    expect(queryOf(asked)).toEqual({
      client_id: 'client-1',
      client_secret: 'hush',
      code: 'C1',
      redirect_uri: REDIRECT,
    })
  })

  test('by GET it is not repeated either: a code works once', async () => {
    const server = await startServer((res) => res.writeHead(500).end())
    const changes = { tokenMethod: 'GET', tokenUrl: server.url } as const

    await expect(complete(changes, server.host)).rejects.toMatchObject({ status: 500 })

    expect(server.asked).toHaveLength(1)
  })

  test('the verifier goes with the code', async () => {
    const { asked } = await redeem({ pkce: 'S256' }, { verifier: 'V1' })

    expect(formOf(asked)).toMatchObject({ code: 'C1', code_verifier: 'V1' })
  })

  test('without its verifier nobody is asked', async () => {
    const server = await startServer((res) => res.end())

    await expect(
      complete({ pkce: 'S256', tokenUrl: server.url }, server.host),
    ).rejects.toMatchObject({ code: 'refused', kind: 'configuration' })

    expect(server.asked).toEqual([])
  })

  test('values to be carried go along and are kept with the tokens, others are not', async () => {
    const { asked, tokens } = await redeem({ carry: ['device_id', 'missing'] })

    expect(formOf(asked)).toMatchObject({ device_id: 'D1' })
    expect(formOf(asked)).not.toHaveProperty('expires_in')
    expect(tokens.carried).toEqual({ device_id: 'D1' })
  })

  test('a callback cannot slip in parameters of ours', async () => {
    const { asked } = await redeem({ clientAuth: 'body' }, {}, 'client_id=evil&redirect_uri=evil&')

    expect(formOf(asked)).toMatchObject({ client_id: 'client-1', redirect_uri: REDIRECT })
  })

  test('an error inside a 200 is an error', async () => {
    const server = await startServer((res) => {
      sendJson(res, { error: 'invalid_grant' })
    })

    await expect(complete({ tokenUrl: server.url }, server.host)).rejects.toMatchObject({
      code: 'invalid_grant',
      kind: 'dead',
    })
  })
})

describe('the state a token endpoint has to send back', () => {
  async function echo(state?: string): Promise<Tokens> {
    const server = await startServer((res, asked) => {
      sendJson(res, { access_token: 'A1', state: state ?? formOf(asked).state })
    })
    return await complete({ echoState: true, tokenUrl: server.url }, server.host)
  }

  test('is ours when it is unchanged', async () => {
    await expect(echo()).resolves.toMatchObject({ accessToken: 'A1' })
  })

  test('belongs to another request when it is another', async () => {
    await expect(echo('evil')).rejects.toMatchObject({ code: 'bad_response' })
  })

  test('is fresh for every call, and not the one the browser saw', async () => {
    const first = await redeem({ echoState: true })
    const second = await redeem({ echoState: true })

    expect(formOf(first.asked).state).toMatch(/^[\w-]{43}$/)
    expect(formOf(first.asked).state).not.toBe(formOf(second.asked).state)
    expect(formOf(first.asked).state).not.toBe('S1')
  })

  test('is neither sent nor looked at where nobody wants it', async () => {
    const server = await startServer((res) => {
      sendJson(res, { access_token: 'A1', state: 'whatever' })
    })

    const tokens = await complete({ tokenUrl: server.url }, server.host)

    expect(tokens.accessToken).toBe('A1')
    expect(formOf(only(server.asked))).not.toHaveProperty('state')
  })
})

describe('refreshing', () => {
  test('sends the old refresh token and what is carried', async () => {
    const { asked } = await refresh(
      { access_token: 'A2' },
      { clientAuth: 'none', carry: ['device_id'] },
    )

    expect(formOf(asked)).toEqual({
      client_id: 'client-1',
      grant_type: 'refresh_token',
      refresh_token: 'R1',
      device_id: 'D1',
    })
  })

  test('keeps the old refresh token when none comes, and all that is not told anew', async () => {
    const { tokens } = await refresh({ access_token: 'A2' })

    expect(tokens).toEqual({
      accessToken: 'A2',
      refreshToken: 'R1',
      scope: ['read'],
      accountId: '777',
      carried: { device_id: 'D1' },
    })
  })

  test('takes what is new', async () => {
    const { tokens } = await refresh({
      access_token: 'A2',
      refresh_token: 'R2',
      scope: 'read write',
      expires_in: 3600,
    })

    expect(tokens).toMatchObject({ refreshToken: 'R2', scope: ['read', 'write'] })
    expect(tokens.expiresAt).toBeInstanceOf(Date)
  })

  test('forgets the old expiry when no new one is told', async () => {
    const { tokens } = await refresh({ access_token: 'A2', expires_in: 0 })

    expect(tokens).not.toHaveProperty('expiresAt')
  })

  test('without a refresh token is over before anybody is asked', async () => {
    const server = await startServer((res) => res.end())
    const auth = oauth2({ ...PLATFORM, tokenUrl: server.url })

    await expect(auth.refresh?.(platformAt(server.host), BARE)).rejects.toMatchObject({
      code: 'invalid_grant',
      kind: 'dead',
    })
    expect(server.asked).toEqual([])
  })

  test('is not offered where there is nothing to refresh', () => {
    expect(oauth2({ ...PLATFORM, refreshes: false })).not.toHaveProperty('refresh')
  })
})

describe('revoking', () => {
  test('names the refresh token where there is one', async () => {
    const { asked } = await revoke({})

    expect(asked).toMatchObject({ method: 'POST', path: '/revoke' })
    expect(formOf(asked)).toEqual({ token: 'R1', token_type_hint: 'refresh_token' })
    expect(asked.headers.authorization).toBe(basic('client-1', 'hush'))
  })

  test('names the access token otherwise', async () => {
    const { asked } = await revoke({}, BARE)

    expect(formOf(asked)).toEqual({ token: 'A1', token_type_hint: 'access_token' })
  })

  test('goes by POST even where tokens are asked for by GET', async () => {
    const { asked } = await revoke({ tokenMethod: 'GET', clientAuth: 'body' })

    expect(asked.method).toBe('POST')
    expect(asked.path).toBe('/revoke')
  })

  test('that is refused is a failure', async () => {
    await expect(revoke({}, OLD, 400)).rejects.toMatchObject({ code: 'refused', status: 400 })
  })

  test('is not offered where the platform has no address for it', () => {
    expect(oauth2(PLATFORM)).not.toHaveProperty('revoke')
  })
})

const PLATFORM: OAuth2 = {
  authorizeUrl: 'https://id.example.com/authorize',
  tokenUrl: 'https://id.example.com/token',
  clientId: 'client-1',
  clientSecret: 'hush',
  clientAuth: 'basic',
  scopes: ['read'],
}

async function redeem(changes: Partial<OAuth2>, kept: { verifier?: string } = {}, extra = '') {
  const server = await startServer((res) => {
    sendJson(res, { access_token: 'A1' })
  })
  const tokens = await complete(
    { tokenUrl: `${server.url}/token`, ...changes },
    server.host,
    kept,
    extra,
  )
  return { tokens, asked: only(server.asked) }
}

function complete(
  changes: Partial<OAuth2>,
  host: string,
  kept: { verifier?: string } = {},
  extra = '',
): Promise<Tokens> {
  const callback = new URLSearchParams(extra + CALLBACK.toString())
  const arrival = { redirectUri: REDIRECT, state: 'S1', callback, ...kept }
  return oauth2({ ...PLATFORM, ...changes }).complete(platformAt(host), arrival)
}

async function refresh(answer: unknown, changes: Partial<OAuth2> = {}) {
  const server = await startServer((res) => {
    sendJson(res, answer)
  })
  const auth = oauth2({ ...PLATFORM, tokenUrl: server.url, ...changes })
  const tokens = await auth.refresh?.(platformAt(server.host), OLD)
  if (!tokens) throw new Error('nothing to refresh')
  return { tokens, asked: only(server.asked) }
}

async function revoke(changes: Partial<OAuth2>, tokens = OLD, status = 200) {
  const server = await startServer((res) => res.writeHead(status).end())
  const auth = oauth2({ ...PLATFORM, revokeUrl: `${server.url}/revoke`, ...changes })
  await auth.revoke?.(platformAt(server.host), tokens)
  return { asked: only(server.asked) }
}

const formOf = ({ body }: Asked) => Object.fromEntries(new URLSearchParams(body))
const queryOf = ({ path }: Asked) => Object.fromEntries(new URLSearchParams(path.split('?')[1]))
