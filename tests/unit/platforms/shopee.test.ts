import { createHmac } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import { shopee } from '../../../app/providers/shopee/index.ts'
import { grantedBy, lasting } from '../../../app/providers/shopee/calls.ts'
import { readBody } from '../../../app/providers/shopee/errors.ts'
import { hostsOf, settings } from '../../../app/providers/shopee/hosts.ts'
import { pairFor, pairsOf, tenAtATime } from '../../../app/providers/shopee/pairs.ts'
import { regionInWords } from '../../../app/providers/shopee/regions.ts'
import {
  type Caller,
  isGenuinePush,
  signatureOf,
  signedQuery,
} from '../../../app/providers/shopee/sign.ts'
import { apiThat } from '../api.ts'
import { problemsOf } from '../settings.ts'

const K1 = '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
const K2 = 'test-partner-key'
const NOW = new Date(1_655_714_431_999)
const HOST = 'https://partner.shopeemobile.com'
const SHOP: Caller = {
  kind: 'shop_id',
  id: '14701711',
  accessToken: '59777174636562737266615546704c6d',
}
const MERCHANT: Caller = {
  kind: 'merchant_id',
  id: '1000000',
  accessToken: '09777174636962737266615546704c6d',
}

interface Vector {
  path: string
  caller?: Caller
  base: string
  k1: string
  k2: string
}

const VECTORS: Record<string, Vector> = {
  'A, token': {
    path: '/api/v2/auth/token/get',
    base: '2001887/api/v2/auth/token/get1655714431',
    k1: '08a20a84849a3565f92d0a9836243f8782505e7d7a8f164fbe50f35291f217dd',
    k2: '1b1e6cc0a0d759e2ddb0644d67c752dd9cd727e9fbe4f33c14f51ad0c4e24dd3',
  },
  'B, legacy link': {
    path: '/api/v2/shop/auth_partner',
    base: '2001887/api/v2/shop/auth_partner1655714431',
    k1: 'c31fd7ffed513006047671afa716fea392bb4562c36664c5f4c818ee075d9e4b',
    k2: '91a693750337a2da95818215e8c4c67417f226188adee6cd1094f1c265f0ab6c',
  },
  'C, refresh': {
    path: '/api/v2/auth/access_token/get',
    base: '2001887/api/v2/auth/access_token/get1655714431',
    k1: '75b930aeec979bef4f9b17b0ef35ed59113983f5180054d675146b66de98a4ff',
    k2: '4ed4cfdaa7dc6ffabd626f066d91d356a8cb43a5b0e53c16518c24b1d4939655',
  },
  'D, shop': {
    path: '/api/v2/shop/get_shop_info',
    caller: SHOP,
    base: '2001887/api/v2/shop/get_shop_info165571443159777174636562737266615546704c6d14701711',
    k1: '77ec56b3b3e47dc373c3a1c57170a3209463cd3543279b2be64a0ad0b077fb08',
    k2: 'faf4a60d51e5807794fd37d18f605d4e8d1370ba96d66245e23d22c77cb6f090',
  },
  'E, merchant': {
    path: '/api/v2/global_product/get_category',
    caller: MERCHANT,
    base: '2001887/api/v2/global_product/get_category165571443109777174636962737266615546704c6d1000000',
    k1: 'aa2ca5b2bb8d21fa0c813ce262a2b71b443d8355a7ddef745426c2debf993d94',
    k2: '1a16a1f85cedc9c5de045657b6575e159b2620c47d8016407dde8b205e2f3f84',
  },
  'F, public': {
    path: '/api/v2/public/get_shops_by_partner',
    base: '2001887/api/v2/public/get_shops_by_partner1655714431',
    k1: 'da6fea93a13029e73295909d16cf9e7b7d06b3b8c3dcd1db28892da23f1d8793',
    k2: 'eb64c45d9acbec13d6055f604ec1e5b055977f894f80b78659ca0ac06de0d376',
  },
}

