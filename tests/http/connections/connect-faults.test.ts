import { describe, expect, test } from 'vitest'
import type { Fault } from '../../simulators/simulator.ts'
import { PLATFORMS, VK } from '../../support/platforms.ts'
import { IMPATIENT } from '../../support/app.ts'
import { cardText, openConnectedScene, openScene } from '../../support/stage.ts'

/** What the token endpoint does, and what the person is told. */
const ODD_ANSWERS: [string, Fault, string][] = [
  ['500', { status: 500, body: '{}' }, 'provider_unavailable'],
  [
    '503 with a date to come back',
    { status: 503, body: '', headers: { 'Retry-After': '7' } },
    'provider_unavailable',
  ],
  ['429', { status: 429, body: '', headers: { 'Retry-After': '7' } }, 'rate_limited'],
  [
    'HTML with 200',
    { body: '<!doctype html><title>Captcha</title>', headers: { 'Content-Type': 'text/html' } },
    'token_exchange',
  ],
  ['broken JSON', { body: '{"access_token": "abc' }, 'token_exchange'],
  ['nothing at all', { body: '' }, 'no_token'],
  ['JSON without a token', { body: '{"user_id":1}' }, 'no_token'],
  ['a token that is not text', { body: '{"access_token":{"a":1}}' }, 'no_token'],
  [
    'an error inside a 200',
    { body: '{"error":"invalid_grant","error_description":"Code is invalid or expired."}' },
    'token_exchange',
  ],
  ['a code it does not know', { status: 401, body: '{"error":"invalid_grant"}' }, 'token_exchange'],
  [
    'a wrong secret',
    {
      status: 401,
      body: '{"error":"invalid_client","error_description":"client_secret is incorrect"}',
    },
    'invalid_client',
  ],
  [
    'a wrong redirect URI',
    {
      status: 400,
      body: '{"error":"invalid_request","error_description":"redirect_uri is incorrect"}',
    },
    'redirect_mismatch',
  ],
  [
    'a token type nobody knows',
    { body: '{"access_token":"a","token_type":"mac"}' },
    'token_exchange',
  ],
  ['a redirect to another host', { way: 'redirect' }, 'token_exchange'],
  ['half an answer', { way: 'reset' }, 'provider_unavailable'],
  ['a body without end', { way: 'huge' }, 'token_exchange'],
  ['no answer', { way: 'hang' }, 'provider_unavailable'],
  ['a byte now and then', { way: 'drip' }, 'provider_unavailable'],
]

const patienceFor = ({ way }: Fault) =>
  way === 'hang' || way === 'drip' ? { http: IMPATIENT } : {}

describe.each(PLATFORMS)('When the token endpoint of $name answers oddly', (platform) => {
  test.each(ODD_ANSWERS)(
    '%s: the person is told, nothing is saved, a new try works',
    async (_name, fault, code) => {
      const { app, browser, stage } = await openScene(platform, patienceFor(fault))
      stage.simulator.fault(stage.tokenPath, fault)

      const back = await browser.connect(stage.key)

      expect(back.location).toBe(`/${stage.key}?error=${code}`)
      const page = await browser.get(back.location)
      expect(page.status).toBe(200)
      expect(page.text).toContain('Что сделать')
      expect(page.text).toContain(`Код для поддержки: ${code}`)
      expect(page.html).not.toContain('undefined')
      expect(await app.ctx.db('connections').first()).toBeUndefined()
      expect(stage.simulator.count(stage.tokenPath)).toBe(1)

      stage.simulator.mend()
      if (code !== 'rate_limited')
        expect((await browser.connect(stage.key)).location).toBe('/connections')
    },
  )

  test('an earlier connection survives a failed attempt to reconnect', async () => {
    const { browser, stage } = await openConnectedScene(platform)
    stage.simulator.fault(stage.tokenPath, { status: 500, body: '' })

    await browser.connect(stage.key)

    expect(cardText(await browser.get('/connections'), stage.key)).toContain('Подключено')
  })
})

