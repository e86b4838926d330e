import { randomBytes, randomUUID } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { showConsent } from './consent.ts'
import { createCatalogue, type EvotorCatalogue } from './evotor/catalogue.ts'
import { createCursors, type Cursors } from './evotor/cursors.ts'
import { addGoodsApi } from './evotor/goods-api.ts'
import { SHOPS } from './evotor/shops.ts'
import { addTill } from './evotor/till.ts'
import { addPanel } from './panel.ts'
import { type PlatformSimulator, startSimulator } from './simulator.ts'
import type { Stage, Staging } from './stage.ts'

export interface EvotorStore {
  id: string
  name: string
  address: string
}

/** An owner's cabinet: their stores, whether the application is installed. */
export interface EvotorUser {
  id: string
  name: string
  installed: boolean
  stores: EvotorStore[]
}

interface Grant {
  userId: string
  redirectUri: string
  expiresAt: number
}

export interface Evotor extends PlatformSimulator {
  clientId: string
  clientSecret: string
  users: EvotorUser[]
  /** Access tokens by text: whose, and until when (ms). */
  tokens: Map<string, { userId: string; expiresAt: number }>
  refreshTokens: Map<string, string>
  codes: Map<string, Grant>
  requests: Map<string, { redirectUri: string; state: string }>
  /** Application tokens copied from the cabinet, and the header they are taken in. */
  applicationTokens: Map<string, { userId: string; header: 'authorization' | 'x-authorization' }>
  /** The manual shows the callback with a slash before the question mark. */
  slash: boolean
  /** Whether a refresh gives a new refresh token, and how long access lives. */
  rotates: boolean
  lifeS: number
  /** Only `access_token` in the token answer: the smallest one that has to work. */
  terse: boolean
  revoke(userId: string): void
  /** What a store sells: the demo's shops have their goods, other stores have none until somebody puts them there. */
  catalogueOf(storeId: string): EvotorCatalogue
  cursors: Cursors
  /** Things a page of a list. */
  pageSize: number
  /** The application has the right to see stock, and pictures. */
  quantities: boolean
  images: boolean
  /** What comes instead of the flower of this name. */
  pictures: Map<string, { status?: number; type?: string; body: Buffer }>
  /** Where pictures are instead of here, without a slash at the end. */
  picturesAt: string
  /** The application is not on all terminals of these. */
  blockedStores: Set<string>
  /** Lists go in a circle. */
  repeatCursor: boolean
  /** Where the application wants to be told of changes, as its integration settings in the portal have it. */
  hooks?: { url: string; token: string }
  /** So many pages of every list come, then 500. */
  failAfterPages: number
}

const CODE_LIFE_MS = 600_000

/** A strict Эвотор: Basic at the token endpoint, both v2 headers at the API, 401, 402 and 403 as the manual tells them. */
export async function startEvotor({ port = 0 } = {}): Promise<Evotor> {
  const evotor = {
    key: 'evotor',
    clientId: randomUUID(),
    clientSecret: `evotor-secret-${random(12)}`,
    users: [flowers(), bakery()],
    tokens: new Map(),
    refreshTokens: new Map(),
    codes: new Map(),
    requests: new Map(),
    redirectUris: [],
    applicationTokens: new Map(),
    slash: true,
    rotates: true,
    lifeS: 604_800,
    terse: false,
    cursors: createCursors(),
    pageSize: 1000,
    quantities: true,
    images: true,
    pictures: new Map(),
    picturesAt: '',
    blockedStores: new Set(),
    repeatCursor: false,
    failAfterPages: Infinity,
    catalogueOf: cataloguesBy(SHOPS),
    revoke(userId: string) {
      for (const [token, { userId: owner }] of evotor.tokens)
        if (owner === userId) evotor.tokens.delete(token)
      for (const [token, owner] of evotor.refreshTokens)
        if (owner === userId) evotor.refreshTokens.delete(token)
      for (const [token, { userId: owner }] of evotor.applicationTokens)
        if (owner === userId) evotor.applicationTokens.delete(token)
    },
  } as unknown as Evotor

  const simulator = await startSimulator((app) => {
    addOAuth(app, evotor)
    addGoodsApi(app, evotor)
    addTill(app, evotor)
    addPanel(app, 'Эвотор', panelOf(evotor), { Товары: '/till' })
  }, port)
  evotor.variables = () => ({
    EVOTOR_CLIENT_ID: evotor.clientId,
    EVOTOR_CLIENT_SECRET: evotor.clientSecret,
    EVOTOR_AUTHORIZE_URL: `${simulator.url}/oauth/authorize`,
    EVOTOR_TOKEN_URL: `${simulator.url}/oauth/token`,
    EVOTOR_API_URL: simulator.url,
  })
  return Object.assign(evotor, simulator)
}

export const stagings: readonly Staging[] = [{ name: 'Эвотор', open: openStage }]

async function openStage(): Promise<Stage> {
  const evotor = await startEvotor()
  const [flowers, bakery] = evotor.users
  return {
    key: 'evotor',
    title: 'Эвотор',
    first: 'Цветы у дома, 2 магазина',
    second: { id: bakery?.id ?? '', name: 'Булочная' },
    simulator: evotor,
    tokenPath: '/oauth/token',
    probePath: '/stores',
    keys: ['EVOTOR_CLIENT_ID', 'EVOTOR_CLIENT_SECRET'],
    revoke: () => {
      evotor.revoke(flowers?.id ?? '')
    },
    deadAnswer: { status: 401, body: '' },
  }
}

