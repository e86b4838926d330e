import { describe, expect, test } from 'vitest'
import { hostAndPort } from '../../../app/config/platform-hosts.ts'
import { createProviders } from '../../../app/providers/index.ts'
import { load, problemsOf } from '../settings.ts'

describe('BASE_URL', () => {
  test('is kept as an origin, without its last slash', () => {
    const config = load({ BASE_URL: 'https://Shop.Example.ru/' })

    expect(config).toMatchObject({ baseUrl: 'https://shop.example.ru', secure: true })
  })

  test.each([
    'https://example.ru/evosync',
    'https://example.ru/?a=1',
    'https://example.ru/#top',
    'ftp://example.ru',
    'javascript:alert(1)',
    'example.ru',
    '//example.ru',
  ])('%s is no origin', (address) => {
    expect(problemsOf({ BASE_URL: address })).toEqual([expect.stringMatching(/^BASE_URL: /)])
  })
})

describe('a redirect URI of its own', () => {
  const BASE_URL = 'https://shop.example.ru'

  test('may be another path of ours', () => {
    const own = { VK_REDIRECT_URI: 'https://shop.example.ru/vk/callback/' }

    expect(problemsOf({ BASE_URL, ...own })).toEqual([])
  })

  test('is no trouble where it is left out', () => {
    expect(load({ BASE_URL }).misdirected).toEqual({})
  })

  test.each([
    'https://evil.example.com/vk/callback',
    'http://shop.example.ru/vk/callback',
    'https://shop.example.ru:8443/vk/callback',
    'https://shop.example.ru.evil.example.com/vk/callback',
    'https://shop.example.ru@evil.example.com/vk/callback',
    '/vk/callback',
  ])('%s is not ours: its platform counts as not configured, the others work', (address) => {
    const keys = { VK_CLIENT_ID: '1', VK_CLIENT_SECRET: 's', EVOTOR_CLIENT_ID: '1' }
    const config = load({ BASE_URL, ...keys, EVOTOR_CLIENT_SECRET: 's', VK_REDIRECT_URI: address })

    const providers = createProviders(config)

    expect(providers.get('vk')).toMatchObject({
      configured: false,
      problem: expect.stringContaining(`VK_REDIRECT_URI должен начинаться с ${BASE_URL}`) as string,
    })
    expect(providers.get('evotor').configured).toBe(true)
    expect(providers.get('evotor').problem).toBeUndefined()
  })

  test('leads nowhere in production on this very machine, and every platform says so', () => {
    const config = load({ DEPLOY_ENV: 'production', BASE_URL: 'http://localhost:3000' })

    for (const { problem } of createProviders(config).all)
      expect(problem).toContain('BASE_URL ведёт на эту же машину')
    const elsewhere = load({ DEPLOY_ENV: 'production', BASE_URL })
    expect(elsewhere.misdirected).toEqual({})
  })

  test('is not blamed for a BASE_URL nobody can read', () => {
    const own = { VK_REDIRECT_URI: 'https://shop.example.ru/vk/callback' }

    expect(problemsOf({ BASE_URL: `${BASE_URL}/shop`, ...own })).toEqual([
      expect.stringMatching(/^BASE_URL: /),
    ])
  })
})

describe('hosts the address guard lets through', () => {
  test('are those of OUTBOUND_ALLOW', () => {
    const { allowedHosts } = load({ OUTBOUND_ALLOW: 'mirror.example.ru:443, 10.0.0.5:8080' })

    expect(allowedHosts).toEqual(['mirror.example.ru:443', '10.0.0.5:8080'])
  })

  test('are every endpoint the environment names, with its port', () => {
    const { allowedHosts } = load({
      VK_AUTHORIZE_URL: 'http://localhost:4001/authorize',
      VK_TOKEN_URL: 'https://mirror.example.ru/token',
      VK_API_URL: 'http://mirror.example.ru/method',
      VK_REVOKE_URL: 'http://[::1]:4004/revoke',
      EVOTOR_USERINFO_URL: 'http://127.0.0.1:4002/',
    })

    expect(allowedHosts.toSorted()).toEqual([
      '127.0.0.1:4002',
      '[::1]:4004',
      'localhost:4001',
      'mirror.example.ru:443',
      'mirror.example.ru:80',
    ])
  })

  test('are nobody else: no platform of the public internet needs the list', () => {
    const { allowedHosts } = load({
      BASE_URL: 'http://127.0.0.1:3000',
      VK_REDIRECT_URI: 'http://127.0.0.1:3000/vk/callback',
      DATABASE_URL: 'postgres://127.0.0.1/evosync',
      SMTP_URL: 'smtp://127.0.0.1',
      OTHER_API_URL: 'http://127.0.0.1:4003',
    })

    expect(allowedHosts).toEqual([])
  })

  test.each(['mirror.example.ru', 'https://mirror.example.ru:443', 'a:1,', 'a:1 b:2', ':80', 'a:'])(
    'OUTBOUND_ALLOW=%s is refused',
    (list) => {
      expect(problemsOf({ OUTBOUND_ALLOW: list })).toEqual([
        expect.stringMatching(/^OUTBOUND_ALLOW: /),
      ])
    },
  )

  test.each([
    ['https://api.example.ru/x', 'api.example.ru:443'],
    ['http://api.example.ru', 'api.example.ru:80'],
    ['https://API.example.ru:8443', 'api.example.ru:8443'],
    ['http://[::1]', '[::1]:80'],
  ])('%s is %s', (address, host) => {
    expect(hostAndPort(new URL(address))).toBe(host)
  })
})
