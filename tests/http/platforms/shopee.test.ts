import { createHash } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Context } from '../../../app/context.ts'
import { checkDue } from '../../../app/flows/connections/check-due.ts'
import { type Shopee, startShopee } from '../../simulators/shopee.ts'
import { type Options, startApp, type TestApp } from '../../support/app.ts'
import type { Browser } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { startMailbox } from '../../support/mailbox.ts'
import { cardText } from '../../support/stage.ts'

const TOKEN = '/api/v2/auth/token/get'
const REFRESH = '/api/v2/auth/access_token/get'
const SHOP = '/api/v2/shop/get_shop_info'
const MERCHANT = '/api/v2/merchant/get_merchant_info'
const DAY_MS = 24 * 3600_000
const LEGACY = (shopee: Shopee) => ({
  SHOPEE_LINK: 'legacy',
  SHOPEE_AUTHORIZE_URL: `${shopee.url}/api/v2/shop/auth_partner`,
})

describe('The way to Shopee', () => {
  test('is a link without a signature', async () => {
    const { app, browser, shopee } = await open()

    const { location } = await browser.get('/shopee/connect')

    const { origin, pathname, searchParams } = new URL(location)
    expect(origin + pathname).toBe(`${shopee.url}/auth`)
    expect(Object.fromEntries(searchParams)).toEqual({
      partner_id: shopee.partnerId,
      auth_type: 'seller',
      redirect_uri: `${app.url}/shopee/callback`,
      response_type: 'code',
      state: expect.stringMatching(/^[\w-]{43}$/) as string,
    })
  })

  test('is a signed link where it is wanted, with our state inside the redirect', async () => {
    const { app, browser } = await open({ env: LEGACY })

    const { location } = await browser.get('/shopee/connect')

    const { searchParams } = new URL(location)
    expect([...searchParams.keys()].sort()).toEqual(['partner_id', 'redirect', 'sign', 'timestamp'])
    expect(searchParams.get('redirect')).toMatch(
      new RegExp(`^${app.url}/shopee/callback\\?state=[\\w-]{43}$`),
    )
  })

  test('leads nowhere when the console knows another domain', async () => {
    const { browser, shopee } = await open()
    shopee.redirectUris.length = 0

    await expect(browser.consent('/shopee/connect')).rejects.toThrow(
      'not consistent with the Redirect URL Domain',
    )
  })

  test('ends with JSON, numbers for ids, and everything signed in the query', async () => {
    const { browser, shopee } = await open()

    await browser.connect('shopee')

    const [exchange] = shopee.asked.filter(({ path }) => path === TOKEN)
    expect(exchange).toMatchObject({ method: 'POST', form: {} })
    expect(exchange?.json).toEqual({
      code: expect.any(String) as string,
      partner_id: 2_001_887,
      shop_id: 14_701_711,
    })
    expect(Object.keys(exchange?.query ?? {}).sort()).toEqual(['partner_id', 'sign', 'timestamp'])
    const [info] = shopee.asked.filter(({ path }) => path === SHOP)
    expect(Object.keys(info?.query ?? {}).sort()).toEqual([
      'access_token',
      'partner_id',
      'shop_id',
      'sign',
      'timestamp',
    ])
  })

  test.each([
    ['neither a shop nor a main account', '', ''],
    ['both of them', '14701711', '500001'],
    ['a shop that is no number', 'abc', ''],
  ])('a callback that names %s is refused, and nobody is asked', async (_what, shop, main) => {
    const { browser, shopee } = await open()
    const callback = new URL(await browser.consent('/shopee/connect'))
    callback.searchParams.delete('shop_id')
    if (shop) callback.searchParams.set('shop_id', shop)
    if (main) callback.searchParams.set('main_account_id', main)

    const back = await browser.get(callback.href)

    expect(back.location).toBe('/shopee?error=invalid_state')
    expect(shopee.count(TOKEN)).toBe(0)
  })

  test('another shop than the one that consented gets no tokens', async () => {
    const { browser } = await open()
    const callback = new URL(await browser.consent('/shopee/connect'))
    callback.searchParams.set('shop_id', '14701713')

    expect((await browser.get(callback.href)).location).toBe('/shopee?error=token_exchange')
  })

  test('a wrong key is named as what it is', async () => {
    const { browser } = await open({ env: () => ({ SHOPEE_PARTNER_KEY: 'another key' }) })

    const back = await browser.connect('shopee')

    expect(back.location).toBe('/shopee?error=invalid_client')
  })
})

