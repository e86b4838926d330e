import { randomBytes } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { showConsent } from './consent.ts'
import { type PlatformSimulator, startSimulator } from './simulator.ts'
import type { Stage, Staging } from './stage.ts'
import { addVkApi } from './vk/api.ts'
import { communitiesOf } from './vk/communities.ts'
import { createHands } from './vk/hands.ts'
import { addVkId } from './vk/id.ts'
import { addVkPanel } from './vk/panel.ts'
import { addUpload } from './vk/photos.ts'
import { addShopPage } from './vk/shop-page.ts'
import { createMarket, type VkMarket } from './vk/state.ts'
import { createTroubles } from './vk/troubles.ts'

/** Somebody at VK. */
export interface VkUser {
  id: number
  first_name: string
  last_name: string
}

/** An access token, with what it was granted for. `expiresAt` in ms; 0 is for ever. */
export interface VkToken {
  userId: number
  scope: string[]
  expiresAt: number
  /** A community's own token; nobody's then. */
  communityId?: number
}

/** A person who was sent here and has not decided yet, or the code they left with. */
export interface VkRequest {
  redirectUri: string
  state: string
  scope: string[]
  userId: number
  challenge?: string
  deviceId?: string
  expiresAt: number
}

type Hands = ReturnType<typeof createHands>
type Troubles = ReturnType<typeof createTroubles>

export interface Vk extends PlatformSimulator, VkMarket, Hands, Troubles {
  clientId: string
  clientSecret: string
  users: VkUser[]
  tokens: Map<string, VkToken>
  codes: Map<string, VkRequest>
  requests: Map<string, VkRequest>
  /** Live refresh tokens of VK ID, and those used up. */
  refreshTokens: Map<string, VkToken & { deviceId: string; family: string }>
  spent: Map<string, string>
  /** Calls a second and token before error 6. */
  perSecond: number
  /** The same for tokens of communities. */
  perSecondOfCommunity: number
  /** A token that lasts for ever, past all consent: `market groups photos`. */
  grant(userId: number, scope: string): string
  /** A token of a community itself, as its settings give out. */
  grantCommunity(communityId: number): string
  /** Seconds VK ID's access tokens live. */
  lifeOfVkId: number
  /** The person removed the application at VK: every token of theirs is dead. */
  revoke(userId: number): void
  /** Variables that point EvoSync here, the classic way or VK ID's. */
  variables(mode?: 'classic' | 'vkid'): Record<string, string>
}

export const RIGHTS: Record<string, { bit: number; title: string }> = {
  photos: { bit: 4, title: 'Фотографии' },
  offline: { bit: 65_536, title: 'Доступ в любое время' },
  groups: { bit: 262_144, title: 'Сообщества' },
  market: { bit: 134_217_728, title: 'Товары' },
}

export const MARINA: VkUser = { id: 21450987, first_name: 'Марина', last_name: 'Ковалёва' }
export const OLEG: VkUser = { id: 777, first_name: 'Олег', last_name: 'Лавкин' }

/** Calls a second with one token. */
const VK_ALLOWS = 3
const CODE_LIFE_MS = 3600_000

