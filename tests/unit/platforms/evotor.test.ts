import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import type { Request } from '../../../app/http/http-options.ts'
import { basic } from '../../../app/oauth/token-endpoint.ts'
import { evotor } from '../../../app/providers/evotor/index.ts'
import type { Account } from '../../../app/providers/account.ts'
import { isTextCode } from '../../../app/texts/index.ts'
import { only, platformAt, sendJson, startServer } from '../http/local-server.ts'
import { apiThat } from '../api.ts'

const provider = evotor.create({}, 'https://shop.example.ru')
const LAVKA = {
  id: 'S1',
  name: 'Лавка',
  address: 'Тула, ул. Мира, 1',
  user_id: '01-000000000000001',
}

describe('the stores of an account', () => {
  test('are asked for in the second version of the API', async () => {
    const requests: Request[] = []

    await provider.identify(
      apiThat((request) => {
        requests.push(request)
        return Promise.resolve(answerOf(200, JSON.stringify({ items: [] })))
      }),
    )

    expect(requests).toEqual([
      {
        url: 'https://api.evotor.ru/stores',
        headers: {
          accept: 'application/vnd.evotor.v2+json',
          'content-type': 'application/vnd.evotor.v2+json',
        },
      },
    ])
  })

  test('one store gives the account its name', async () => {
    expect(await identify({ items: [LAVKA], paging: {} })).toEqual({
      id: '01-000000000000001',
      name: 'Лавка',
      profile: { stores: [{ name: 'Лавка', address: 'Тула, ул. Мира, 1' }] },
    })
  })

  test.each([
    [2, 'Лавка, 2 магазина'],
    [5, 'Лавка, 5 магазинов'],
    [21, 'Лавка, 21 магазин'],
  ])('%i stores are counted', async (count, name) => {
    const items = Array.from({ length: count }, () => LAVKA)

    expect((await identify({ items })).name).toBe(name)
  })

  test('the owner may stand with any store', async () => {
    const { user_id: owner, ...bare } = LAVKA

    expect((await identify({ items: [bare, { ...bare, user_id: owner }] })).id).toBe(owner)
    expect(await identify({ items: [bare] })).not.toHaveProperty('id')
  })

  test('what is missing from a store is made up for, and no store is one', async () => {
    const { name, profile } = await identify({ items: [{}, null, 'store', { name: 'Лавка' }] })

    expect(name).toBe('Магазин без названия, 2 магазина')
    expect(profile).toEqual({
      stores: [
        { name: 'Магазин без названия', address: '' },
        { name: 'Лавка', address: '' },
      ],
    })
  })

  test('without stores the account lives, nameless, and asks for attention', async () => {
    expect(await identify({ items: [], paging: {} })).toEqual({
      profile: { stores: [] },
      attention: 'no_stores',
    })
  })
})

describe('statuses', () => {
  test.each([
    [400, 'refused', 'configuration'],
    [401, 'token_revoked', 'dead'],
    [403, 'app_not_installed', 'permission'],
    [404, 'refused', 'configuration'],
    [406, 'refused', 'configuration'],
  ])('%i is %s, which is %s', async (status, code, kind) => {
    const failure = await failureOf(status, '{"message":"no"}')

    expect(failure).toMatchObject({ code, kind, status, detail: `HTTP ${status}`, outage: false })
  })

  test.each([401, 403])(
    '%i means the same with JSON, with text and with nothing',
    async (status) => {
      const codes = await Promise.all(
        ['{"code":1002}', 'Unauthorized', ''].map(
          async (text) => (await failureOf(status, text)).code,
        ),
      )

      expect(new Set(codes).size).toBe(1)
    },
  )

  test('402 blocks a store and costs no connection', async () => {
    const account = await provider.identify(apiThat(() => Promise.resolve(answerOf(402, ''))))

    expect(account).toEqual({ profile: {}, attention: 'store_blocked' })
  })

  test.each(['token_revoked', 'app_not_installed', 'store_blocked', 'no_stores'])(
    '%s has words for a person',
    (code) => {
      expect(isTextCode(code)).toBe(true)
    },
  )
})

