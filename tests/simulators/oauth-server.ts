import { createHash, randomBytes } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { showConsent } from './consent.ts'
import { addPanel } from './panel.ts'
import { type PlatformSimulator, startSimulator } from './simulator.ts'

/** Somebody with an account at the platform. */
export interface Person {
  id: string
  name: string
}

/** Whose token it is and what for. `expiresAt` in ms; 0 is for ever. */
export interface Granted {
  userId: string
  scope: string[]
  expiresAt: number
  /** Tokens that came of one consent; a refresh token used twice ends them all where they rotate. */
  family: string
}

interface Pending {
  redirectUri: string
  state: string
  scope: string[]
  challenge: string | undefined
  lasting: boolean
}

/** What a platform's manual says of its OAuth; tests change some of it to make a day bad. */
export interface OAuthRules {
  key: string
  title: string
  people: Person[]
  authorizePath: string
  tokenPath: string
  /** RFC 7009 with the client's proof: every token of that person's consent is gone. */
  revokePath?: string
  /** Rights that exist, by name; what else is asked for is refused. */
  rights: Record<string, string>
  scopeDelimiter?: ' ' | ',' | ';'
  /** What rights are called in token answers, where that is not how they were asked for. */
  scopeNames?: Record<string, string>
  /** Named in `iss` on every callback (RFC 9207). */
  issuer?: string
  clientAuth: 'body' | 'basic'
  /** Where PKCE is unknown, a challenge is refused: a client that relied on it would be mistaken. */
  pkce?: 'S256'
  /** Seconds an access token lives; 0: for ever, and no `expires_in`. */
  lifeS: number
  refreshes: boolean
  rotates: boolean
  /** Whether the authorize query asks for a refresh token, where one has to. */
  lasting?: (query: Record<string, string>) => boolean
  /** The token endpoint takes everything in the query as well. */
  tokenByGet?: boolean
  /** Grant types beside the RFC's; the client has proved itself by then. */
  grants?: Record<string, (res: Response, form: Record<string, string>) => void>
  /** What else the authorize page insists on; gives the fault. */
  checkAuthorize?: (query: Record<string, string>) => string | undefined
  /** What else the token endpoint insists on; gives the fault. */
  checkToken?: (req: Request) => string | undefined
  /** More fields of the token answer; `first` with a code, not with a refresh token. */
  answer?: (granted: Granted, first: boolean) => object
  /** The shape of an error at the token endpoint; RFC 6749 §5.2 unless the platform has its own. */
  refuse?: (res: Response, error: string, description: string) => void
  /** The text of an access token, where it means something. */
  token?: (granted: Pick<Granted, 'userId' | 'scope'>) => string
  /** More parameters of the callback. */
  callback?: (granted: { userId: string; scope: string[] }) => Record<string, string>
}

/** A strict OAuth server: single-use codes, exact redirect URIs, PKCE, rotation, what was ticked and no more. */
export interface OAuthSimulator extends PlatformSimulator {
  clientId: string
  clientSecret: string
  rules: OAuthRules
  tokens: Map<string, Granted>
  refreshTokens: Map<string, Granted>
  /** The person took the grant back: every token of theirs is dead. */
  revoke: (userId: string) => void
  /** Whom the request's Bearer token belongs to; undefined for none, unknown and expired ones. */
  whoAsks: (req: Request) => Granted | undefined
  /** A token nobody had to consent to. */
  issue: (granted: Pick<Granted, 'userId' | 'scope'>) => string
}

const CODE_LIFE_MS = 600_000

/** `build` adds the platform's API beside its OAuth. */
export async function startOAuth(
  rules: OAuthRules,
  build: (app: Express, oauth: OAuthSimulator) => void,
  port = 0,
): Promise<OAuthSimulator> {
  const prefix = rules.key.toUpperCase()
  const oauth = {
    key: rules.key,
    clientId: `${rules.key}-client-1`,
    clientSecret: `${rules.key}-secret-${random(12)}`,
    redirectUris: [],
    rules,
    tokens: new Map(),
    refreshTokens: new Map(),
    revoke(userId: string) {
      for (const held of [oauth.tokens, oauth.refreshTokens])
        for (const [token, granted] of held) if (granted.userId === userId) held.delete(token)
    },
    whoAsks(req: Request) {
      const token = /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? ''
      const granted = oauth.tokens.get(token)
      return granted && (granted.expiresAt === 0 || granted.expiresAt > Date.now())
        ? granted
        : undefined
    },
    issue(granted: Pick<Granted, 'userId' | 'scope'>) {
      return give(oauth, { ...granted, family: random(8) })
    },
  } as unknown as OAuthSimulator

  const simulator = await startSimulator((app) => {
    addAuthorize(app, oauth)
    build(app, oauth)
    addPanel(app, rules.title, {
      'Отозвать доступ EvoSync': () => {
        for (const { id } of rules.people) oauth.revoke(id)
      },
      'Перестать отвечать': () => {
        oauth.fault('*', { status: 503 })
      },
      'Снова отвечать': () => {
        oauth.mend()
      },
    })
  }, port)
  oauth.variables = () => ({
    [`${prefix}_CLIENT_ID`]: oauth.clientId,
    [`${prefix}_CLIENT_SECRET`]: oauth.clientSecret,
    [`${prefix}_AUTHORIZE_URL`]: simulator.url + rules.authorizePath,
    [`${prefix}_TOKEN_URL`]: simulator.url + rules.tokenPath,
    [`${prefix}_API_URL`]: simulator.url,
    ...(rules.revokePath && { [`${prefix}_REVOKE_URL`]: simulator.url + rules.revokePath }),
  })
  return Object.assign(oauth, simulator)
}