describe.each(PLATFORMS)('When $name does not say who is connected', (platform) => {
  test.each<[string, Fault]>([
    ['an outage', { status: 503, body: '' }],
    ['no answer', { way: 'hang' }],
    ['HTML', { body: '<html>' }],
    ['an answer without a person', { body: '{"response":[],"items":"none"}' }],
  ])('%s: the token is kept, the name follows at the next check', async (_name, fault) => {
    const { app, browser, stage } = await openScene(platform, patienceFor(fault))
    stage.simulator.fault(stage.probePath, fault)

    const back = await browser.connect(stage.key)

    expect(back.location).toBe(`/${stage.key}?error=profile_failed`)
    const page = await browser.get(back.location)
    expect(page.text).toContain('Аккаунт подключён, но профиль не загрузился')
    expect(await app.ctx.connections.find(1, stage.key)).toBeDefined()

    stage.simulator.mend()
    const checked = await browser.submit(page, `/${stage.key}/check`)
    expect(checked.location).toBe(`/${stage.key}`)
    expect((await browser.get(`/${stage.key}`)).text).toContain(stage.first)
  })
})

describe.each(PLATFORMS)('When $name sends the person back with an error', (platform) => {
  test.each([
    ['server_error', 'provider_unavailable'],
    ['temporarily_unavailable', 'provider_unavailable'],
    ['unauthorized_client', 'invalid_client'],
    ['invalid_scope', 'app_scope_missing'],
    ['something_new', 'no_code'],
  ])('%s becomes %s', async (error, code) => {
    const { browser, stage } = await openScene(platform)
    const callback = new URL(await browser.consent(`/${stage.key}/connect`))
    callback.searchParams.delete('code')
    callback.searchParams.set('error', error)

    expect((await browser.get(callback.href)).location).toBe(`/${stage.key}?error=${code}`)
  })

  test.each([
    [
      'no code',
      (url: URL) => {
        url.searchParams.delete('code')
      },
    ],
    [
      'two codes',
      (url: URL) => {
        url.searchParams.append('code', 'second')
      },
    ],
  ])('%s becomes no_code', async (_name, spoil) => {
    const { browser, stage } = await openScene(platform)
    const callback = new URL(await browser.consent(`/${stage.key}/connect`))
    spoil(callback)

    expect((await browser.get(callback.href)).location).toBe(`/${stage.key}?error=no_code`)
    expect(stage.simulator.count(stage.tokenPath)).toBe(0)
  })

  test('its words are never shown as they came', async () => {
    const { browser, stage } = await openScene(platform)
    const callback = new URL(await browser.consent(`/${stage.key}/connect`, { decision: 'refuse' }))
    callback.searchParams.set('error', '<script>alert(1)</script>')
    callback.searchParams.set('error_description', '<img src=x onerror=alert(1)>')

    const page = await browser.open(callback.href)

    expect(page.html).not.toContain('alert(1)')
    expect((await browser.get(`/${stage.key}?error=<script>`)).html).not.toContain('<script>alert')
  })
})

test('extra parameters of the callback are ignored', async () => {
  const [platform] = PLATFORMS
  const { browser, stage } = await openScene(
    platform ?? { stage: () => Promise.reject(new Error()) },
  )
  const callback = new URL(await browser.consent(`/${stage.key}/connect`))
  callback.searchParams.set('utm_source', 'vk')

  expect((await browser.get(callback.href)).location).toBe('/connections')
})

test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])(
  'an error called %s is only an unknown one',
  async (error) => {
    const { browser, stage } = await openScene(VK)
    const callback = new URL(await browser.consent('/vk/connect'))
    callback.searchParams.delete('code')
    callback.searchParams.set('error', error)

    expect((await browser.get(callback.href)).location).toBe(`/${stage.key}?error=no_code`)
  },
)