describe.each(Object.entries(VECTORS))('vector %s', (_name, { path, caller, base, k1, k2 }) => {
  test('is what either key makes of its base string', () => {
    expect(signatureOf(K1, base)).toBe(k1)
    expect(signatureOf(K2, base)).toBe(k2)
  })

  test.each([
    [K1, k1],
    [K2, k2],
  ])('is built from the parts of a call, with %s', (key, sign) => {
    const query = signedQuery({ id: '2001887', key }, HOST + path, NOW, caller)

    expect(query).toEqual({
      partner_id: '2001887',
      timestamp: '1655714431',
      sign,
      ...(caller && { access_token: caller.accessToken, [caller.kind]: caller.id }),
    })
  })
})

describe('the signature', () => {
  const { base = '' } = VECTORS['D, shop'] ?? {}

  test('takes the key as text: decoded from hex it would be another one', () => {
    const wrong = 'd394641f234434abde2f92df7e884c97099089d2ea7da3816679144435035bfd'
    const decoded = createHmac('sha256', Buffer.from(K1, 'hex')).update(base).digest('hex')

    expect(decoded).toBe(wrong)
    expect(signatureOf(K1, base)).not.toBe(wrong)
  })

  test('is over the path alone: neither host, nor query, nor what a mirror puts in front', () => {
    const sign = (url: string) => signedQuery({ id: '2001887', key: K1 }, url, NOW).sign
    const plain = sign(`${HOST}/api/v2/auth/token/get`)

    expect(sign('http://127.0.0.1:9/api/v2/auth/token/get?x=1')).toBe(plain)
    expect(sign('https://mirror.example/shopee/api/v2/auth/token/get')).toBe(plain)
    expect(sign(`${HOST}/api/v2/auth/token/set`)).not.toBe(plain)
  })
})

describe('a push', () => {
  const url = 'https://hub.example.test/webhooks/shopee'
  const body = '{"code":2,"shop_id":14701711,"timestamp":1655714431}'
  const PUSHES = [
    [K1, 'dc6a99ffd64a59994be988d93507a5fc9181da51189ce13ab2ce51eef722c98b'],
    [K2, '6687cde32e562da42fc0d9494cf4fe3143fb2657cee38f99b9e73b5e231cbe37'],
  ] as const

  test.each(PUSHES)('signed with %s is genuine', (key, authorization) => {
    expect(isGenuinePush(key, { url, body, authorization })).toBe(true)
  })

  test.each(PUSHES)('of %s is not, once anything differs', (key, authorization) => {
    const genuine = { url, body, authorization }

    expect(isGenuinePush(key, { ...genuine, body: `${body} ` })).toBe(false)
    expect(isGenuinePush(key, { ...genuine, url: `${url}/` })).toBe(false)
    expect(isGenuinePush(key, { ...genuine, authorization: '' })).toBe(false)
    expect(isGenuinePush(key, { ...genuine, authorization: authorization.slice(1) })).toBe(false)
    expect(isGenuinePush(`${key}x`, genuine)).toBe(false)
  })
})