/** The authorize page, the decision on it, and the token endpoint. */
function addAuthorize(app: Express, oauth: OAuthSimulator) {
  const pending = new Map<string, Pending>()
  const codes = new Map<string, Pending & Omit<Granted, 'family'>>()
  const redeemed = new Set<string>()
  const spent = new Map<string, string>()
  const { rules } = oauth

  app.get(rules.authorizePath, (req, res) => {
    const query = req.query as Record<string, string>
    const fault = faultOf(oauth, query)
    if (fault) {
      res.status(400).type('html').send(`<h1>400</h1><p>${fault}</p>`)
      return
    }
    const request = random(8)
    const scope = scopesOf(rules, query.scope)
    pending.set(request, {
      redirectUri: query.redirect_uri ?? '',
      state: query.state ?? '',
      scope,
      challenge: query.code_challenge,
      lasting: rules.lasting?.(query) ?? true,
    })
    showConsent(res, {
      platform: rules.title,
      action: '/consent',
      request,
      accounts: rules.people,
      rights: scope.map((name) => ({ name, title: rules.rights[name] ?? name })),
    })
  })

  app.post('/consent', (req, res) => {
    const form = (req.body ?? {}) as Record<string, string>
    const request = pending.get(form.request ?? '')
    pending.delete(form.request ?? '')
    if (!request) {
      res.status(400).send('request is gone')
      return
    }
    const back = new URL(request.redirectUri)
    const scope = request.scope.filter((name) => form[`right_${name}`] === 'on')
    const granted = { userId: form.account ?? '', scope }
    const code = random(18)
    const answer =
      form.decision === 'allow'
        ? { code, ...rules.callback?.(granted) }
        : { error: 'access_denied' }
    if (form.decision === 'allow')
      codes.set(code, { ...request, ...granted, expiresAt: Date.now() + CODE_LIFE_MS })
    const iss = rules.issuer && { iss: rules.issuer }
    for (const [name, value] of Object.entries({ ...answer, ...iss, state: request.state }))
      back.searchParams.set(name, value)
    res.redirect(302, back.href)
  })

  app.post(rules.tokenPath, (req, res) => {
    const form = (req.body ?? {}) as Record<string, string>
    if (!req.is('application/x-www-form-urlencoded')) refuse(rules, res, 'invalid_request', 'form')
    else token(req, res, form)
  })
  if (rules.tokenByGet)
    app.get(rules.tokenPath, (req, res) => {
      token(req, res, req.query as Record<string, string>)
    })

  function token(req: Request, res: Response, form: Record<string, string>) {
    const own = rules.grants?.[form.grant_type ?? '']
    const fault = rules.checkToken?.(req)
    if (!provesClient(oauth, req, form)) refuse(rules, res, 'invalid_client', 'client', 401)
    else if (fault) refuse(rules, res, 'invalid_request', fault)
    else if (own) own(res, form)
    else if (form.grant_type === 'authorization_code') redeem(res, form)
    else if (form.grant_type === 'refresh_token' && rules.refreshes) renew(res, form)
    else refuse(rules, res, 'unsupported_grant_type', 'grant_type')
  }

  if (rules.revokePath)
    app.post(rules.revokePath, (req, res) => {
      const form = (req.body ?? {}) as Record<string, string>
      const token = form.token ?? ''
      const granted = oauth.tokens.get(token) ?? oauth.refreshTokens.get(token)
      if (!provesClient(oauth, req, form)) refuse(rules, res, 'invalid_client', 'client', 401)
      else {
        if (granted) oauth.revoke(granted.userId)
        res.json({})
      }
    })

  function redeem(res: Response, form: Record<string, string>) {
    const grant = codes.get(form.code ?? '')
    codes.delete(form.code ?? '')
    if (redeemed.has(form.code ?? '')) refuse(rules, res, 'invalid_grant', 'code was used')
    else if (!grant || grant.expiresAt < Date.now() || grant.redirectUri !== form.redirect_uri)
      refuse(rules, res, 'invalid_grant', 'code')
    else if (grant.challenge && grant.challenge !== challengeOf(form.code_verifier))
      refuse(rules, res, 'invalid_grant', 'code_verifier')
    else answer(res, { ...grant, family: random(8) }, grant.lasting ? 'lasting' : 'passing')
    if (grant) redeemed.add(form.code ?? '')
  }

  function renew(res: Response, { refresh_token: used = '' }: Record<string, string>) {
    const family = spent.get(used)
    if (family) {
      for (const held of [oauth.tokens, oauth.refreshTokens])
        for (const [token, granted] of held) if (granted.family === family) held.delete(token)
    }
    const granted = oauth.refreshTokens.get(used)
    if (!granted) {
      refuse(rules, res, 'invalid_grant', family ? 'refresh token was used' : 'refresh token')
      return
    }
    if (rules.rotates) {
      oauth.refreshTokens.delete(used)
      spent.set(used, granted.family)
    }
    answer(res, granted, 'renewed')
  }

  type Occasion = 'lasting' | 'passing' | 'renewed'

  function answer(res: Response, granted: Omit<Granted, 'expiresAt'>, occasion: Occasion) {
    const { userId, scope, family } = granted
    const whole = { userId, scope, family, expiresAt: 0 }
    const fresh = occasion === 'lasting' || (occasion === 'renewed' && rules.rotates)
    const refresh_token = rules.refreshes && fresh ? random(24) : undefined
    if (refresh_token) oauth.refreshTokens.set(refresh_token, whole)
    res.json({
      access_token: give(oauth, whole),
      token_type: 'Bearer',
      ...(rules.lifeS > 0 && { expires_in: rules.lifeS }),
      ...(refresh_token && { refresh_token }),
      scope: scope
        .map((name) => rules.scopeNames?.[name] ?? name)
        .join(rules.scopeDelimiter ?? ' '),
      ...rules.answer?.(whole, occasion !== 'renewed'),
    })
  }
}

