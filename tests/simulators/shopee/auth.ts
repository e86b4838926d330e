import { createHmac, randomBytes } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { showConsent } from '../consent.ts'
import type { Shopee, ShopeeShop } from '../shopee.ts'

const CODE_LIFE_MS = 600_000
const REPLAY_MS = 4 * 3600_000
const OLD_ACCESS_MS = 5 * 60_000
const REFRESH_LIFE_MS = 30 * 24 * 3600_000
const CLOCK_S = 300

/** Who a code or a token is for, by `shop_id:1`. */
export const nameOf = ({ kind, id }: Pick<ShopeeShop, 'kind' | 'id'>) => `${kind}:${id}`

/** Both authorization pages, and the two token calls. */
export function addAuth(app: Express, shopee: Shopee) {
  const requests = new Map<string, (answer: Record<string, string>) => string>()

  app.get('/auth', (req, res) => {
    const { partner_id, auth_type, redirect_uri, response_type, state, ...more } =
      req.query as Record<string, string>
    if (partner_id !== shopee.partnerId) page(res, 'partner_id')
    else if (auth_type !== 'seller' || response_type !== 'code')
      page(res, 'auth_type, response_type')
    else if (Object.keys(more).length > 0) page(res, `unknown: ${Object.keys(more).join()}`)
    else if (!isOurs(shopee, redirect_uri)) page(res, WRONG_DOMAIN)
    else ask(res, (answer) => withQuery(redirect_uri ?? '', { ...answer, ...(state && { state }) }))
  })

  app.get('/api/v2/shop/auth_partner', (req, res) => {
    const { redirect = '', state } = req.query as Record<string, string>
    const fault = faultOfSign(shopee, req)
    if (fault) page(res, fault.message)
    else if (state !== undefined) page(res, 'state is not a parameter of this page')
    else if (!isOurs(shopee, redirect)) page(res, WRONG_DOMAIN)
    else ask(res, (answer) => withQuery(redirect, answer))
  })

  function ask(res: Response, back: (answer: Record<string, string>) => string) {
    const request = random(8)
    requests.set(request, back)
    const accounts = shopee.loggedInAs === 'shop' ? shopee.shops : shopee.mainAccounts
    showConsent(res, {
      platform: 'Shopee',
      action: '/consent',
      request,
      accounts: accounts.map(({ id, name }) => ({ id, name })),
      rights: [],
    })
  }

  app.post('/consent', (req, res) => {
    const { request = '', decision, account = '' } = (req.body ?? {}) as Record<string, string>
    const back = requests.get(request)
    requests.delete(request)
    if (!back) page(res, 'request is gone')
    else if (decision !== 'allow') res.redirect(302, back({}))
    else {
      const code = random(16)
      const kind = shopee.loggedInAs === 'shop' ? 'shop_id' : 'main_account_id'
      shopee.codes.set(code, { kind, id: account, expiresAt: Date.now() + CODE_LIFE_MS })
      for (const shop of reachedBy(shopee, kind, account)) shop.linked = true
      res.redirect(302, back({ code, [kind]: account }))
    }
  })

  app.post('/api/v2/auth/token/get', (req, res) => {
    const body = bodyOf(shopee, req, res)
    if (body) redeem(res, shopee, body)
  })
  app.post('/api/v2/auth/access_token/get', (req, res) => {
    const body = bodyOf(shopee, req, res)
    if (body) renew(res, shopee, body)
  })
}

const WRONG_DOMAIN =
  'The domain of redirect_uri is not consistent with the Redirect URL Domain declared in console'

/** The console knows a domain, not an address. */
const isOurs = ({ redirectUris }: Shopee, address = '') =>
  URL.canParse(address) &&
  redirectUris.some((one) => new URL(one).origin === new URL(address).origin)

/** The public signature, JSON, our number as a number: or the answer has been given already. */
function bodyOf(shopee: Shopee, req: Request, res: Response): Record<string, unknown> | undefined {
  const fault = faultOfSign(shopee, req)
  const body = (req.body ?? {}) as Record<string, unknown>
  if (fault) refuse(res, shopee, fault.error, fault.message)
  else if (!req.is('application/json')) refuse(res, shopee, 'error_param', 'body is not JSON')
  else if (body.partner_id !== Number(shopee.partnerId))
    refuse(res, shopee, 'error_param', 'partner_id should be an int')
  else return body
  return undefined
}

/** Signature guide: HMAC-SHA256 with the key as text over partner id, path, timestamp and whose call it is. */
export function faultOfSign(shopee: Shopee, req: Request, whose = '') {
  const { partner_id, timestamp = '', sign } = req.query as Record<string, string>
  const base = `${shopee.partnerId}${req.path}${timestamp}${whose}`
  const expected = createHmac('sha256', shopee.partnerKey).update(base).digest('hex')
  if (partner_id !== shopee.partnerId)
    return { error: 'invalid_partner_id', message: 'Invalid partner_id.' }
  if (!/^\d{10}$/.test(timestamp) || Math.abs(Number(timestamp) - Date.now() / 1000) > CLOCK_S)
    return { error: 'error_param', message: 'Timestamp is expired.' }
  if (sign !== expected) return { error: 'error_sign', message: 'Wrong sign.' }
  return undefined
}