describe('the hosts', () => {
  test.each([
    ['live', 'global', 'https://open.shopee.com', 'https://partner.shopeemobile.com'],
    ['live', 'cn', 'https://open.shopee.cn', 'https://openplatform.shopee.cn'],
    ['live', 'br', 'https://open.shopee.com.br', 'https://openplatform.shopee.com.br'],
    [
      'test',
      'global',
      'https://open.sandbox.test-stable.shopee.com',
      'https://openplatform.sandbox.test-stable.shopee.sg',
    ],
    [
      'test',
      'cn',
      'https://open.sandbox.test-stable.shopee.cn',
      'https://openplatform.sandbox.test-stable.shopee.cn',
    ],
    [
      'test',
      'br',
      'https://open.sandbox.test-stable.shopee.com.br',
      'https://openplatform.sandbox.test-stable.shopee.sg',
    ],
  ])('of %s, %s', (ENVIRONMENT, REGION, pages, api) => {
    const usual = { ENVIRONMENT, REGION }

    expect(hostsOf(settings.parse(usual))).toEqual({
      authorizeUrl: `${pages}/auth`,
      cancelUrl: `${pages}/cancel_auth`,
      apiUrl: api,
      tokenUrl: `${api}/api/v2/auth/token/get`,
      refreshUrl: `${api}/api/v2/auth/access_token/get`,
    })
    expect(hostsOf(settings.parse({ ...usual, LINK: 'legacy' })).authorizeUrl).toBe(
      `${api}/api/v2/shop/auth_partner`,
    )
  })

  test('are live and global unless told otherwise', () => {
    expect(hostsOf(settings.parse({})).apiUrl).toBe('https://partner.shopeemobile.com')
  })

  test('move with the variables, the refresh call beside the token call', () => {
    const moved = hostsOf(
      settings.parse({
        AUTHORIZE_URL: 'https://a.example/auth',
        TOKEN_URL: 'https://t.example/x/api/v2/auth/token/get',
        API_URL: 'https://api.example/',
      }),
    )

    expect(moved).toMatchObject({
      authorizeUrl: 'https://a.example/auth',
      tokenUrl: 'https://t.example/x/api/v2/auth/token/get',
      refreshUrl: 'https://t.example/x/api/v2/auth/access_token/get',
      apiUrl: 'https://api.example',
    })
    const apiAlone = hostsOf(settings.parse({ API_URL: 'https://api.example' }))
    expect(apiAlone.tokenUrl).toBe('https://api.example/api/v2/auth/token/get')
  })

  test.each([
    ['SHOPEE_PARTNER_ID', 'abc', 'нужно число из консоли Shopee'],
    ['SHOPEE_ENVIRONMENT', 'sandbox', 'подходит одно из: test, live'],
    ['SHOPEE_REGION', 'sg', 'подходит одно из: global, cn, br'],
    ['SHOPEE_LINK', 'old', 'подходит одно из: new, legacy'],
  ])('%s=%s is refused at the start', (name, value, problem) => {
    expect(problemsOf({ [name]: value })).toEqual([`${name}: ${problem}`])
  })
})

describe('an error in the body', () => {
  test.each([
    ['invalid_acceess_token', 'Invalid access_token.', 'dead', 'token_revoked', ''],
    ['invalid_access_token', '', 'dead', 'token_revoked', ''],
    ['error_auth', 'Invalid access_token.', 'dead', 'token_revoked', ''],
    ['error_auth', 'Invalid refresh_token.', 'dead', 'auth_required', 'AuthRequired'],
    ['refresh_token_expired', '', 'dead', 'auth_required', 'AuthRequired'],
    ['error_shop_refresh_token', '', 'dead', 'auth_required', 'AuthRequired'],
    ['error_merchant_refresh_token', '', 'dead', 'auth_required', 'AuthRequired'],
    ['shop_no_linked', '', 'dead', 'auth_required', 'AuthRequired'],
    ['merchant_no_linked', '', 'dead', 'auth_required', 'AuthRequired'],
    ['partner_shop_no_link', '', 'dead', 'auth_required', 'AuthRequired'],
    ['shop_access_expired', '', 'dead', 'token_expired', 'AuthRequired'],
    ['merchant_access_expired', '', 'dead', 'token_expired', 'AuthRequired'],
    ['supplier_access_expired', '', 'dead', 'token_expired', 'AuthRequired'],
    ['shop_banned', '', 'dead', 'user_blocked', 'AuthRequired'],
    ['invalid_code', '', 'dead', 'invalid_grant', ''],
    ['invalid_main_acount_id', '', 'dead', 'invalid_grant', ''],
    ['error_sign', 'Wrong sign.', 'configuration', 'invalid_client', 'SignatureMismatch'],
    ['invalid_partner_id', '', 'configuration', 'invalid_client', ''],
    ['error_partner_key_expired', '', 'configuration', 'invalid_client', ''],
    ['source_ip_undeclared', '', 'configuration', 'refused', ''],
    ['error_api_permission', '', 'configuration', 'refused', ''],
    ['error_param', 'Timestamp is expired.', 'configuration', 'refused', 'часы сервера'],
    ['error_server', '', 'temporary', 'server_error', ''],
    ['error_network', '', 'temporary', 'server_error', ''],
    ['error_auth', 'System error, please try again later.', 'temporary', 'server_error', ''],
    ['error_limit', '', 'temporary', 'rate_limited', ''],
    ['error_rate_limit', '', 'temporary', 'rate_limited', ''],
    ['error_auth', 'Something new.', 'temporary', 'bad_response', ''],
    ['error_param', 'Something new.', 'temporary', 'bad_response', ''],
    ['shop_no_linked_maybe', '', 'temporary', 'bad_response', ''],
  ])('%s «%s» is %s: %s', (error, message, kind, code, name) => {
    for (const status of [200, 400, 401, 403]) {
      const failure = failureOf(status, JSON.stringify({ error, message, request_id: 'r' }))
      expect(failure).toMatchObject({ kind, code, status, outage: false })
      expect(failure.detail).toContain(name)
      expect(failure.detail).toContain(error)
    }
  })

  test('of a day’s limit waits an hour, and of nothing else that long', () => {
    const wait = (error: string) => failureOf(200, JSON.stringify({ error })).retryAt

    expect((wait('error_limit')?.getTime() ?? 0) - Date.now()).toBeGreaterThan(3_500_000)
    expect(wait('error_rate_limit')).toBeUndefined()
  })

  test('is never shown when it is no word', () => {
    const failure = failureOf(200, JSON.stringify({ error: '<b>token abc</b>' }))

    expect([failure.message, failure.detail]).toEqual(['unknown error', 'unknown error'])
  })

  test.each([
    [200, ''],
    [200, '<html>'],
    [200, '[]'],
    [401, '<html>'],
    [403, ''],
    [403, '{}'],
  ])('that is none, HTTP %i with %j, is a bad answer and no verdict', (status, text) => {
    expect(failureOf(status, text)).toMatchObject({ code: 'bad_response', kind: 'temporary' })
  })

  test.each(['{"error":"","a":1}', '{"a":1}'])('%s is success', (text) => {
    expect(readBody(answerOf(200, text))).toMatchObject({ a: 1 })
  })
})