describe('Tokens of Shopee', () => {
  test.each([
    ['a span', false],
    ['a point in time', true],
  ])('whose end comes as %s last four hours', async (_what, absolute) => {
    const { app, browser, shopee } = await open()
    shopee.absolute = absolute

    await browser.connect('shopee')

    const { expiresAt, refreshDueAt } = await connectionOf(app)
    const left = ((expiresAt?.getTime() ?? 0) - Date.now()) / 60_000
    expect(left).toBeGreaterThan(238)
    expect(left).toBeLessThanOrEqual(240)
    const ahead = ((expiresAt?.getTime() ?? 0) - (refreshDueAt?.getTime() ?? 0)) / 60_000
    expect(ahead).toBeGreaterThanOrEqual(7.9)
    expect(ahead).toBeLessThanOrEqual(10)
  })

  test('survive a renewal whose answer is lost: the same old one is sent again', async () => {
    const { app, shopee } = await connected()
    const before = await tokensOf(app)
    await makeDue(app.ctx)
    shopee.fault(REFRESH, { way: 'lost', times: 1 })

    await check(app)

    expect(refreshesAskedWith(shopee)).toEqual([before.refreshToken, before.refreshToken])
    const after = await tokensOf(app)
    expect(after.refreshToken).not.toBe(before.refreshToken)
    expect(await connectionOf(app)).toMatchObject({ isOnline: true, revision: 2 })
  })

  test.each(ENGINES)('survive a new pair that was never stored, on %s', async (engine) => {
    const { app, browser, shopee } = await connected({ engine })
    const row: unknown = await app.ctx.db('connections').first()
    const before = await tokensOf(app)
    await makeDue(app.ctx)
    await check(app)
    const given = await tokensOf(app)
    await app.ctx.db('connections').update(row as object) // as if the process had died before it was stored
    await makeDue(app.ctx)

    await check(app)

    expect(refreshesAskedWith(shopee)).toEqual([before.refreshToken, before.refreshToken])
    expect(await tokensOf(app)).toMatchObject(given)
    expect(cardText(await browser.get('/connections'), 'shopee')).toContain('Подключено')
  })

  test('are dead when the lost pair is more than four hours old', async () => {
    const { app, browser, shopee } = await connected()
    const row: unknown = await app.ctx.db('connections').first()
    await makeDue(app.ctx)
    await check(app)
    await app.ctx.db('connections').update(row as object)
    await makeDue(app.ctx)
    for (const { used } of shopee.refreshTokens.values())
      for (const one of used.values()) one.at -= 4.1 * 3600_000

    await check(app)

    expect((await browser.get('/shopee')).text).toContain('Shopee больше не даёт доступ')
  })

  test('that Shopee calls invalid ahead of time are renewed once and asked again', async () => {
    const { app, shopee } = await connected()
    shopee.accessTokens.clear()

    await check(app)

    expect(shopee.count(REFRESH)).toBe(1)
    expect(await connectionOf(app)).toMatchObject({ isOnline: true, revision: 2 })
  })

  test('that were taken back are not renewed: only a new consent helps', async () => {
    const { app, shopee } = await connected()
    shopee.revoke()

    await check(app)

    expect(shopee.count(REFRESH)).toBe(0)
    expect(await connectionOf(app)).toMatchObject({
      health: 'revoked',
      detail: 'AuthRequired (shop_no_linked)',
    })
  })
})

