import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { hostname } from 'node:os'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { TestApp } from '../../support/app.ts'
import type { Browser, Page } from '../../support/browser.ts'
import { define, openRayon, rayonFields } from '../../support/rayon.ts'

/** Ways of writing an address that leads inward; each is tried with the port of a server that counts. */
const FORMS = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '0',
  '0.0.0.0',
  '127.0.0.1.',
  '127.255.255.254',
  'localhost',
  'LocalHost',
  'localhost.',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::7f00:1]',
  '[64:ff9b::7f00:1]',
  '[2002:7f00:1::]',
  '１２７.０.０.１',
  '127。0。0。1',
  '①②⑦.0.0.1',
  'id.rayon.example@127.0.0.1',
  'user:secret@localhost',
  '169.254.169.254',
  '10.0.0.5',
  '[fd00:ec2::254]',
  '100.64.0.1',
]

/** Names of this house; in use only DNS says where they lead, and tests look no name up but `localhost`. */
const NAMES = ['evil.localhost', hostname(), 'metadata.google.internal', 'till.local', 'intranet']

const ENDPOINTS = ['authorize_url', 'token_url', 'userinfo_url', 'revoke_url'] as const

test('no spelling of an inward address is saved, tried, imported or called', async () => {
  const { app, browser, rayon } = await openRayon()
  const canary = await startCanary()
  await define({ rayon, browser })

  for (const form of [...FORMS, ...NAMES]) {
    for (const scheme of ['https', 'http']) {
      const address = `${scheme}://${form}:${canary.port}/x`
      await forgetLimits(app)
      await expectRefusedOnSave(browser, address)
      await expectRefusedByTrial(browser, address)
      await expectRefusedByImport(browser, address)
      if (!NAMES.includes(form)) await expectRefusedInUse(app, browser, address)
    }
  }

  expect(FORMS.length).toBeGreaterThanOrEqual(25)
  expect(canary.hits).toBe(0)
  expect((await app.ctx.customProviders.all()).map(({ title }) => title)).toEqual([
    'Витрина района',
  ])
})

describe('OUTBOUND_ALLOW', () => {
  test('lets exactly its host and port through, http included', async () => {
    const { app, browser, rayon } = await openRayon()
    const canary = await startCanary()
    const inside = `http://127.0.0.1:${canary.port}/x`

    const allowed = await define({ rayon, browser })
    const anotherPort = await define({ rayon, browser }, { key: 'second', token_url: inside })
    const anotherName = await define(
      { rayon, browser },
      { key: 'third', token_url: rayonFields(rayon).token_url.replace('127.0.0.1', 'localhost') },
    )
    await expectRefusedInUse(app, browser, inside)

    expect(allowed.status).toBe(303)
    expect([anotherPort.status, anotherName.status]).toEqual([422, 422])
    expect(canary.hits).toBe(0)
  })

  test('is what the refused address lacked: with it the same row is called', async () => {
    const canary = await startCanary()
    const { app, browser, rayon } = await openRayon({
      env: { OUTBOUND_ALLOW: `127.0.0.1:${canary.port}` },
    })
    await insert(app, rayonFields(rayon))

    await moveTo(app, `http://127.0.0.1:${canary.port}/x`)
    await comeBack(browser)

    expect(canary.hits).toBeGreaterThan(0)
  })
})

test('a refused address is explained to the owner and to the administrator', async () => {
  const { app, browser, rayon } = await openRayon()
  await define({ rayon, browser })
  await browser.connect('rayon')
  const canary = await startCanary()
  await moveTo(app, `https://127.0.0.1:${canary.port}/x`)

  await browser.submit(await browser.get('/rayon'), '/rayon/check')
  const checked = await browser.get('/rayon')
  const back = await comeBack(browser)
  const failed = await browser.open(back.location)

  for (const page of [checked, failed]) {
    expect(page.status).toBe(200)
    expect(page.text).toContain('Адрес сервиса закрыт для запросов')
    expect(page.text).toContain('ведёт во внутреннюю сеть')
  }
  expect(back.location).toBe('/rayon?error=address_refused')
  expect((await app.ctx.connections.find(1, 'rayon'))?.health).toBe('unreachable')
  expect(canary.hits).toBe(0)
})

