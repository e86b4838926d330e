import { type OAuthSimulator, random, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

const PEOPLE = [
  { id: 'bing-uid-1', name: 'marina@example.ru' },
  { id: 'bing-uid-2', name: 'oleg@example.ru' },
]

/** Bing Webmaster: JWT access tokens with claims, one refresh token for ever, error numbers in the body. */
export async function startBing({ port = 0 } = {}): Promise<OAuthSimulator> {
  const bing = await startOAuth(
    {
      key: 'bing',
      title: 'Bing Webmaster',
      people: PEOPLE,
      authorizePath: '/webmasters/oauth/authorize',
      tokenPath: '/webmasters/oauth/token',
      rights: { 'webmaster.read': 'Чтение', 'webmaster.manage': 'Управление' },
      clientAuth: 'body',
      lifeS: 3599,
      refreshes: true,
      rotates: false,
      token: ({ userId }) => jwtOf(userId),
    },
    (app, oauth) => {
      app.get('/json/GetUserSites', (req, res) => {
        const granted = oauth.whoAsks(req)
        if (!granted) res.status(400).json({ ErrorCode: 18, Message: 'ERROR!!! InvalidToken' })
        else res.json({ d: [{ __type: 'Site', Url: 'https://cvety.example/', IsVerified: true }] })
      })
    },
    port,
  )
  const { variables } = bing
  bing.variables = () => ({ ...variables(), BING_API_URL: `${bing.url}/json` })
  return bing
}

function jwtOf(userId: string): string {
  const email = PEOPLE.find(({ id }) => id === userId)?.name
  const claims = { webmasteruid: userId, webmasteremail: email, jti: random(8) }
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ alg: 'RS256' })}.${part(claims)}.${random(8)}`
}

export const stagings: readonly Staging[] = [{ name: 'Bing Webmaster', open: openStage }]

async function openStage(): Promise<Stage> {
  const bing = await startBing()
  return {
    key: 'bing',
    title: 'Bing Webmaster',
    first: 'marina@example.ru',
    second: { id: 'bing-uid-2', name: 'oleg@example.ru' },
    simulator: bing,
    tokenPath: '/webmasters/oauth/token',
    probePath: '/json/GetUserSites',
    keys: ['BING_CLIENT_ID', 'BING_CLIENT_SECRET'],
    revoke: () => {
      bing.revoke('bing-uid-1')
    },
    deadAnswer: { status: 400, body: '{"ErrorCode":18,"Message":"ERROR!!! InvalidToken"}' },
  }
}