describe('a granted access', () => {
  const now = new Date('2026-11-20T09:00:00Z')
  const end = (expire_in: unknown) =>
    (grantedBy({ access_token: 'A', expire_in }, now).expiresAt.getTime() - now.getTime()) / 1000

  test.each([
    [14_400, 14_400],
    ['13859', 13_859],
    [Math.floor(now.getTime() / 1000) + 14_344, 14_344],
    [undefined, 14_400],
    [0, 14_400],
    ['soon', 14_400],
  ])('with expire_in %j lasts %i s', (value, seconds) => {
    expect(end(value)).toBe(seconds)
  })

  test('without an access token is none', () => {
    expect(() => grantedBy({ refresh_token: 'R' }, now)).toThrow(
      expect.objectContaining({ code: 'no_token' }) as Error,
    )
  })

  test('is renewed ten minutes ahead, with a refresh token of thirty days', () => {
    const expiresAt = new Date(Date.now() + 4 * 3600_000)

    const { renewAt, refreshExpiresAt } = lasting({ expiresAt })

    const ahead = (expiresAt.getTime() - renewAt.getTime()) / 60_000
    expect(ahead).toBeGreaterThanOrEqual(8)
    expect(ahead).toBeLessThanOrEqual(10)
    expect(refreshExpiresAt.getTime() - Date.now()).toBeGreaterThan(29.9 * 24 * 3600_000)
  })
})