function give(
  { tokens, rules }: OAuthSimulator,
  { userId, scope, family }: Omit<Granted, 'expiresAt'>,
): string {
  const token = rules.token?.({ userId, scope }) ?? `at-${random(24)}`
  tokens.set(token, {
    userId,
    scope,
    family,
    expiresAt: rules.lifeS && Date.now() + rules.lifeS * 1000,
  })
  return token
}

/** Faults of ours never come back to us: the browser stays on the platform's own page. */
function faultOf({ clientId, redirectUris, rules }: OAuthSimulator, query: Record<string, string>) {
  const { client_id, redirect_uri = '', response_type, state, code_challenge } = query
  if (client_id !== clientId) return 'client_id'
  if (!redirectUris.includes(redirect_uri)) return 'redirect_uri'
  if (response_type !== 'code') return 'response_type'
  if (!state) return 'state'
  if (code_challenge && !rules.pkce) return 'PKCE is not supported'
  const challenged =
    query.code_challenge_method === 'S256' && /^[\w-]{43}$/.test(code_challenge ?? '')
  if (code_challenge && !challenged) return 'code_challenge_method'
  const unknown = scopesOf(rules, query.scope).find((name) => !(name in rules.rights))
  return unknown === undefined ? rules.checkAuthorize?.(query) : `scope ${unknown}`
}

const scopesOf = ({ scopeDelimiter = ' ' }: OAuthRules, text = '') =>
  text.split(scopeDelimiter).filter(Boolean)

/** One way of proving, and not the other beside it (RFC 6749 §2.3). */
function provesClient(
  { clientId, clientSecret, rules }: OAuthSimulator,
  req: Request,
  form: Record<string, string>,
): boolean {
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
  if (rules.clientAuth === 'basic')
    return req.get('authorization') === basic && !('client_secret' in form)
  const inBody = form.client_id === clientId && form.client_secret === clientSecret
  return inBody && req.get('authorization') === undefined
}

function refuse(
  rules: OAuthRules,
  res: Response,
  error: string,
  description: string,
  status = 400,
) {
  if (rules.refuse) rules.refuse(res, error, description)
  else res.status(status).json({ error, error_description: description })
}

const challengeOf = (verifier = '') => createHash('sha256').update(verifier).digest('base64url')

export const random = (bytes: number) => randomBytes(bytes).toString('hex')
