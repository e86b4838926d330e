import { randomBytes } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { addPanel } from './panel.ts'
import { addAuth, faultOfSign, nameOf, refuse, send } from './shopee/auth.ts'
import { type PlatformSimulator, startSimulator } from './simulator.ts'
import type { Stage, Staging } from './stage.ts'

/** A shop, or a merchant that owns shops. `linked`: it has given the application its authorization. */
export interface ShopeeShop {
  kind: 'shop_id' | 'merchant_id'
  id: string
  name: string
  region: string
  status: 'NORMAL' | 'FROZEN' | 'BANNED'
  linked: boolean
  /** Renewing fails for now. */
  busy: boolean
  /** When the authorization ends (ms). */
  expiresAt: number
}

export interface Shopee extends PlatformSimulator {
  partnerId: string
  partnerKey: string
  shops: ShopeeShop[]
  merchants: ShopeeShop[]
  mainAccounts: { id: string; name: string; reaches: string[] }[]
  /** How sellers sign in on the authorization page. */
  loggedInAs: 'shop' | 'main'
  codes: Map<string, { kind: 'shop_id' | 'main_account_id'; id: string; expiresAt: number }>
  accessTokens: Map<string, { owners: string[]; expiresAt: number }>
  refreshTokens: Map<
    string,
    { owners: string[]; expiresAt: number; used: Map<string, { at: number; answer: object }> }
  >
  /** Seconds an access lives; `absolute`: told as a point in time. */
  lifeS: number
  absolute: boolean
  /** Errors stand in the body; of the status nothing is promised. */
  errorStatus: number
  shop(id: string): ShopeeShop
  /** The sellers cancel the authorization of all their shops. */
  revoke(): void
}

const YEAR_MS = 365 * 24 * 3600_000

/** Shopee Open Platform v2: signed queries, JSON bodies with numbers, pairs of one use, errors inside a 200. */
export async function startShopee({ port = 0 } = {}): Promise<Shopee> {
  const shopee = {
    key: 'shopee',
    partnerId: '2001887',
    partnerKey: randomBytes(32).toString('hex'),
    redirectUris: [],
    shops: [
      shopOf('14701711', 'Цветы у дома', 'SG'),
      shopOf('14701712', 'Цветы на острове', 'MY'),
      shopOf('14701713', 'Лавка Олега', 'TH'),
    ],
    merchants: [{ ...shopOf('1000000', 'ИП Ковалёва', 'CN'), kind: 'merchant_id' }],
    mainAccounts: [
      {
        id: '500001',
        name: 'Марина',
        reaches: ['shop_id:14701711', 'shop_id:14701712', 'merchant_id:1000000'],
      },
      { id: '500002', name: 'Лавка Олега', reaches: ['shop_id:14701713'] },
    ],
    loggedInAs: 'shop',
    codes: new Map(),
    accessTokens: new Map(),
    refreshTokens: new Map(),
    lifeS: 14_400,
    absolute: false,
    errorStatus: 200,
    shop: (id: string) => shopee.shops.concat(shopee.merchants).find((one) => one.id === id),
    revoke() {
      for (const one of shopee.shops.concat(shopee.merchants)) one.linked = false
    },
  } as unknown as Shopee

  const simulator = await startSimulator((app) => {
    addAuth(app, shopee)
    addApi(app, shopee)
    addPanel(app, 'Shopee', panelOf(shopee))
  }, port)
  shopee.variables = () => ({
    SHOPEE_PARTNER_ID: shopee.partnerId,
    SHOPEE_PARTNER_KEY: shopee.partnerKey,
    SHOPEE_AUTHORIZE_URL: `${simulator.url}/auth`,
    SHOPEE_TOKEN_URL: `${simulator.url}/api/v2/auth/token/get`,
    SHOPEE_API_URL: simulator.url,
  })
  return Object.assign(shopee, simulator)
}

export const stagings: readonly Staging[] = [
  { name: 'Shopee', open: () => openStage('shop', 'Цветы у дома, Сингапур') },
  {
    name: 'Shopee by the signed link of before',
    open: async () => {
      const stage = await openStage('shop', 'Цветы у дома, Сингапур')
      const SHOPEE_AUTHORIZE_URL = `${stage.simulator.url}/api/v2/shop/auth_partner`
      return { ...stage, env: { SHOPEE_LINK: 'legacy', SHOPEE_AUTHORIZE_URL } }
    },
  },
  {
    name: 'Shopee with a main account',
    open: () => openStage('main', 'Цветы у дома, Сингапур и ещё 1 магазин'),
  },
]

