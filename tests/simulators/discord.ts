import type { Express } from 'express'
import { type OAuthSimulator, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

export const DISCORD_TOKEN = '/api/oauth2/token'
export const DISCORD_REVOKE = '/api/oauth2/token/revoke'
export const DISCORD_ME = '/api/v10/users/@me'

const PEOPLE = [
  { id: '80351110224678912', name: 'Марина К.', username: 'marina', verified: true },
  { id: '80351110224678913', name: 'oleg', username: 'oleg', verified: false },
]

/** Discord: forms only, a week's access, an agent of its own form, `iss` on every callback. */
export async function startDiscord({ port = 0 } = {}): Promise<OAuthSimulator> {
  const discord = await startOAuth(
    {
      key: 'discord',
      title: 'Discord',
      people: PEOPLE,
      authorizePath: '/oauth2/authorize',
      tokenPath: DISCORD_TOKEN,
      revokePath: DISCORD_REVOKE,
      rights: { identify: 'Профиль', email: 'Почта', guilds: 'Серверы' },
      issuer: 'https://discord.com',
      clientAuth: 'body',
      pkce: 'S256',
      lifeS: 604_800,
      refreshes: true,
      rotates: true,
      checkToken: (req) => (isOurAgent(req.get('user-agent')) ? undefined : 'user-agent'),
    },
    addMe,
    port,
  )
  const { variables } = discord
  discord.variables = () => ({ ...variables(), DISCORD_API_URL: `${discord.url}/api/v10` })
  return discord
}

const isOurAgent = (agent = '') => /^DiscordBot \(https?:\/\/\S+, [\d.]+\)$/.test(agent)

function addMe(app: Express, oauth: OAuthSimulator) {
  app.get(DISCORD_ME, (req, res) => {
    const granted = oauth.whoAsks(req)
    const person = PEOPLE.find(({ id }) => id === granted?.userId)
    if (!isOurAgent(req.get('user-agent')))
      res.status(403).type('html').send('<h1>error code: 1010</h1>')
    else if (!granted || !person) res.status(401).json(DEAD)
    else if (!granted.scope.includes('identify'))
      res.status(403).json({ message: 'Missing required OAuth2 scope', code: 50026 })
    else {
      const { id, name, username, verified } = person
      const mail = { email: `${username}@example.ru`, verified }
      res.json({
        id,
        username,
        global_name: name === username ? null : name,
        avatar: null,
        ...(granted.scope.includes('email') && mail),
      })
    }
  })
}

const DEAD = { message: '401: Unauthorized', code: 0 }

export const stagings: readonly Staging[] = [{ name: 'Discord', open: openStage }]

async function openStage(): Promise<Stage> {
  const discord = await startDiscord()
  return {
    key: 'discord',
    title: 'Discord',
    first: 'Марина К.',
    second: { id: '80351110224678913', name: 'oleg' },
    simulator: discord,
    tokenPath: DISCORD_TOKEN,
    probePath: DISCORD_ME,
    keys: ['DISCORD_CLIENT_ID', 'DISCORD_CLIENT_SECRET'],
    revoke: () => {
      discord.revoke('80351110224678912')
    },
    deadAnswer: { status: 401, body: JSON.stringify(DEAD) },
  }
}
