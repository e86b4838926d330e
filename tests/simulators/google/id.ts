import type { Express } from 'express'
import {
  type Granted,
  type OAuthRules,
  type OAuthSimulator,
  random,
  startOAuth,
} from '../oauth-server.ts'

export const GOOGLE_TOKEN = '/token'
export const GOOGLE_USERINFO = '/v1/userinfo'
export const GOOGLE_REVOKE = '/revoke'

/** What userinfo tells, by the right to it. */
export interface GooglePerson {
  id: string
  /** On the consent page. */
  name: string
  fullName: string
  email: string
  verified: boolean
}

const NAMES = {
  email: 'https://www.googleapis.com/auth/userinfo.email',
  profile: 'https://www.googleapis.com/auth/userinfo.profile',
}

/** Google's OAuth: a refresh token for `offline` only, rights answered by their long names, errors in two shapes. */
export async function startGoogleId(
  own: Pick<OAuthRules, 'key' | 'title' | 'rights' | 'checkAuthorize' | 'answer'>,
  people: GooglePerson[],
  build: (app: Express, oauth: OAuthSimulator) => void,
  port: number,
): Promise<OAuthSimulator> {
  const google = await startOAuth(
    {
      people,
      authorizePath: '/o/oauth2/v2/auth',
      tokenPath: GOOGLE_TOKEN,
      clientAuth: 'body',
      pkce: 'S256',
      lifeS: 3599,
      refreshes: true,
      rotates: false,
      scopeNames: NAMES,
      lasting: ({ access_type, prompt }) => access_type === 'offline' && prompt === 'consent',
      ...own,
    },
    (app, oauth) => {
      addUserinfo(app, oauth, people)
      addRevoke(app, oauth)
      build(app, oauth)
    },
    port,
  )
  const { variables } = google
  const prefix = own.key.toUpperCase()
  google.variables = () => ({
    ...variables(),
    [`${prefix}_USERINFO_URL`]: google.url + GOOGLE_USERINFO,
    [`${prefix}_REVOKE_URL`]: google.url + GOOGLE_REVOKE,
  })
  return google
}

function addUserinfo(app: Express, oauth: OAuthSimulator, people: GooglePerson[]) {
  app.get(GOOGLE_USERINFO, (req, res) => {
    const granted = oauth.whoAsks(req)
    const person = people.find(({ id }) => id === granted?.userId)
    if (!granted?.scope.includes('openid') || !person) res.status(401).json(INVALID_CREDENTIALS)
    else
      res.json({
        sub: person.id,
        ...(allows(granted, 'profile') && {
          name: person.fullName,
          picture: 'https://x.example/p',
        }),
        ...(allows(granted, 'email') && { email: person.email, email_verified: person.verified }),
      })
  })
}

const allows = ({ scope }: Granted, right: string) => scope.includes(right)

/** The token alone: whoever sends a secret along has not read the manual. */
function addRevoke(app: Express, oauth: OAuthSimulator) {
  app.post(GOOGLE_REVOKE, (req, res) => {
    const form = (req.body ?? {}) as Record<string, string>
    const token = form.token ?? ''
    const granted = oauth.tokens.get(token) ?? oauth.refreshTokens.get(token)
    if (Object.keys(form).join() !== 'token' || req.get('authorization'))
      res.status(400).json({ error: 'invalid_request' })
    else if (!granted)
      res
        .status(400)
        .json({ error: 'invalid_token', error_description: 'Token expired or revoked' })
    else {
      oauth.revoke(granted.userId)
      res.json({})
    }
  })
}

/** What the userinfo endpoint says to a token it does not take. */
export const INVALID_CREDENTIALS = {
  error: 'invalid_request',
  error_description: 'Invalid Credentials',
}

/** What the APIs say to one. */
export const UNAUTHENTICATED = {
  error: { code: 401, message: 'Request had invalid credentials.', status: 'UNAUTHENTICATED' },
}

/** An id_token as it looks; nobody of us reads it. */
export const idTokenOf = ({ userId }: Granted) =>
  [{ alg: 'RS256', kid: 'k1' }, { iss: 'https://accounts.google.com', sub: userId }, random(16)]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
