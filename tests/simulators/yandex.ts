import { type OAuthSimulator, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

const PEOPLE = [
  { id: '1130000000000001', name: 'Марина Ковалёва' },
  { id: '1130000000000002', name: 'Олег Лавкин' },
]

/** Яндекс ID: Basic at the token endpoint, PKCE, «OAuth» instead of «Bearer» at the API. */
async function startYandex(): Promise<OAuthSimulator> {
  return await startOAuth(
    {
      key: 'yandex',
      title: 'Яндекс',
      people: PEOPLE,
      authorizePath: '/authorize',
      tokenPath: '/token',
      rights: { 'login:info': 'Профиль', 'login:email': 'Почта' },
      clientAuth: 'basic',
      pkce: 'S256',
      lifeS: 31_536_000,
      refreshes: true,
      rotates: false,
    },
    (app, oauth) => {
      app.get('/info', (req, res) => {
        const token = /^OAuth (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? ''
        const granted = oauth.tokens.get(token)
        const person = PEOPLE.find(({ id }) => id === granted?.userId)
        if (!granted || !person || req.query.format !== 'json') {
          res.status(401).send('')
          return
        }
        const login = `user-${person.id.slice(-1)}`
        const email = granted.scope.includes('login:email') && {
          default_email: `${login}@yandex.example`,
        }
        res.json({ id: person.id, login, real_name: person.name, display_name: login, ...email })
      })
    },
  )
}

export const stagings: readonly Staging[] = [{ name: 'Яндекс', open: openStage }]

async function openStage(): Promise<Stage> {
  const yandex = await startYandex()
  return {
    key: 'yandex',
    title: 'Яндекс',
    first: 'Марина Ковалёва',
    second: { id: '1130000000000002', name: 'Олег Лавкин' },
    simulator: yandex,
    tokenPath: '/token',
    probePath: '/info',
    keys: ['YANDEX_CLIENT_ID', 'YANDEX_CLIENT_SECRET'],
    revoke: () => {
      yandex.revoke('1130000000000001')
    },
    deadAnswer: { status: 401, body: '' },
  }
}