describe('A main account of Shopee', () => {
  test('shows every shop and merchant with its country', async () => {
    const { browser, shopee } = await connected({ main: true })

    const page = await browser.get('/shopee')

    expect(
      page.dom
        .querySelectorAll('[aria-labelledby=table] tbody tr')
        .map((row) => cellsOf(row.innerHTML)),
    ).toEqual([
      ['Цветы у дома', 'Сингапур', 'Магазин', '14701711', 'Работает'],
      ['Цветы на острове', 'Малайзия', 'Магазин', '14701712', 'Работает'],
      ['ИП Ковалёва', 'Китай', 'Продавец', '1000000', 'Работает'],
    ])
    const [merchant] = shopee.asked.filter(({ path }) => path === MERCHANT)
    expect(merchant?.query).toMatchObject({ merchant_id: '1000000' })
    expect(merchant?.query).not.toHaveProperty('shop_id')
  })

  test('begins with one pair for all, and then each shop renews its own', async () => {
    const { app, shopee } = await connected({ main: true })
    const shared = await tokensOf(app)
    expect(shopee.refreshTokens.size).toBe(1)
    await makeDue(app.ctx)
    await check(app)
    expect(refreshesAskedWith(shopee)).toEqual(Array(3).fill(shared.refreshToken))

    await makeDue(app.ctx)
    await check(app)

    const asked = refreshesAskedWith(shopee)
    expect(asked).toHaveLength(6)
    expect(new Set(asked).size).toBe(4)
    const tokens = await tokensOf(app)
    expect(tokens.carried).toMatchObject({ shop_id: '14701711', main_account_id: '500001' })
    expect(await connectionOf(app)).toMatchObject({ isOnline: true, account: { id: '500001' } })
  })

  test('one shop that is gone costs no other one', async () => {
    const { app, browser, shopee } = await connected({ main: true })
    shopee.shop('14701712').linked = false
    await makeDue(app.ctx)

    await check(app)

    expect(await connectionOf(app)).toMatchObject({ isOnline: true })
    const rows = (await browser.get('/shopee')).dom.querySelectorAll(
      '[aria-labelledby=table] tbody tr',
    )
    expect(rows.map((row) => cellsOf(row.innerHTML).at(-1))).toEqual([
      'Работает',
      'Нет доступа',
      'Работает',
    ])
  })

  test('a shop that could not be renewed keeps its pair and is tried again soon', async () => {
    const { app, shopee } = await connected({ main: true })
    const shared = await tokensOf(app)
    await makeDue(app.ctx)
    shopee.shop('14701712').busy = true
    await check(app)

    const [behind, merchant] = await otherPairs(app)
    expect(behind).toMatchObject({ id: '14701712', refreshToken: shared.refreshToken })
    expect(merchant).toMatchObject({ id: '1000000' })
    expect(merchant?.refreshToken).not.toBe(shared.refreshToken)
    const due = (await connectionOf(app)).refreshDueAt?.getTime() ?? 0
    expect(due - Date.now()).toBeLessThanOrEqual(15 * 60_000)
    shopee.shop('14701712').busy = false
    await makeDue(app.ctx)
    await check(app)

    const caughtUp = (await otherPairs(app)).find(({ id }) => id === '14701712')
    expect(caughtUp?.refreshToken).not.toBe(shared.refreshToken)
    const later = (await connectionOf(app)).refreshDueAt?.getTime() ?? 0
    expect(later - Date.now()).toBeGreaterThan(3 * 3600_000)
  })

  test('without a single shop is not connected', async () => {
    const { app, browser, shopee } = await open()
    shopee.loggedInAs = 'main'
    for (const account of shopee.mainAccounts) account.reaches = []

    const back = await browser.connect('shopee')

    expect(back.location).toBe('/shopee?error=insufficient_scope')
    expect(await app.ctx.db('connections').first()).toBeUndefined()
    expect((await browser.get(back.location)).text).toContain('Доступ выдан не полностью')
  })
})