async function expectRefusedOnSave(browser: Browser, address: string) {
  const edit = await browser.get('/admin/providers/rayon')
  for (const field of ENDPOINTS) {
    const page = await browser.submit(edit, '/admin/providers/rayon', { [field]: address })
    expectFault(page, field, address)
  }
}

async function expectRefusedByTrial(browser: Browser, address: string) {
  const edit = await browser.get('/admin/providers/rayon')
  const fields = Object.fromEntries(ENDPOINTS.map((field) => [field, address]))
  const token = edit.dom.querySelector('[name=_csrf]')?.getAttribute('value') ?? ''
  const page = await browser.post('/admin/providers/test', {
    _csrf: token,
    key: 'rayon',
    client_id: 'x',
    client_secret: 'x',
    client_auth: 'body',
    scope_delimiter: 'space',
    ...fields,
  })
  for (const field of ENDPOINTS) expectFault(page, field, address)
}

async function expectRefusedByImport(browser: Browser, address: string) {
  const page = await browser.submit(
    await browser.get('/admin/providers/new'),
    '/admin/providers/import',
    { server: address },
  )
  expectFault(page, 'server', address)
}

/** As if it had come into the table by another way, or DNS had changed its mind. */
async function expectRefusedInUse(app: TestApp, browser: Browser, address: string) {
  const before = await app.ctx.customProviders.find('rayon')
  await moveTo(app, address)

  const back = await comeBack(browser)

  expect(back.location, address).toMatch(/^\/rayon\?error=(address_refused|provider_unavailable)$/)
  expect((await browser.get(back.location)).status).toBe(200)
  if (before)
    await app.ctx.db('custom_providers').update({
      token_url: before.tokenUrl,
      userinfo_url: before.userinfoUrl,
      revoke_url: before.revokeUrl ?? null,
    })
  await app.ctx.providers.reload()
}

async function moveTo(app: TestApp, address: string) {
  await app.ctx
    .db('custom_providers')
    .update({ token_url: address, userinfo_url: address, revoke_url: address })
  await app.ctx.providers.reload()
}

/** Begins to connect and comes back with a code nobody gave. */
async function comeBack(browser: Browser): Promise<Page> {
  const start = await browser.get('/rayon/connect')
  const state = new URL(start.location).searchParams.get('state') ?? ''
  return await browser.get(`/rayon/callback?code=c&state=${state}`)
}

function expectFault(page: Page, field: string, address: string) {
  expect(page.status, address).toBe(422)
  const words = page.dom.querySelector(`#${field}-error`)?.text
  expect(words, `${field}: ${address}`).toBe('Нужен адрес https:// вне внутренней сети')
}

async function insert({ ctx }: TestApp, fields: Record<string, string>) {
  await ctx.customProviders.add({
    key: 'rayon',
    title: 'Витрина района',
    icon: 'bi-shop',
    clientId: fields.client_id ?? '',
    clientSecret: fields.client_secret,
    scope: '',
    scopeDelimiter: ' ',
    authorizeUrl: fields.authorize_url ?? '',
    tokenUrl: fields.token_url ?? '',
    userinfoUrl: fields.userinfo_url ?? '',
    issuerRequired: false,
    pkce: true,
    clientAuth: 'body',
    enabled: true,
  })
}

const forgetLimits = ({ ctx }: TestApp) => ctx.db('rate_limits').delete()

/** Counts whoever so much as connects, on every address of this machine. */
async function startCanary() {
  const canary = { hits: 0, port: 0 }
  const server = createServer((socket) => {
    canary.hits += 1
    socket.destroy()
  })
  await new Promise<void>((ready) => server.listen(0, '0.0.0.0', ready))
  canary.port = (server.address() as AddressInfo).port
  onTestFinished(() => void server.close())
  return canary
}
