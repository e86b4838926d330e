import { type OAuthRules, type OAuthSimulator, startOAuth } from './oauth-server.ts'

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