/** A strict ВКонтакте: what the manual says is required is required, codes work once, rights are what was ticked. */
export async function startVk({ port = 0 } = {}): Promise<Vk> {
  const market = createMarket(communitiesOf(MARINA.id, OLEG.id))
  const vk = Object.assign(market, createHands(market), {
    key: 'vk',
    clientId: '51234567',
    clientSecret: `vk-secret-${random(12)}`,
    users: [MARINA, OLEG],
    tokens: new Map(),
    codes: new Map(),
    requests: new Map(),
    refreshTokens: new Map(),
    spent: new Map(),
    redirectUris: [],
    perSecond: VK_ALLOWS,
    perSecondOfCommunity: 20,
    lifeOfVkId: 3600,
    revoke(userId: number) {
      for (const [token, { userId: owner }] of vk.tokens)
        if (owner === userId) vk.tokens.delete(token)
      for (const [token, { userId: owner }] of vk.refreshTokens)
        if (owner === userId) vk.refreshTokens.delete(token)
    },
    grant: (userId: number, scope: string) => issue(vk, { userId, scope: scope.split(' ') }, 0),
    grantCommunity(communityId: number) {
      const token = issue(vk, { userId: 0, scope: ['market', 'photos'] }, 0)
      vk.tokens.set(token, { userId: 0, scope: ['market', 'photos'], expiresAt: 0, communityId })
      return token
    },
  }) as unknown as Vk
  Object.assign(
    vk,
    createTroubles(market, () => vk.url),
  )

  const simulator = await startSimulator((app) => {
    addClassic(app, vk)
    addVkId(app, vk)
    addVkApi(app, vk)
    addUpload(app, vk)
    addShopPage(app, vk)
    addVkPanel(app, vk)
  }, port)
  vk.variables = (mode = 'classic') => variablesOf(vk, simulator.url, mode)
  return Object.assign(vk, simulator)
}

/** The plan's way, and VK ID's. */
export const stagings: readonly Staging[] = [
  { name: 'ВКонтакте', open: () => openStage('classic') },
  { name: 'VK ID', open: () => openStage('vkid') },
]

async function openStage(mode: 'classic' | 'vkid'): Promise<Stage> {
  const vk = await startVk()
  vk.perSecond = 1000
  return {
    key: 'vk',
    title: 'ВКонтакте',
    first: 'Марина Ковалёва',
    second: { id: OLEG.id, name: 'Олег Лавкин' },
    simulator: vk,
    tokenPath: mode === 'classic' ? '/access_token' : '/oauth2/auth',
    probePath: '/method/users.get',
    ...(mode === 'vkid' && { env: { ...vk.variables('vkid'), VK_CLIENT_SECRET: '' } }),
    keys: ['VK_CLIENT_ID', 'VK_CLIENT_SECRET'],
    revoke: () => {
      vk.revoke(MARINA.id)
    },
    deadAnswer: {
      body: '{"error":{"error_code":5,"error_msg":"User authorization failed","request_params":[]}}',
    },
  }
}

/** Where the simulator does not mind a faster pace, nobody waits for the real one. */
const paceOf = ({ perSecond }: Vk) =>
  perSecond > VK_ALLOWS && { VK_PER_SECOND: String(Math.min(perSecond, 1_000)) }

function variablesOf(vk: Vk, url: string, mode: 'classic' | 'vkid'): Record<string, string> {
  const api = { VK_CLIENT_ID: vk.clientId, VK_API_URL: `${url}/method`, ...paceOf(vk) }
  if (mode === 'classic') {
    return {
      ...api,
      VK_CLIENT_SECRET: vk.clientSecret,
      VK_AUTHORIZE_URL: `${url}/authorize`,
      VK_TOKEN_URL: `${url}/access_token`,
    }
  }
  return {
    ...api,
    VK_AUTH: 'vkid',
    VK_AUTHORIZE_URL: `${url}/id/authorize`,
    VK_TOKEN_URL: `${url}/oauth2/auth`,
    VK_REVOKE_URL: `${url}/oauth2/revoke`,
  }
}

