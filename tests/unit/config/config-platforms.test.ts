import { rootCertificates } from 'node:tls'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createProviders } from '../../../app/providers/index.ts'
import { load, problemsOf } from '../settings.ts'

test("a platform gets its own variables, unprefixed, and nobody else's", () => {
  const { platforms } = load({
    VK_CLIENT_ID: '51',
    VK_CLIENT_SECRET: 'keep',
    EVOTOR_CLIENT_ID: 'till',
    VKONTAKTE_CLIENT_ID: 'nobody',
  })

  expect(platforms).toMatchObject({
    vk: { CLIENT_ID: '51', CLIENT_SECRET: 'keep' },
    evotor: { CLIENT_ID: 'till' },
  })
})

test.each([
  ['VK_AUTH', 'foo'],
  ['VK_AUTH', 'VKID'],
  ['VK_DOMAIN', 'vk.example.com'],
  ['VK_TOKEN_METHOD', 'PUT'],
  ['VK_PER_SECOND', '0'],
  ['VK_PER_SECOND', '10000'],
  ['VK_API_URL', 'api.vk.com/method'],
  ['VK_TOKEN_URL', 'ftp://vk.com/token'],
  ['EVOTOR_AUTHORIZE_URL', 'javascript:alert(1)'],
])('%s=%s is refused', (name, value) => {
  expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(new RegExp(`^${name}: `))])
})

test('EVOTOR_CA_FILE that is not there is refused by its name', () => {
  expect(problemsOf({ EVOTOR_CA_FILE: '/nowhere/ca.pem' })).toEqual([
    'EVOTOR_CA_FILE: файл /nowhere/ca.pem не читается, или в нём нет сертификата PEM',
  ])
})

test('EVOTOR_CA_FILE with something else in it is refused', () => {
  const file = temporaryFile('ca.pem', '-----BEGIN CERTIFICATE-----')

  expect(problemsOf({ EVOTOR_CA_FILE: file })).toEqual([
    `EVOTOR_CA_FILE: файл ${file} не читается, или в нём нет сертификата PEM`,
  ])
})

test('EVOTOR_CA_FILE is read and trusted for this platform alone', () => {
  const [certificate = ''] = rootCertificates
  const file = temporaryFile('ca.pem', certificate)

  const providers = createProviders(load({ EVOTOR_CA_FILE: file }))

  expect(providers.get('evotor').extraCa).toEqual([certificate])
  expect(providers.get('vk').extraCa).toBeUndefined()
})

test('VK_SCOPES are names, however they are parted', () => {
  const namesOf = (VK_SCOPES: string) =>
    createProviders(load({ VK_SCOPES }))
      .get('vk')
      .auth.begin({ redirectUri: 'http://localhost/vk/callback', state: 's' })
      .url.searchParams.get('scope')

  expect(namesOf('market groups')).toBe('market groups')
  expect(namesOf('market,groups')).toBe('market groups')
  expect(namesOf(' market , groups, ')).toBe('market groups')
})

test('without an application nobody can be sent to a platform', () => {
  const configured = (environment: Record<string, string>) =>
    createProviders(load(environment))
      .all.filter((provider) => provider.configured)
      .map(({ key }) => key)

  expect(configured({})).toEqual([])
  expect(configured({ VK_CLIENT_ID: '51' })).toEqual([])
  expect(configured({ VK_CLIENT_ID: '51', VK_CLIENT_SECRET: 's' })).toEqual(['vk'])
  expect(configured({ VK_CLIENT_ID: '51', VK_AUTH: 'vkid' })).toEqual(['vk'])
  expect(configured({ EVOTOR_CLIENT_ID: 'a' })).toEqual([])
  expect(configured({ EVOTOR_CLIENT_ID: 'a', EVOTOR_CLIENT_SECRET: 's' })).toEqual(['evotor'])
})

test('a callback stands under BASE_URL unless a redirect URI says otherwise', () => {
  const BASE_URL = 'https://shop.example.ru'
  const own = 'https://shop.example.ru/api/v1/oauth/callback/evotor'

  const providers = createProviders(load({ BASE_URL, EVOTOR_REDIRECT_URI: own }))

  expect(providers.get('vk').redirectUri).toBe('https://shop.example.ru/vk/callback')
  expect(providers.get('evotor').redirectUri).toBe(own)
})

function temporaryFile(name: string, text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'evosync-unit-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  writeFileSync(path.join(folder, name), text)
  return path.join(folder, name)
}