test.each(['', '<html>', '{}', '[]', '{"items":{}}', '{"items":[', 'null'])(
  'the answer %j is a bad one',
  async (text) => {
    expect(await failureOf(200, text)).toMatchObject({ code: 'bad_response', kind: 'temporary' })
  },
)

describe('the way to the grant', () => {
  const redirectUri = 'https://shop.example.ru/evotor/callback'

  test('leads to Evotor’s own address, without a scope: it is fixed with the client', () => {
    const { auth } = evotor.create({ CLIENT_ID: 'till-1' }, 'https://shop.example.ru')

    expect(auth.begin({ redirectUri, state: 'S1' }).url.href).toBe(
      'https://oauth.evotor.ru/oauth/authorize?client_id=till-1&response_type=code' +
        '&redirect_uri=https%3A%2F%2Fshop.example.ru%2Fevotor%2Fcallback&state=S1',
    )
  })

  test('leads elsewhere when the operator says so, scope included', () => {
    const own = { AUTHORIZE_URL: 'https://mirror.example.ru/in', SCOPES: 'store:read product:read' }
    const { auth } = evotor.create(own, 'https://shop.example.ru')

    const { url } = auth.begin({ redirectUri, state: 'S1' })

    expect(url.origin + url.pathname).toBe('https://mirror.example.ru/in')
    expect(url.searchParams.get('scope')).toBe('store:read product:read')
  })

  test('ends with a code redeemed by Basic', async () => {
    const server = await startServer((res) => {
      sendJson(res, { access_token: 'A1', token_type: 'bearer', expires_in: 604_800 })
    })
    const own = {
      CLIENT_ID: 'till-1',
      CLIENT_SECRET: 'hush',
      TOKEN_URL: `${server.url}/oauth/token`,
    }
    const { auth } = evotor.create(own, 'https://shop.example.ru')
    const callback = new URLSearchParams({ code: 'C1', state: 'S1' })

    const tokens = await auth.complete(platformAt(server.host), {
      redirectUri,
      state: 'S1',
      callback,
    })

    const asked = only(server.asked)
    expect(tokens.accessToken).toBe('A1')
    expect(asked).toMatchObject({ method: 'POST', path: '/oauth/token' })
    expect(asked.headers.authorization).toBe(basic('till-1', 'hush'))
    expect(Object.fromEntries(new URLSearchParams(asked.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'C1',
      redirect_uri: redirectUri,
    })
  })
})

describe('a token pasted by the owner', () => {
  const token = 'f46b0000-0000-4000-8000-000000000000'

  test('is tried as Bearer first, then by the older header', () => {
    expect(provider.pasted?.candidates(` ${token}\n`)).toEqual([
      { accessToken: token, carried: { kind: 'pasted', header: 'bearer' } },
      { accessToken: token, carried: { kind: 'pasted', header: 'x-authorization' } },
    ])
  })

  test.each(['', token.slice(1), `${token}0`, `${token}\r\nx: y`, 'f46b', 'Bearer x'])(
    '%j is none',
    (text) => {
      expect(provider.pasted?.candidates(text)).toEqual([])
    },
  )

  test('is sent in the header it was accepted in', () => {
    const headersWith = (header: string) =>
      provider.sign?.(
        { url: 'https://api.evotor.ru/stores', headers: { accept: 'a/b' } },
        {
          accessToken: token,
          carried: { header },
        },
      ).headers

    expect(headersWith('x-authorization')).toEqual({ accept: 'a/b', 'x-authorization': token })
    expect(headersWith('bearer')).toEqual({ accept: 'a/b', authorization: `Bearer ${token}` })
  })
})

function identify(body: unknown): Promise<Account> {
  return provider.identify(apiThat(() => Promise.resolve(answerOf(200, JSON.stringify(body)))))
}

async function failureOf(status: number, text: string): Promise<ProviderError> {
  const send = () => Promise.resolve(answerOf(status, text))
  const failure: unknown = await provider.identify(apiThat(send)).catch((error: unknown) => error)
  if (failure instanceof ProviderError) return failure
  throw new Error(`was accepted: ${JSON.stringify(failure)}`)
}

function answerOf(status: number, text: string) {
  return { status, headers: {}, text }
}