function redeem(res: Response, shopee: Shopee, body: Record<string, unknown>) {
  const grant = shopee.codes.get(String(body.code))
  shopee.codes.delete(String(body.code))
  const named = ['shop_id', 'main_account_id'].filter((kind) => kind in body)
  if (!grant || grant.expiresAt < Date.now())
    refuse(res, shopee, 'invalid_code', 'Invalid code or the code has been used.')
  else if (named.length !== 1 || body[grant.kind] !== Number(grant.id))
    refuse(
      res,
      shopee,
      grant.kind === 'shop_id' ? 'invalid_shop_id' : 'invalid_main_acount_id',
      'Invalid id.',
    )
  else {
    const reached = reachedBy(shopee, grant.kind, grant.id)
    const idsOf = (kind: string) =>
      reached.filter((one) => one.kind === kind).map(({ id }) => Number(id))
    send(res, {
      ...givePair(shopee, reached.map(nameOf)),
      ...(grant.kind === 'main_account_id' && {
        shop_id_list: idsOf('shop_id'),
        merchant_id_list: idsOf('merchant_id'),
      }),
    })
  }
}

/** Each shop renews on its own; the same old token gives the same new pair for four hours, and then nothing. */
function renew(res: Response, shopee: Shopee, body: Record<string, unknown>) {
  const kinds = (['shop_id', 'merchant_id'] as const).filter((kind) => kind in body)
  const [kind] = kinds
  const shop = shopee.shops
    .concat(shopee.merchants)
    .find((one) => one.kind === kind && Number(one.id) === body[kind])
  const token = shopee.refreshTokens.get(String(body.refresh_token))
  const used = shop && token?.used.get(nameOf(shop))
  if (kinds.length !== 1 || !shop) refuse(res, shopee, 'error_param', 'Which shop or merchant?')
  else if (shop.busy) refuse(res, shopee, 'error_server', 'Please try later.')
  else if (!shop.linked) refuse(res, shopee, 'shop_no_linked', 'No linked.')
  else if (shop.expiresAt <= Date.now()) refuse(res, shopee, 'shop_access_expired', 'Expired.')
  else if (!token || (used && used.at + REPLAY_MS < Date.now()))
    refuse(res, shopee, 'error_auth', 'Invalid refresh_token.')
  else if (token.expiresAt < Date.now()) refuse(res, shopee, 'refresh_token_expired', 'Expired.')
  else if (!token.owners.includes(nameOf(shop)))
    refuse(res, shopee, 'error_shop_refresh_token', 'Not the token of this shop.')
  else if (used) send(res, used.answer)
  else {
    for (const access of shopee.accessTokens.values())
      if (access.owners.includes(nameOf(shop)) && access.owners.length === 1)
        access.expiresAt = Math.min(access.expiresAt, Date.now() + OLD_ACCESS_MS)
    const pair = givePair(shopee, [nameOf(shop)])
    const answer = { ...pair, partner_id: body.partner_id, [shop.kind]: Number(shop.id) }
    token.used.set(nameOf(shop), { at: Date.now(), answer })
    send(res, answer)
  }
}

function givePair(shopee: Shopee, owners: string[]) {
  const access_token = random(16)
  const refresh_token = random(16)
  const lifeS = shopee.lifeS
  shopee.accessTokens.set(access_token, { owners, expiresAt: Date.now() + lifeS * 1000 })
  const expiresAt = Date.now() + REFRESH_LIFE_MS
  shopee.refreshTokens.set(refresh_token, { owners, expiresAt, used: new Map() })
  const expire_in = shopee.absolute ? Math.floor(Date.now() / 1000) + lifeS : lifeS
  return { access_token, refresh_token, expire_in }
}

/** The shops and merchants somebody who signs in can give. */
function reachedBy(shopee: Shopee, kind: string, id: string): ShopeeShop[] {
  if (kind === 'shop_id') return shopee.shops.filter((one) => one.id === id)
  const account = shopee.mainAccounts.find((one) => one.id === id)
  return shopee.shops
    .concat(shopee.merchants)
    .filter((one) => account?.reaches.includes(nameOf(one)))
}

function withQuery(address: string, parameters: Record<string, string>): string {
  const url = new URL(address)
  for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value)
  return url.href
}

export function send(res: Response, body: object) {
  res.json({ error: '', message: '', request_id: random(16), ...body })
}

export function refuse(res: Response, { errorStatus }: Shopee, error: string, message: string) {
  res.status(errorStatus).json({ error, message, request_id: random(16) })
}

function page(res: Response, text: string) {
  res
    .status(400)
    .type('html')
    .send(`<h1>Shopee</h1><p>${text.replace(/</g, '')}</p>`)
}

const random = (bytes: number) => randomBytes(bytes).toString('hex')