/** Configuration errors leave the browser on a page of JSON: no redirect (reference: classic OAuth, callback). */
function addClassic(app: Express, vk: Vk) {
  app.get('/authorize', (req, res) => {
    const {
      client_id,
      redirect_uri = '',
      response_type,
      scope = '',
      state = '',
      v,
    } = textsOf(req.query)
    if (client_id !== vk.clientId) {
      refuse(res, 'invalid_client', 'client_id is incorrect')
      return
    }
    if (!vk.redirectUris.includes(redirect_uri)) {
      refuse(
        res,
        'invalid_request',
        'redirect_uri is incorrect, check application redirect uri in the settings page',
      )
      return
    }
    if (response_type !== 'code') {
      refuse(res, 'unsupported_response_type', 'response_type is incorrect')
      return
    }
    if (!v) {
      refuse(res, 'invalid_request', 'v is required')
      return
    }
    askPerson(res, vk, {
      redirectUri: redirect_uri,
      state,
      scope: scope.split(/[\s,]+/).filter(Boolean),
    })
  })
  app.post('/consent', (req, res) => {
    decide(req, res, vk)
  })
  app.all('/access_token', (req, res) => {
    const {
      client_id,
      client_secret,
      code = '',
      redirect_uri,
    } = { ...textsOf(req.query), ...textsOf(req.body) }
    if (client_id !== vk.clientId) {
      refuse(res, 'invalid_client', 'client_id is incorrect')
      return
    }
    if (client_secret !== vk.clientSecret) {
      refuse(res, 'invalid_client', 'client_secret is incorrect')
      return
    }
    const grant = takeCode(vk, code)
    if (!grant || grant.challenge) {
      refuse(res, 'invalid_grant', 'Code is invalid or expired.')
      return
    }
    if (grant.redirectUri !== redirect_uri) {
      refuse(res, 'invalid_grant', 'Redirect_uri mismatch')
      return
    }
    const forEver = grant.scope.includes('offline')
    const access_token = issue(vk, grant, forEver ? 0 : 86_400)
    res.json({ access_token, expires_in: forEver ? 0 : 86_400, user_id: grant.userId })
  })
}

/** The person decides: which account, which rights, yes or no. */
export function askPerson(res: Response, vk: Vk, wanted: Omit<VkRequest, 'userId' | 'expiresAt'>) {
  const request = random(8)
  vk.requests.set(request, { ...wanted, userId: 0, expiresAt: Date.now() + CODE_LIFE_MS })
  showConsent(res, {
    platform: 'ВКонтакте',
    action: '/consent',
    request,
    accounts: vk.users.map(({ id, first_name, last_name }) => ({
      id: String(id),
      name: `${first_name} ${last_name}`,
    })),
    rights: wanted.scope.map((name) => ({ name, title: RIGHTS[name]?.title ?? name })),
  })
}

function decide(req: Request, res: Response, vk: Vk) {
  const form = textsOf(req.body)
  const request = vk.requests.get(form.request ?? '')
  if (!request) {
    refuse(res, 'invalid_request', 'request is gone')
    return
  }
  vk.requests.delete(form.request ?? '')
  const back = new URL(request.redirectUri)
  back.searchParams.set('state', request.state)
  if (form.decision !== 'allow') {
    back.searchParams.set('error', 'access_denied')
    back.searchParams.set('error_reason', 'user_denied')
    back.searchParams.set('error_description', 'User denied your request')
    res.redirect(302, back.href)
    return
  }
  const code = random(18)
  const scope = request.scope.filter((name) => form[`right_${name}`] === 'on')
  const grant = { ...request, scope, userId: Number(form.account) }
  vk.codes.set(code, grant)
  back.searchParams.set('code', code)
  if (grant.deviceId) {
    for (const [name, value] of Object.entries({
      device_id: grant.deviceId,
      expires_in: '600',
      type: 'code_v2',
      ext_id: random(8),
    })) {
      back.searchParams.set(name, value)
    }
  }
  res.redirect(302, back.href)
}

/** Every code works once. */
export function takeCode(vk: Vk, code: string): VkRequest | undefined {
  const grant = vk.codes.get(code)
  vk.codes.delete(code)
  return grant && grant.expiresAt > Date.now() ? grant : undefined
}

export function issue(
  vk: Vk,
  { userId, scope }: Pick<VkToken, 'userId' | 'scope'>,
  seconds: number,
): string {
  const token = `vk1.a.${random(24)}`
  vk.tokens.set(token, { userId, scope, expiresAt: seconds && Date.now() + seconds * 1000 })
  return token
}

/** 401 with a body, as VK's token endpoint and its error page answer. */
function refuse(res: Response, error: string, error_description: string) {
  res.status(401).json({ error, error_description })
}

export const random = (bytes: number) => randomBytes(bytes).toString('hex')

export function textsOf(fields: unknown): Record<string, string> {
  return (fields ?? {}) as Record<string, string>
}