async function openStage(loggedInAs: Shopee['loggedInAs'], first: string): Promise<Stage> {
  const shopee = await startShopee()
  shopee.loggedInAs = loggedInAs
  return {
    key: 'shopee',
    title: 'Shopee',
    first,
    second: { id: loggedInAs === 'shop' ? '14701713' : '500002', name: 'Лавка Олега, Таиланд' },
    simulator: shopee,
    tokenPath: '/api/v2/auth/token/get',
    probePath: '/api/v2/shop/get_shop_info',
    keys: ['SHOPEE_PARTNER_ID', 'SHOPEE_PARTNER_KEY'],
    revoke: () => {
      shopee.revoke()
    },
    deadAnswer: { body: '{"error":"invalid_acceess_token","message":"Invalid access_token."}' },
    deadRenewal: { body: '{"error":"error_auth","message":"Invalid refresh_token."}' },
  }
}

function addApi(app: Express, shopee: Shopee) {
  app.get('/api/v2/shop/get_shop_info', (req, res) => {
    const shop = callerOf(shopee, req, res, 'shop_id')
    if (!shop) return
    const { name, region, status } = shop
    send(res, { shop_name: name, region, status, is_cb: false, is_sip: false, ...times(shop) })
  })
  app.get('/api/v2/merchant/get_merchant_info', (req, res) => {
    const merchant = callerOf(shopee, req, res, 'merchant_id')
    if (!merchant) return
    const { name, region } = merchant
    send(res, { merchant_name: name, merchant_region: region, is_cnsc: true, ...times(merchant) })
  })
}

const times = ({ expiresAt }: ShopeeShop) => ({
  auth_time: Math.floor((expiresAt - YEAR_MS) / 1000),
  expire_time: Math.floor(expiresAt / 1000),
})

/** The shop's or merchant's signature, its own token, its authorization; or the answer has been given already. */
function callerOf(
  shopee: Shopee,
  req: Request,
  res: Response,
  kind: ShopeeShop['kind'],
): ShopeeShop | undefined {
  const query = req.query as Record<string, string>
  const { access_token = '', [kind]: id = '' } = query
  const shop = shopee.shops
    .concat(shopee.merchants)
    .find((one) => one.kind === kind && one.id === id)
  const token = shopee.accessTokens.get(access_token)
  const fault = faultOfSign(shopee, req, access_token + id)
  const fits = shop && token?.owners.includes(nameOf(shop)) && token.expiresAt > Date.now()
  if ('shop_id' in query && 'merchant_id' in query)
    refuse(res, shopee, 'error_param', 'shop_id and merchant_id exclude each other')
  else if (fault) refuse(res, shopee, fault.error, fault.message)
  else if (!shop?.linked) refuse(res, shopee, 'shop_no_linked', 'Partner and shop are not linked.')
  else if (shop.expiresAt <= Date.now()) refuse(res, shopee, 'shop_access_expired', 'Expired.')
  else if (!fits)
    refuse(res, shopee, 'invalid_acceess_token', 'Invalid access_token, please have a check.')
  else return shop
  return undefined
}

function shopOf(id: string, name: string, region: string): ShopeeShop {
  return {
    kind: 'shop_id',
    id,
    name,
    region,
    status: 'NORMAL',
    linked: false,
    busy: false,
    expiresAt: Date.now() + YEAR_MS,
  }
}

function panelOf(shopee: Shopee): Record<string, () => void> {
  const become = (status: ShopeeShop['status']) => () => {
    for (const shop of shopee.shops) shop.status = status
  }
  return {
    'Отменить авторизацию EvoSync': () => {
      shopee.revoke()
    },
    'Заморозить магазины': become('FROZEN'),
    'Разморозить магазины': become('NORMAL'),
    'Перестать отвечать': () => {
      shopee.fault('*', { status: 503 })
    },
    'Снова отвечать': () => {
      shopee.mend()
    },
  }
}
