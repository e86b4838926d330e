import { describe, expect, test } from 'vitest'
import { isAcceptable } from '../../../app/http/addresses.ts'
import type { PlatformHttp, Request } from '../../../app/http/http-options.ts'
import { custom } from '../../../app/providers/custom.ts'
import type { CustomPlatform } from '../../../app/providers/custom-platform.ts'
import { createApi } from '../../../app/providers/api.ts'
import { missingScopes } from '../../../app/providers/scopes.ts'

const RAYON: CustomPlatform = {
  key: 'rayon',
  title: 'Витрина района',
  icon: 'bi-shop',
  clientId: 'evosync-01',
  clientSecret: 'hush',
  scope: 'openid catalog.read catalog.write offline_access',
  scopeDelimiter: ' ',
  authorizeUrl: 'https://id.rayon.example/authorize?tenant=7',
  tokenUrl: 'https://id.rayon.example/token',
  userinfoUrl: 'https://id.rayon.example/me',
  issuerRequired: false,
  pkce: true,
  clientAuth: 'body',
  enabled: true,
}

const make = (changes: Partial<CustomPlatform> = {}) =>
  custom({ ...RAYON, ...changes }, 'https://evosync.example')

describe('A platform made from its row', () => {
  test('sends people off with PKCE, the scope and its own redirect URI', () => {
    const provider = make({ scopeDelimiter: ',' })

    const { url, verifier } = provider.auth.begin({ redirectUri: provider.redirectUri, state: 's' })

    expect(verifier).toMatch(/^[\w-]{43}$/)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      tenant: '7',
      client_id: 'evosync-01',
      scope: 'openid,catalog.read,catalog.write,offline_access',
      redirect_uri: 'https://evosync.example/rayon/callback',
      code_challenge_method: 'S256',
    })
  })

  test('leaves PKCE and scope out where there are none', () => {
    const { url, verifier } = make({ pkce: false, scope: '' }).auth.begin({
      redirectUri: 'x',
      state: 's',
    })

    expect(verifier).toBeUndefined()
    expect(url.searchParams.has('scope')).toBe(false)
  })

  test.each<[string, Partial<CustomPlatform>, boolean]>([
    ['a secret', {}, true],
    ['no secret', { clientSecret: undefined }, false],
    ['no secret and no need of one', { clientSecret: undefined, clientAuth: 'none' }, true],
    ['a secret that does not open', { clientSecret: undefined, unreadable: true }, false],
    ['an address that is none', { tokenUrl: 'javascript:alert(1)' }, false],
    ['an authorize address that is none', { authorizeUrl: 'data:text/html,x' }, false],
    ['half an address', { userinfoUrl: 'https://' }, false],
  ])('with %s counts as configured or not', (_what, changes, configured) => {
    expect(make(changes).configured).toBe(configured)
  })

  test('can be taken back only where there is an address for it', () => {
    const revokeUrl = 'https://id.rayon.example/revoke'

    expect('revoke' in make().auth).toBe(false)
    expect('revoke' in make({ revokeUrl }).auth).toBe(true)
  })

  test('names the rights it asks for, and misses none that are the protocol’s own', () => {
    const provider = make()

    expect(provider.scopes.map(({ title }) => title)).toContain('catalog.write')
    expect(missingScopes(provider, ['catalog.read']).map(({ name }) => name)).toEqual([
      'catalog.write',
    ])
  })

  test('speaks as careful people do', () => {
    const { words, scopes } = make()
    const account = { id: '7', name: 'Лавка', profile: { email: 'a@b.example' } }
    const all = [
      ...Object.values(words)
        .flat()
        .filter((one) => typeof one === 'string'),
      words.done(account),
      ...words.facts(account).map(({ label }) => label),
      ...scopes.map(({ text }) => text),
    ]

    expect(all.length).toBeGreaterThan(15)
    for (const text of all) expect(text).not.toMatch(/["'!]|пожалуйста|\u00a0|undefined/)
    expect(words.setup.join()).toContain('{redirectUri}')
  })
})

