import { describe, expect, test } from 'vitest'
import { type OAuth2, oauth2 } from '../../../app/oauth/oauth2.ts'
import { challengeOf } from '../../../app/oauth/pkce.ts'
import { vk } from '../../../app/providers/vk/index.ts'

const START = { redirectUri: 'https://shop.example.ru/wix/callback', state: 'S1' }
const PLATFORM: OAuth2 = {
  authorizeUrl: 'https://id.example.com/authorize',
  tokenUrl: 'https://id.example.com/token',
  clientId: 'client-1',
  clientAuth: 'basic',
  scopes: ['read', 'write'],
}

describe('ВКонтакте, as the connection plan has it', () => {
  const redirectUri = 'https://shop.example.ru/vk/callback'

  test('the address has exactly the parameters of the plan, in its order', () => {
    const { url, verifier } = departure({}, redirectUri)

    expect(url.href).toBe(
      'https://oauth.vk.com/authorize?client_id=51&response_type=code' +
        '&redirect_uri=https%3A%2F%2Fshop.example.ru%2Fvk%2Fcallback' +
        '&scope=market%20groups%20offline&state=S1&display=page&v=5.131',
    )
    expect(verifier).toBeUndefined()
  })

  test('scopes, version and domain are the administrator’s to choose', () => {
    const { url } = departure(
      { SCOPES: 'market photos', API_VERSION: '5.199', DOMAIN: 'vk.ru' },
      redirectUri,
    )

    expect(url.href).toBe(
      'https://oauth.vk.ru/authorize?client_id=51&response_type=code' +
        '&redirect_uri=https%3A%2F%2Fshop.example.ru%2Fvk%2Fcallback' +
        '&scope=market%20photos&state=S1&display=page&v=5.199',
    )
  })

  test('VK ID asks with PKCE, in its own spelling, and without the right it does not know', () => {
    const { url, verifier = '' } = departure({ AUTH: 'vkid' }, redirectUri)

    expect(url.origin + url.pathname).toBe('https://id.vk.com/authorize')
    expect([...url.searchParams]).toEqual([
      ['client_id', '51'],
      ['response_type', 'code'],
      ['redirect_uri', redirectUri],
      ['scope', 'market groups'],
      ['state', 'S1'],
      ['code_challenge', challengeOf(verifier)],
      ['code_challenge_method', 's256'],
    ])
  })

  function departure(variables: Record<string, string>, back: string) {
    const own = { CLIENT_ID: '51', CLIENT_SECRET: 'hush', ...variables }
    return vk.create(own, 'https://shop.example.ru').auth.begin({ redirectUri: back, state: 'S1' })
  }
})

test('a query the authorize address already has is kept', () => {
  const { url } = begin({ authorizeUrl: 'https://id.example.com/authorize?tenant=a%2Bb&x=1+2' })

  expect([...url.searchParams].slice(0, 3)).toEqual([
    ['tenant', 'a+b'],
    ['x', '1 2'],
    ['client_id', 'client-1'],
  ])
})

test('spaces are written %20, plus signs stay plus signs', () => {
  const { url } = begin({ clientId: 'a+b c', scopes: ['a+b', 'c d'] })

  expect(url.search).toContain('client_id=a%2Bb%20c&')
  expect(url.search).toContain('scope=a%2Bb%20c%20d')
  expect(url.search).not.toContain('+')
})

test('scopes are parted as the platform wants it', () => {
  expect(begin({ scopeDelimiter: ',' }).url.searchParams.get('scope')).toBe('read,write')
  expect(begin({}).url.searchParams.get('scope')).toBe('read write')
})

test('a single scope is sent like any other', () => {
  expect(begin({ scopes: ['read'] }).url.searchParams.get('scope')).toBe('read')
})

test('where the platform knows the scope by itself none is sent', () => {
  expect(begin({ scopes: [] }).url.searchParams.has('scope')).toBe(false)
})

test('a platform that knows PKCE gets the challenge; the verifier stays with us', () => {
  const { url, verifier = '' } = begin({ pkce: 'S256' })

  expect(verifier).toMatch(/^[\w-]{43}$/)
  expect(url.searchParams.get('code_challenge')).toBe(challengeOf(verifier))
  expect(url.searchParams.get('code_challenge_method')).toBe('S256')
  expect(url.href).not.toContain(verifier)
})

test('every attempt has a verifier of its own', () => {
  expect(begin({ pkce: 'S256' }).verifier).not.toBe(begin({ pkce: 'S256' }).verifier)
})

test('the secret never goes through the browser', () => {
  expect(begin({ clientSecret: 'hush', clientAuth: 'body' }).url.href).not.toContain('hush')
})

test('what makes an access last is sent for one that is to last, not for signing in', () => {
  const auth = oauth2({ ...PLATFORM, lastingParams: { access_type: 'offline' } })

  const toConnect = auth.begin(START).url.searchParams
  const toSignIn = auth.begin({ ...START, scopes: ['read'] }).url.searchParams

  expect(toConnect.get('access_type')).toBe('offline')
  expect(toSignIn.has('access_type')).toBe(false)
  expect([toConnect.get('scope'), toSignIn.get('scope')]).toEqual(['read write', 'read'])
})

test('the redirect URI is sent as it is configured, byte for byte', () => {
  const redirectUri = 'https://shop.example.ru/wix/callback/?a=1&b=%20'

  const { url } = oauth2(PLATFORM).begin({ ...START, redirectUri })

  expect(url.searchParams.get('redirect_uri')).toBe(redirectUri)
})

const begin = (changes: Partial<OAuth2>) => oauth2({ ...PLATFORM, ...changes }).begin(START)
