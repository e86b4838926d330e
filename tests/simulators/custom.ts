import { type OAuthRules, type OAuthSimulator, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

const PEOPLE = [
  { id: 'u-1', name: 'Лавка на Садовой' },
  { id: 'u-2', name: 'Лавка у вокзала' },
]

/** What an administrator might connect: PKCE, a rotating refresh token, a profile in a nested answer. */
export async function startRayon(changes: Partial<OAuthRules> = {}): Promise<OAuthSimulator> {
  return await startOAuth(
    {
      key: 'rayon',
      title: 'Витрина района',
      people: PEOPLE,
      authorizePath: '/oauth/authorize',
      tokenPath: '/oauth/token',
      rights: { 'catalog.read': 'Чтение', 'catalog.write': 'Запись' },
      clientAuth: 'body',
      pkce: 'S256',
      lifeS: 3600,
      refreshes: true,
      rotates: true,
      ...changes,
    },
    (app, oauth) => {
      app.get('/me', (req, res) => {
        const granted = oauth.whoAsks(req)
        if (!granted) res.status(401).json({ error: 'invalid_token' })
        else {
          const { id, name } = PEOPLE.find((one) => one.id === granted.userId) ?? {
            id: '',
            name: '',
          }
          res.json({ data: { user: { id, name, mail: `${id}@rayon.example` } } })
        }
      })
      app.post('/oauth/revoke', (req, res) => {
        const { token = '' } = (req.body ?? {}) as Record<string, string>
        oauth.refreshTokens.delete(token)
        oauth.tokens.delete(token)
        res.status(200).end()
      })
    },
  )
}

/** The form as an administrator fills it in; an undefined field is a box that is not ticked. */
export const rayonFields = ({ url, clientId, clientSecret }: OAuthSimulator) => ({
  name: 'Витрина района',
  key: 'rayon',
  icon: 'bi-shop',
  client_id: clientId,
  client_secret: clientSecret,
  authorize_url: `${url}/oauth/authorize`,
  token_url: `${url}/oauth/token`,
  userinfo_url: `${url}/me`,
  revoke_url: `${url}/oauth/revoke`,
  scope: 'catalog.read catalog.write',
  id_path: 'data.user.id',
  name_path: 'data.user.name',
  email_path: 'data.user.mail',
})

export const stagings: readonly Staging[] = [{ name: 'Витрина района', open: openStage }]

/** It stands in no variable: an administrator types it, and allows EvoSync to go there. */
async function openStage(): Promise<Stage> {
  const rayon = await startRayon()
  return {
    key: 'rayon',
    title: 'Витрина района',
    first: 'Лавка на Садовой',
    second: { id: 'u-2', name: 'Лавка у вокзала' },
    simulator: Object.assign(rayon, { variables: () => ({}) }),
    tokenPath: '/oauth/token',
    probePath: '/me',
    typed: { ...rayonFields(rayon), sign_in: 'on' },
    keys: [],
    revoke: () => {
      rayon.revoke('u-1')
    },
    deadAnswer: { status: 401, body: '{"error":"invalid_token"}' },
  }
}