describe('the pairs of a main account', () => {
  const other = { kind: 'merchant_id' as const, id: '7', accessToken: 'A7', refreshToken: 'R7' }
  const tokens = {
    accessToken: 'A1',
    refreshToken: 'R1',
    carried: { shop_id: '1', main_account_id: '5', pairs: JSON.stringify([other]) },
  }
  const own = { kind: 'shop_id', id: '1', accessToken: 'A1', refreshToken: 'R1' }

  test('are its own one first', () => {
    expect(pairsOf(tokens)).toEqual([own, other])
  })

  test('sign whom a request names, or the connection’s own shop', () => {
    expect(pairFor(tokens)).toEqual(own)
    expect(pairFor(tokens, { merchant_id: '7' })).toEqual(other)
    expect(pairFor(tokens, { shop_id: '1', page: '2' })).toEqual(own)
  })

  test('a shop nobody gave us is not taken for another one', () => {
    const unknown = () => pairFor(tokens, { shop_id: '7' })

    expect(unknown).toThrow(expect.objectContaining({ kind: 'permission' }) as Error)
  })

  test('a call of a merchant carries no shop', () => {
    const { sign } = shopee.create({ PARTNER_ID: '2001887', PARTNER_KEY: K1 }, 'https://e.example')

    const { query } = sign?.({ url: `${HOST}/api/v2/x`, query: { merchant_id: '7' } }, tokens) ?? {}

    expect(query).toMatchObject({ merchant_id: '7', access_token: 'A7', partner_id: '2001887' })
    expect(query).not.toHaveProperty('shop_id')
  })
})

describe('ten at a time', () => {
  test('keeps the order, and begins nothing when time is up', async () => {
    const items = Array.from({ length: 25 }, (_, index) => index)
    let running = 0
    let most = 0
    const work = async (item: number) => {
      most = Math.max(most, (running += 1))
      await new Promise((wake) => setTimeout(wake, 5))
      running -= 1
      return item * 2
    }

    expect(await tenAtATime(items, 1000, work)).toEqual(items.map((item) => item * 2))
    expect(most).toBe(10)
    expect(await tenAtATime(items, -1, work)).toEqual(items.map(() => undefined))
  })
})

test.each([
  ['SG', 'Сингапур'],
  ['BR', 'Бразилия'],
  ['TW', 'Тайвань'],
  ['XX', 'XX'],
  ['eu-1', 'eu-1'],
  ['', ''],
])('region %j reads %j', (code, words) => {
  expect(regionInWords(code)).toBe(words)
})

describe('an account', () => {
  const provider = shopee.create({}, 'https://shop.example.ru')
  const identify = (body: object) =>
    provider.identify(
      apiThat(() => Promise.resolve(answerOf(200, JSON.stringify(body))), {
        carried: { shop_id: '14701711' },
      }),
    )

  test('is a shop with its country, and knows when its authorization ends', async () => {
    const account = await identify({ shop_name: 'Лавка', region: 'SG', expire_time: 1_800_000_000 })

    expect(account).toEqual({
      id: '14701711',
      name: 'Лавка, Сингапур',
      profile: {
        shops: [{ id: '14701711', kind: 'shop_id', name: 'Лавка', region: 'SG', status: 'NORMAL' }],
      },
      endsAt: new Date(1_800_000_000_000),
    })
  })

  test('may keep silent about country, status and end', async () => {
    const account = await identify({ shop_name: 'Лавка' })

    const far = await identify({ shop_name: 'Лавка', expire_time: 1_800_000_000_000 })

    expect(account).toMatchObject({ name: 'Лавка' })
    expect(far).not.toHaveProperty('endsAt')
    expect(account).not.toHaveProperty('endsAt')
    expect(account).not.toHaveProperty('attention')
  })

  test('without a name is a bad answer', async () => {
    await expect(identify({ region: 'SG' })).rejects.toMatchObject({ code: 'bad_response' })
  })

  test.each([
    ['test', 'br', 'песочница Shopee (test)', 'Бразилия (br)'],
    ['live', 'cn', 'боевая среда Shopee (live)', 'Китай (cn)'],
  ])('belongs to %s in %s, as administrators read', (ENVIRONMENT, REGION, where, region) => {
    const { remarks } = shopee.create({ ENVIRONMENT, REGION }, 'https://shop.example.ru')

    const [text = ''] = remarks?.(new Date()) ?? []

    expect(text).toContain(where)
    expect(text).toContain(region)
  })
})

function failureOf(status: number, text: string): ProviderError {
  try {
    readBody(answerOf(status, text))
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
  throw new Error(`was accepted: ${text}`)
}

const answerOf = (status: number, text: string) => ({ status, headers: {}, text })
