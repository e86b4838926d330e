import type { Express } from 'express'
import { type OAuthSimulator, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

export const SPOTIFY_TOKEN = '/api/token'
export const SPOTIFY_ME = '/v1/me'

/** The second one's answer is as it was before May 2026. */
const PEOPLE = [
  { id: 'marina.k', name: 'Марина Ковалёва', account_id: 'sp-acc-1' },
  { id: 'oleg_s', name: 'Олег Сомов', account_id: undefined },
]

/**
 * Spotify: Basic, one refresh token for its six months. The real one takes no redirect URI at `localhost`, where tests
 * are at home.
 */
export async function startSpotify({ port = 0 } = {}): Promise<OAuthSimulator> {
  const spotify = await startOAuth(
    {
      key: 'spotify',
      title: 'Spotify',
      people: PEOPLE,
      authorizePath: '/authorize',
      tokenPath: SPOTIFY_TOKEN,
      rights: { 'user-read-private': 'Профиль', 'user-read-email': 'Почта' },
      clientAuth: 'basic',
      pkce: 'S256',
      lifeS: 3600,
      refreshes: true,
      rotates: false,
    },
    addMe,
    port,
  )
  const { variables } = spotify
  spotify.variables = () => ({ ...variables(), SPOTIFY_API_URL: `${spotify.url}/v1` })
  return spotify
}

function addMe(app: Express, oauth: OAuthSimulator) {
  app.get(SPOTIFY_ME, (req, res) => {
    const granted = oauth.whoAsks(req)
    const person = PEOPLE.find(({ id }) => id === granted?.userId)
    if (!granted || !person) {
      res.status(401).json(EXPIRED)
      return
    }
    const { id, name, account_id } = person
    res.json({
      id,
      display_name: name,
      images: [],
      ...(account_id && { account_id }),
      ...(granted.scope.includes('user-read-email') && { email: `${id}@example.ru` }),
    })
  })
}

const EXPIRED = { error: { status: 401, message: 'The access token expired' } }

export const stagings: readonly Staging[] = [{ name: 'Spotify', open: openStage }]

async function openStage(): Promise<Stage> {
  const spotify = await startSpotify()
  return {
    key: 'spotify',
    title: 'Spotify',
    first: 'Марина Ковалёва',
    second: { id: 'oleg_s', name: 'Олег Сомов' },
    simulator: spotify,
    tokenPath: SPOTIFY_TOKEN,
    probePath: SPOTIFY_ME,
    keys: ['SPOTIFY_CLIENT_ID', 'SPOTIFY_CLIENT_SECRET'],
    revoke: () => {
      spotify.revoke('marina.k')
    },
    deadAnswer: { status: 401, body: JSON.stringify(EXPIRED) },
  }
}