describe('The state of a shop', () => {
  test('frozen: the connection lives and asks for attention', async () => {
    const { app, browser, shopee } = await connected()
    shopee.shop('14701711').status = 'FROZEN'

    await check(app)

    expect((await browser.get('/shopee')).text).toContain('Магазин Shopee заморожен')
    expect(await connectionOf(app)).toMatchObject({ isOnline: true, reason: 'shop_frozen' })
  })

  test.each(['by its state', 'by an error'])('banned, %s: dead', async (how) => {
    const { app, browser, shopee } = await connected()
    if (how === 'by its state') shopee.shop('14701711').status = 'BANNED'
    else shopee.fault(SHOP, { body: '{"error":"shop_banned","message":"banned"}' })

    await check(app)

    expect((await browser.get('/shopee')).text).toContain('Аккаунт заблокирован')
    expect(await connectionOf(app)).toMatchObject({ health: 'revoked', reason: 'user_blocked' })
  })

  test('a clock that is wrong is our trouble, and administrators read so', async () => {
    const { app, browser, shopee } = await connected()
    shopee.fault(SHOP, { body: '{"error":"error_param","message":"Timestamp is expired."}' })

    await check(app)
    await check(app)

    const page = await browser.get('/shopee')
    expect(page.text).toContain('Shopee не принимает запросы EvoSync')
    expect(page.text).toContain('часы сервера EvoSync спешат или отстают')
  })

  test('errors mean the same with the status of one', async () => {
    const { app, shopee } = await connected()
    shopee.errorStatus = 403
    shopee.accessTokens.clear()

    await check(app)

    expect(await connectionOf(app)).toMatchObject({ isOnline: true, revision: 2 })
  })
})

describe.each(ENGINES)('The end of an authorization, on %s', (engine) => {
  test('is told 30 days, 7 days and a day ahead, once each, and the page says until when', async () => {
    const mailbox = await startMailbox()
    const { app, browser, shopee } = await connected({ engine, smtp: mailbox.url })
    const shop = shopee.shop('14701711')

    for (const [index, days] of [29, 6, 0.5].entries()) {
      shop.expiresAt = Date.now() + days * DAY_MS
      await check(app)
      await check(app)

      const letter = await mailbox.letter(index + 1)
      expect(letter.subject).toBe('Shopee: доступ скоро закончится')
      expect(letter.text).toContain(`Доступ действует до ${dayOf(shop.expiresAt)}`)
      const page = await browser.get('/shopee')
      expect(page.text).toContain('Доступ скоро закончится')
      expect(page.text).toContain(`Доступ действует до ${dayOf(shop.expiresAt)}`)
    }
    expect(app.logged('incident')).toHaveLength(3)
    await makeDue(app.ctx)
    await check(app)
    expect(mailbox.letters).toHaveLength(3)
  })

  test('is no trouble while it is far, however short the life of a refresh token', async () => {
    const { app, browser } = await connected({ engine })

    await check(app)

    expect(app.logged('incident')).toEqual([])
    const page = await browser.get('/shopee')
    expect(page.text).toContain('Подключено')
    expect(page.text).toContain('Разрешение действует до')
  })

  test('once it has come asks for a new consent, and that ends the trouble', async () => {
    const { app, browser, shopee } = await connected({ engine })
    const shop = shopee.shop('14701711')
    shop.expiresAt = Date.now() - 1000

    await check(app)

    expect((await browser.get('/shopee')).text).toContain('Срок доступа закончился')
    shop.expiresAt = Date.now() + 365 * DAY_MS
    expect((await browser.connect('shopee')).location).toBe('/connections')
    expect(cardText(await browser.get('/connections'), 'shopee')).toContain('Подключено')
  })
})

