import { createHmac } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { type Granted, type OAuthSimulator, random, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

const VERSION = 'v26.0'
const DAY_S = 24 * 3600
const SHORT_LIFE_S = 5_400
const LONG_LIFE_S = 5_183_944

const PEOPLE = [
  { id: '10158000000000001', name: 'Марина Ковалёва' },
  { id: '10158000000000002', name: 'Олег Ковалёв' },
]

const RIGHTS = {
  ads_management: 'Управление рекламой',
  ads_read: 'Чтение рекламы',
  read_insights: 'Статистика',
  business_management: 'Бизнес-менеджер',
  pages_show_list: 'Список страниц',
  pages_read_engagement: 'Активность на страницах',
  pages_manage_ads: 'Реклама страниц',
}

/** What Facebook does differently on rarer days. */
export interface Ways {
  /** `long`: a token of 60 days · `endless` · `same_end`: as long as the given one · `busy`: not now */
  exchange: 'long' | 'endless' | 'same_end' | 'busy'
  /** Whether a token answer says `expires_in`. */
  tellsLife: boolean
  /** Whose application `debug_token` calls a token, when not ours. */
  foreignApp: string | undefined
  /** Seconds until access to data ends; 0 is never. */
  dataLifeS: number
  adAccounts: { account_id: string; name: string; account_status: number }[]
  /** The number of the error that `/me/adaccounts` answers with. */
  adAccountsError: number | undefined
}

export interface Facebook extends OAuthSimulator {
  ways: Ways
  /** Tokens whose grant was taken back. */
  removed: Set<string>
}

/** Facebook Login and the Graph API: error objects, tokens that are exchanged, a proof with every call. */
export async function startFacebook({ port = 0 } = {}): Promise<Facebook> {
  const ways: Ways = {
    exchange: 'long',
    tellsLife: true,
    foreignApp: undefined,
    dataLifeS: 90 * DAY_S,
    adAccounts: [
      { account_id: '1010101', name: 'Цветы на Лесной', account_status: 1 },
      { account_id: '2020202', name: 'Букеты оптом', account_status: 3 },
    ],
    adAccountsError: undefined,
  }
  const asked = new Set<string>()
  const facebook = (await startOAuth(
    {
      key: 'facebook',
      title: 'Facebook',
      people: PEOPLE,
      authorizePath: `/${VERSION}/dialog/oauth`,
      tokenPath: `/${VERSION}/oauth/access_token`,
      rights: RIGHTS,
      scopeDelimiter: ',',
      clientAuth: 'body',
      lifeS: SHORT_LIFE_S,
      refreshes: false,
      rotates: false,
      tokenByGet: true,
      grants: {
        fb_exchange_token: (res, form) => {
          exchange(facebook, res, form)
        },
      },
      checkAuthorize: ({ auth_type, scope = '' }) => {
        for (const name of scope.split(',').filter(Boolean)) asked.add(name)
        return auth_type === undefined || auth_type === 'rerequest' ? undefined : 'auth_type'
      },
      answer: () => ({
        scope: undefined,
        token_type: 'bearer',
        ...(!ways.tellsLife && { expires_in: undefined }),
      }),
      refuse: refuseToken,
      token: () => `EAA${random(40)}`,
    },
    (app, oauth) => {
      addGraph(app, Object.assign(oauth, { ways, removed: new Set<string>() }), asked)
    },
    port,
  )) as Facebook
  rememberRemoval(facebook)
  const { variables } = facebook
  facebook.variables = () => ({
    ...variables(),
    FACEBOOK_API_URL: `${facebook.url}/${VERSION}`,
  })
  return facebook
}

/** Tokens of a grant that was taken back are told apart from texts that never were tokens. */
function rememberRemoval(facebook: Facebook) {
  facebook.revoke = (userId) => {
    for (const [token, granted] of facebook.tokens)
      if (granted.userId === userId) {
        facebook.removed.add(token)
        facebook.tokens.delete(token)
      }
  }
}

/** Seen: 100/36009 for a code that was used, 101 for another application, 1 for another secret. */
function refuseToken(res: Response, error: string, description: string) {
  if (error === 'invalid_client') fail(res, 1, 'Error validating client secret.')
  else if (description === 'code was used')
    fail(res, 100, 'This authorization code has been used.', 36009)
  else fail(res, 100, 'Error validating verification code.')
}

/** Of a token that lives only; the one given lives on beside the new one. */
function exchange(facebook: Facebook, res: Response, { fb_exchange_token = '' }) {
  const { ways, tokens } = facebook
  const granted = living(facebook, res, fb_exchange_token)
  if (!granted) return
  if (ways.exchange === 'busy') {
    fail(res, 2, 'Service temporarily unavailable')
    return
  }
  const ends = {
    long: Date.now() + LONG_LIFE_S * 1000,
    endless: 0,
    same_end: granted.expiresAt,
  }
  const expiresAt = ends[ways.exchange]
  const access_token = `EAA${random(40)}`
  tokens.set(access_token, { ...granted, expiresAt })
  const expires_in = Math.round((expiresAt - Date.now()) / 1000)
  const told = ways.tellsLife && expiresAt > 0
  res.json({ access_token, token_type: 'bearer', ...(told && { expires_in }) })
}

/** Whose token it is; otherwise it is refused as Graph refuses it. */
function living(facebook: Facebook, res: Response, token: string): Granted | undefined {
  const granted = facebook.tokens.get(token)
  if (granted && (granted.expiresAt === 0 || granted.expiresAt > Date.now())) return granted
  if (granted) fail(res, 190, 'Error validating access token: Session has expired', 463)
  else if (facebook.removed.has(token))
    fail(res, 190, 'Error validating access token: The user has not authorized application', 458)
  else fail(res, 190, 'Invalid OAuth access token - Cannot parse access token')
  return undefined
}

function addGraph(app: Express, facebook: Facebook, asked: ReadonlySet<string>) {
  const { ways } = facebook
  const graph = (path: string) => `/${VERSION}${path}`
  const person = (req: Request, res: Response) =>
    proves(facebook, req, res) ? living(facebook, res, bearerOf(req)) : undefined

  app.get(graph('/debug_token'), (req, res) => {
    const asApp = bearerOf(req) === `${facebook.clientId}|${facebook.clientSecret}`
    if (!asApp) fail(res, 190, 'Invalid OAuth access token signature.')
    else if (proves(facebook, req, res)) debug(facebook, res, queryOf(req).input_token)
  })

  app.get(graph('/me'), (req, res) => {
    const granted = person(req, res)
    const known = PEOPLE.find(({ id }) => id === granted?.userId)
    if (granted) res.json(fields(req, { id: known?.id, name: known?.name }))
  })

  app.get(graph('/me/permissions'), (req, res) => {
    const granted = person(req, res)
    const statusOf = (name: string) => (granted?.scope.includes(name) ? 'granted' : 'declined')
    const named = [...asked].map((permission) => ({ permission, status: statusOf(permission) }))
    if (granted) res.json({ data: [{ permission: 'public_profile', status: 'granted' }, ...named] })
  })

  app.get(graph('/me/adaccounts'), (req, res) => {
    const granted = person(req, res)
    if (!granted) return
    const { adAccountsError: error } = ways
    if (error) fail(res, error, 'Ad accounts are not for this person')
    else if (!granted.scope.includes('ads_read')) fail(res, 200, 'Requires ads_read permission')
    else
      res.json({
        data: ways.adAccounts.map((one) => ({
          ...fields(req, one),
          id: `act_${one.account_id}`,
        })),
      })
  })

  app.delete(graph('/me/permissions'), (req, res) => {
    const granted = person(req, res)
    if (!granted) return
    facebook.revoke(granted.userId)
    res.json({ success: true })
  })

  app.use(graph(''), (_req, res) => {
    fail(res, 2500, 'Unknown path components')
  })
}

function debug({ tokens, clientId, ways }: Facebook, res: Response, token = '') {
  const granted = tokens.get(token)
  if (!granted) {
    const error = { code: 190, message: 'Malformed access token' }
    res.json({ data: { error, is_valid: false, scopes: [] } })
    return
  }
  const inSeconds = (ms: number) => Math.floor(ms / 1000)
  res.json({
    data: {
      app_id: ways.foreignApp ?? clientId,
      type: 'USER',
      expires_at: inSeconds(granted.expiresAt),
      data_access_expires_at: ways.dataLifeS && inSeconds(Date.now()) + ways.dataLifeS,
      is_valid: granted.expiresAt === 0 || granted.expiresAt > Date.now(),
      scopes: granted.scope,
      user_id: granted.userId,
    },
  })
}

const queryOf = (req: Request) => req.query as Record<string, string>

const bearerOf = (req: Request) => /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? ''

/** «Require app secret» is on: no call passes without its proof, plain or not older than five minutes. */
function proves({ clientSecret }: Facebook, req: Request, res: Response): boolean {
  const { appsecret_proof: proof, appsecret_time: time } = queryOf(req)
  const message = time ? `${bearerOf(req)}|${time}` : bearerOf(req)
  const fresh = time === undefined || Math.abs(Date.now() / 1000 - Number(time)) < 300
  const right = createHmac('sha256', clientSecret).update(message).digest('hex')
  if (proof === right && fresh) return true
  const wrong = proof === undefined ? 'requires an' : 'has an invalid'
  fail(res, 100, `The call ${wrong} appsecret_proof argument`)
  return false
}

/** Only what was asked for, and the id, which always comes. */
function fields(req: Request, whole: Record<string, unknown>) {
  const names = ['id', ...(queryOf(req).fields ?? '').split(',')]
  return Object.fromEntries(Object.entries(whole).filter(([name]) => names.includes(name)))
}

function fail(res: Response, code: number, message: string, error_subcode?: number) {
  res
    .status(400)
    .set('WWW-Authenticate', `OAuth "Facebook Platform" "${code}" "${message}"`)
    .json({
      error: {
        message,
        type: 'OAuthException',
        code,
        ...(error_subcode && { error_subcode }),
        fbtrace_id: random(6),
      },
    })
}

export const stagings: readonly Staging[] = [{ name: 'Facebook', open: openStage }]

async function openStage(): Promise<Stage> {
  const facebook = await startFacebook()
  const body = '{"error":{"message":"no","type":"OAuthException","code":190,"error_subcode":458}}'
  return {
    key: 'facebook',
    title: 'Facebook',
    first: 'Марина Ковалёва',
    second: { id: '10158000000000002', name: 'Олег Ковалёв' },
    simulator: facebook,
    tokenPath: `/${VERSION}/oauth/access_token`,
    probePath: `/${VERSION}/me`,
    keys: ['FACEBOOK_CLIENT_ID', 'FACEBOOK_CLIENT_SECRET'],
    revoke: () => {
      facebook.revoke('10158000000000001')
    },
    deadAnswer: { status: 400, body },
  }
}
