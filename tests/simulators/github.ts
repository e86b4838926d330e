import express, { type Express, type RequestHandler } from 'express'
import { type OAuthRules, type OAuthSimulator, random, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

export const GITHUB_TOKEN = '/login/oauth/access_token'
export const GITHUB_USER = '/user'
export const GITHUB_EMAILS = '/user/emails'

const PEOPLE = [
  { id: '583231', name: 'marina-k' },
  { id: '583232', name: 'oleg-s' },
]

const HALF_A_YEAR_S = 15_811_200

/** An OAuth App's tokens are for ever; a GitHub App's end after 8 hours, rotate, and tell no scope. */
export type GitHubKind = 'OAuth App' | 'GitHub App'

/** GitHub: errors inside a 200, JSON for those who ask for it, an agent wanted, the grant revoked by a DELETE. */
export function startGitHub(kind: GitHubKind = 'OAuth App', port = 0): Promise<OAuthSimulator> {
  return startOAuth({ ...RULES, ...(kind === 'GitHub App' && APP) }, addApi, port)
}

const RULES: OAuthRules = {
  key: 'github',
  title: 'GitHub',
  people: PEOPLE,
  authorizePath: '/login/oauth/authorize',
  tokenPath: GITHUB_TOKEN,
  rights: { 'read:user': 'Профиль', 'user:email': 'Почта' },
  clientAuth: 'body',
  pkce: 'S256',
  lifeS: 0,
  refreshes: false,
  rotates: false,
  checkAuthorize: ({ code_challenge }) => (code_challenge ? undefined : 'code_challenge'),
  checkToken: (req) => (req.get('accept') === 'application/json' ? undefined : 'Accept'),
  answer: ({ scope }) => ({ scope: scope.join(','), token_type: 'bearer' }),
  token: () => `gho_${random(18)}`,
  refuse(res, error, description) {
    const name = description === 'refresh token' ? 'bad_refresh_token' : (ERRORS[error] ?? error)
    res.json({ error: name, error_description: 'Not accepted.', error_uri: '/docs' })
  },
}

const ERRORS: Record<string, string> = {
  invalid_grant: 'bad_verification_code',
  invalid_client: 'incorrect_client_credentials',
}

const APP: Partial<OAuthRules> = {
  lifeS: 28_800,
  refreshes: true,
  rotates: true,
  token: () => `ghu_${random(18)}`,
  answer: () => ({ scope: '', token_type: 'bearer', refresh_token_expires_in: HALF_A_YEAR_S }),
}

function addApi(app: Express, oauth: OAuthSimulator) {
  app.get([GITHUB_USER, GITHUB_EMAILS], politely, (req, res, next) => {
    if (oauth.whoAsks(req)) next()
    else res.status(401).json(BAD_CREDENTIALS)
  })
  app.get(GITHUB_USER, (req, res) => {
    const person = PEOPLE.find(({ id }) => id === oauth.whoAsks(req)?.userId)
    res.json({ id: Number(person?.id), login: person?.name, name: null, email: null })
  })
  app.get(GITHUB_EMAILS, (req, res) => {
    const granted = oauth.whoAsks(req)
    if (!granted?.scope.includes('user:email')) res.status(404).json({ message: 'Not Found' })
    else
      res.json([
        { email: 'old@example.ru', primary: false, verified: true },
        { email: `${granted.userId}@example.ru`, primary: true, verified: true },
      ])
  })
  app.delete('/applications/:id/grant', politely, express.json(), (req, res) => {
    const { clientId, clientSecret } = oauth
    const proof = Buffer.from(`${clientId}:${clientSecret}`).toString('base64')
    const { access_token } = (req.body ?? {}) as { access_token?: string }
    const granted = oauth.tokens.get(access_token ?? '')
    if (req.get('authorization') !== `Basic ${proof}` || req.params.id !== clientId)
      res.status(401).json(BAD_CREDENTIALS)
    else if (!granted) res.status(422).json({ message: 'Validation Failed' })
    else {
      oauth.revoke(granted.userId)
      res.status(204).end()
    }
  })
}

const politely: RequestHandler = (req, res, next) => {
  if (!req.get('user-agent')) res.status(403).send('Request forbidden by administrative rules.')
  else if (req.get('accept') !== 'application/vnd.github+json')
    res.status(415).json({ message: 'Unsupported Media Type' })
  else next()
}

const BAD_CREDENTIALS = { message: 'Bad credentials', documentation_url: '/rest', status: '401' }

export const stagings: readonly Staging[] = [
  { name: 'GitHub', open: () => openStage('OAuth App') },
  { name: 'GitHub App', open: () => openStage('GitHub App') },
]

async function openStage(kind: GitHubKind): Promise<Stage> {
  const github = await startGitHub(kind)
  return {
    key: 'github',
    title: 'GitHub',
    first: 'marina-k',
    second: { id: '583232', name: 'oleg-s' },
    simulator: github,
    tokenPath: GITHUB_TOKEN,
    probePath: GITHUB_USER,
    keys: ['GITHUB_CLIENT_ID', 'GITHUB_CLIENT_SECRET'],
    revoke: () => {
      github.revoke('583231')
    },
    deadAnswer: { status: 401, body: JSON.stringify(BAD_CREDENTIALS) },
  }
}