describe.each(ENGINES)('The journal of consents, on %s', (engine) => {
  test('says when, who, which shop and the hash of the code, never the code', async () => {
    const { app, browser } = await open({ engine })
    const callback = await browser.consent('/shopee/connect')
    const code = new URL(callback).searchParams.get('code') ?? ''

    await browser.get(callback)

    const [consent] = await consents(app)
    expect(consent).toMatchObject({ user_id: 1, address: '127.0.0.1' })
    expect(Date.now() - (consent?.at.getTime() ?? 0)).toBeLessThan(60_000)
    expect(consent?.details).toEqual({ shop_id: '14701711', code_sha256: sha256(code) })
    expect(JSON.stringify(await app.ctx.db('events'))).not.toContain(code)
    expect(JSON.stringify(app.lines)).not.toContain(code)
    expect((await browser.get('/shopee')).text).toContain('Последнее подтверждение')
  })

  test('has the other account’s consent from when it was chosen', async () => {
    const { app, browser, shopee } = await connected({ engine })
    shopee.shop('14701713').expiresAt = Date.now() + 10 * DAY_MS
    const callback = await browser.consent('/shopee/connect', { account: '14701713' })
    const page = await browser.open(callback)
    expect(await consents(app)).toHaveLength(1)

    await browser.submit(page, '/shopee/account', { choice: 'replace' })

    const [, second] = await consents(app)
    const code = new URL(callback).searchParams.get('code') ?? ''
    expect(second?.details).toEqual({ shop_id: '14701713', code_sha256: sha256(code) })
    const { endsAt, refreshDueAt } = await connectionOf(app)
    expect((endsAt?.getTime() ?? 0) - Date.now()).toBeLessThan(10 * DAY_MS)
    expect(refreshDueAt?.getTime()).toBeGreaterThan(Date.now())
  })
})

test('administrators read which environment is on', async () => {
  const { browser } = await open({ env: () => ({ SHOPEE_ENVIRONMENT: 'test' }) })

  expect((await browser.get('/shopee')).text).toContain('Включена песочница Shopee (test)')
})

interface Opening {
  engine?: Options['engine'] & string
  env?: (shopee: Shopee) => Record<string, string>
  main?: boolean
  smtp?: string
}

async function open({ engine = 'sqlite', env, main, smtp }: Opening = {}) {
  const shopee = await startShopee()
  onTestFinished(() => shopee.stop())
  if (main) shopee.loggedInAs = 'main'
  const more = { ...env?.(shopee), ...(smtp && { SMTP_URL: smtp }) }
  const app = await startApp({ engine, simulators: [shopee], env: more })
  const browser = app.newBrowser()
  await browser.register()
  return { app, browser, shopee }
}

async function connected(opening: Opening = {}): Promise<{
  app: TestApp
  browser: Browser
  shopee: Shopee
}> {
  const scene = await open(opening)
  const back = await scene.browser.connect('shopee')
  expect(back.location).toBe('/connections')
  return scene
}

async function check({ ctx }: TestApp) {
  await checkDue(ctx, new Date(), new AbortController().signal)
}

async function makeDue({ db }: Context) {
  await db('connections').update({ refresh_due_at: new Date(Date.now() - 1000) })
}

async function connectionOf({ ctx }: TestApp) {
  const connection = await ctx.connections.find(1, 'shopee')
  if (!connection) throw new Error('not connected')
  return connection
}

async function tokensOf({ ctx }: TestApp) {
  const tokens = await ctx.connections.tokensOf(1, 'shopee')
  if (!tokens) throw new Error('no tokens')
  const { accessToken, refreshToken, carried } = tokens
  return { accessToken, refreshToken, carried }
}

function refreshesAskedWith({ asked }: Shopee): unknown[] {
  return asked
    .filter(({ path }) => path === REFRESH)
    .map(({ json }) => (json as { refresh_token: string }).refresh_token)
}

async function consents({ ctx }: TestApp) {
  const rows = await ctx
    .db<{
      event: string
      id: number
      at: string | number
      user_id: number
      address: string
      details: string
    }>('events')
    .where({ event: 'connected' })
    .orderBy('id')
  return rows.map(({ at, details, ...row }) => ({
    ...row,
    at: new Date(at),
    details: JSON.parse(details) as unknown,
  }))
}

async function otherPairs(app: TestApp) {
  const { carried } = await tokensOf(app)
  return JSON.parse(carried.pairs ?? '[]') as { id: string; refreshToken: string }[]
}

const cellsOf = (html: string): string[] =>
  [...html.matchAll(/<t[hd][^>]*>([^<]*)</g)].map(([, text = '']) => text)

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

/** `1 января 2027`, as the default time zone has it. */
const dayOf = (at: number) =>
  new Date(at)
    .toLocaleDateString('ru-RU', {
      timeZone: 'Europe/Moscow',
      day: 'numeric',
      month: 'long',
      year: 'numeric',
    })
    .replace(/\sг\.$/, '')