describe('Whose account it is', () => {
  test.each<[string, Partial<CustomPlatform>, object, object]>([
    ['OpenID', {}, { sub: 's-1', name: 'Анна', id: 9 }, { id: 's-1', name: 'Анна' }],
    ['a number and a login', {}, { id: 9, login: 'anna' }, { id: '9', name: 'anna' }],
    ['user_id and e-mail', {}, { user_id: 'u', email: 'a@b' }, { id: 'u', name: 'a@b' }],
    ['nothing we know', {}, { uuid: 'u' }, {}],
    [
      'a nested answer',
      { idPath: 'data.user.id', namePath: 'data.user.nick' },
      { data: { user: { id: 1, nick: 'н' } } },
      { id: '1', name: 'н' },
    ],
    ['a list', { idPath: 'users.0.id' }, { users: [{ id: 'first' }] }, { id: 'first' }],
    ['a name nobody has given', { namePath: 'nick' }, { sub: 's', name: 'x' }, { id: 's' }],
    ['objects where texts belong', {}, { sub: { x: 1 }, id: 's' }, { id: 's' }],
    ['properties every object has', { namePath: 'constructor.name' }, { sub: 's' }, { id: 's' }],
  ])('is read from %s', async (_what, changes, body, account) => {
    expect(await identify(changes, 200, body)).toEqual({ ...account, profile: {} })
  })

  test('brings the e-mail along where its place is told', async () => {
    const account = await identify({ emailPath: 'contact.mail' }, 200, {
      sub: 's',
      contact: { mail: 'a@b' },
    })

    expect(account.profile).toEqual({ email: 'a@b' })
  })

  test.each<[string, Partial<CustomPlatform>, number, unknown, object]>([
    ['a dead access', {}, 401, { error: 'invalid_token' }, { kind: 'dead', code: 'token_revoked' }],
    [
      'a missing right',
      {},
      403,
      { error: 'insufficient_scope' },
      { kind: 'permission', code: 'insufficient_scope' },
    ],
    [
      'a request of ours that is wrong',
      {},
      400,
      { error: 'invalid_request' },
      { kind: 'configuration' },
    ],
    ['an error in a 200', {}, 200, { error: 'oops' }, { kind: 'configuration' }],
    ['a list instead of an object', {}, 200, [], { code: 'bad_response' }],
    [
      'an id that is not where it should be',
      { idPath: 'a.b' },
      200,
      { sub: 's' },
      { code: 'bad_response', kind: 'configuration' },
    ],
  ])('is refused with %s', async (_what, changes, status, body, failure) => {
    await expect(identify(changes, status, body)).rejects.toMatchObject(failure)
  })
})

describe('An address an administrator types', () => {
  const ALLOWED = ['10.0.0.5:8443', 'till.local:80']

  test.each([
    'https://id.rayon.example/oauth/authorize',
    'https://id.rayon.example:8443/x?tenant=7',
    'https://1.1.1.1/',
    'https://[2606:4700:4700::1111]/',
    'https://10.0.0.5:8443/x',
    'http://till.local/x',
    'http://10.0.0.5:8443/x',
  ])('%s is fine', async (address) => {
    expect(await isAcceptable(address, ALLOWED)).toBe(true)
  })

  test.each([
    '',
    'id.rayon.example',
    'http://id.rayon.example/',
    'ftp://id.rayon.example/',
    'https://',
    'https://user@id.rayon.example/',
    'https://:pass@id.rayon.example/',
    'https://@id.rayon.example/',
    'https://id.rayon.example/#part',
    'https://id.rayon.example/#',
    'https://id.rayon.example/a b',
    'https://id.rayon.example\\@127.0.0.1/',
    'https://10.0.0.5/',
    'https://10.0.0.5:8444/x',
    'https://till.local/x',
    'https://user@till.local:80/x',
    'https://till',
    'https://db.corp./',
    'https://router.home.arpa/',
    `https://id.rayon.example/${'x'.repeat(2_000)}`,
  ])('%s is refused', async (address) => {
    expect(await isAcceptable(address, ALLOWED)).toBe(false)
  })
})

async function identify(changes: Partial<CustomPlatform>, status: number, body: unknown) {
  const asked: Request[] = []
  const http: PlatformHttp = {
    breaker: { name: 'closed', failed: 0 },
    send: (request) => {
      asked.push(request)
      return Promise.resolve({ status, headers: {}, text: JSON.stringify(body) })
    },
    sendOpenly: () => Promise.reject(new Error('nothing goes openly')),
    fetchFile: () => Promise.reject(new Error('no file is fetched')),
  }
  const provider = make(changes)
  const account = await provider.identify(
    createApi(http, provider, { accessToken: 't', carried: {} }),
  )
  expect(asked).toEqual([{ url: RAYON.userinfoUrl, headers: { authorization: 'Bearer t' } }])
  return account
}