function panelOf(evotor: Evotor): Record<string, () => void> {
  const install = (installed: boolean) => () => {
    for (const user of evotor.users) user.installed = installed
  }
  return {
    'Отозвать доступ EvoSync': () => {
      for (const { id } of evotor.users) evotor.revoke(id)
    },
    'Удалить приложение из кабинета': install(false),
    'Установить приложение снова': install(true),
    'Перестать отвечать': () => {
      evotor.fault('/stores', { status: 503 })
    },
    'Снова отвечать': () => {
      evotor.mend()
    },
  }
}

function addOAuth(app: Express, evotor: Evotor) {
  app.get('/oauth/authorize', (req, res) => {
    const {
      client_id,
      redirect_uri = '',
      response_type,
      state = '',
    } = req.query as Record<string, string>
    const known = client_id === evotor.clientId && evotor.redirectUris.includes(redirect_uri)
    if (!known || response_type !== 'code') {
      res.status(400).json({ error: 'invalid_request' })
      return
    }
    const request = random(8)
    evotor.requests.set(request, { redirectUri: redirect_uri, state })
    const accounts = evotor.users.map(({ id, name }) => ({ id, name }))
    showConsent(res, {
      platform: 'Эвотор',
      action: '/oauth/consent',
      request,
      accounts,
      rights: [],
    })
  })
  app.post('/oauth/consent', (req, res) => {
    decide(req, res, evotor)
  })
  app.post('/oauth/token', (req, res) => {
    const expected = `Basic ${Buffer.from(`${evotor.clientId}:${evotor.clientSecret}`).toString('base64')}`
    const form = (req.body ?? {}) as Record<string, string>
    if (req.get('authorization') !== expected) {
      refuse(res, 401, 'invalid_client')
      return
    }
    if ('client_secret' in form) {
      refuse(res, 400, 'invalid_request')
      return
    }
    if (form.grant_type === 'authorization_code') redeem(res, evotor, form)
    else if (form.grant_type === 'refresh_token') renew(res, evotor, form)
    else refuse(res, 400, 'unsupported_grant_type')
  })
}

/** The manual's callback: a slash is put before the question mark; the state comes along. */
function decide(req: Request, res: Response, evotor: Evotor) {
  const form = (req.body ?? {}) as Record<string, string>
  const request = evotor.requests.get(form.request ?? '')
  if (!request) {
    refuse(res, 400, 'invalid_request')
    return
  }
  evotor.requests.delete(form.request ?? '')
  const back = new URL(request.redirectUri + (evotor.slash ? '/' : ''))
  if (form.decision === 'allow') {
    const code = random(18)
    evotor.codes.set(code, {
      userId: form.account ?? '',
      redirectUri: request.redirectUri,
      expiresAt: Date.now() + CODE_LIFE_MS,
    })
    back.searchParams.set('code', code)
  } else back.searchParams.set('error', 'access_denied')
  back.searchParams.set('state', request.state)
  res.redirect(302, back.href)
}

function redeem(
  res: Response,
  evotor: Evotor,
  { code = '', redirect_uri }: Record<string, string>,
) {
  const grant = evotor.codes.get(code)
  evotor.codes.delete(code)
  if (!grant || grant.expiresAt < Date.now() || grant.redirectUri !== redirect_uri) {
    refuse(res, 400, 'invalid_grant')
    return
  }
  give(res, evotor, grant.userId, true)
}

function renew(res: Response, evotor: Evotor, { refresh_token = '' }: Record<string, string>) {
  const userId = evotor.refreshTokens.get(refresh_token)
  if (!userId) {
    refuse(res, 400, 'invalid_grant')
    return
  }
  if (evotor.rotates) evotor.refreshTokens.delete(refresh_token)
  give(res, evotor, userId, evotor.rotates)
}

function give(res: Response, evotor: Evotor, userId: string, withRefresh: boolean) {
  const access_token = `eyJ${random(40)}`
  evotor.tokens.set(access_token, { userId, expiresAt: Date.now() + evotor.lifeS * 1000 })
  if (evotor.terse) {
    res.json({ access_token })
    return
  }
  const refresh_token = withRefresh ? `rt-${random(24)}` : undefined
  if (refresh_token) evotor.refreshTokens.set(refresh_token, userId)
  const scope = 'store:read product:read product.quantity:read product-group:read'
  res.json({ access_token, token_type: 'bearer', refresh_token, expires_in: evotor.lifeS, scope })
}

function refuse(res: Response, status: number, error: string) {
  res.status(status).json({ error, error_description: error })
}

function flowers(): EvotorUser {
  return {
    id: '01-000000001784261',
    name: 'ИП Ковалёва М. А.',
    installed: true,
    stores: [
      {
        id: '20250101-AAAA-4000-8000-000000000001',
        name: 'Цветы у дома',
        address: 'Тула, пр. Ленина, 48',
      },
      {
        id: '20250101-AAAA-4000-8000-000000000002',
        name: 'Киоск на Лесной',
        address: 'Тула, ул. Лесная, 3',
      },
    ],
  }
}

function bakery(): EvotorUser {
  return {
    id: '01-000000009990001',
    name: 'ООО «Булочная»',
    installed: true,
    stores: [
      {
        id: '20250101-BBBB-4000-8000-000000000001',
        name: 'Булочная',
        address: 'Орёл, ул. Мира, 1',
      },
    ],
  }
}

function cataloguesBy(shops: typeof SHOPS) {
  const catalogues = new Map<string, EvotorCatalogue>()
  return (storeId: string) => {
    const catalogue = catalogues.get(storeId) ?? createCatalogue(shops[storeId])
    catalogues.set(storeId, catalogue)
    return catalogue
  }
}

const random = (bytes: number) => randomBytes(bytes).toString('hex')
