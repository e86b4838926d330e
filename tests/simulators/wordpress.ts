import type { Express, Response } from 'express'
import { type Granted, type OAuthSimulator, startOAuth } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

interface Blog {
  id: number
  name: string
  url: string
  /** Whose it is. */
  user: { id: number; name: string }
}

const MARINA = { id: 1001, name: 'Марина Ковалёва' }
const OLEG = { id: 1002, name: 'Олег Пекарь' }
const BLOGS: readonly Blog[] = [
  { id: 501, name: 'Цветы у дома', url: 'https://cvety.wordpress.example', user: MARINA },
  { id: 502, name: 'Киоск', url: 'https://kiosk.wordpress.example', user: MARINA },
  { id: 601, name: 'Булочная', url: 'https://bulki.wordpress.example', user: OLEG },
]

export interface WordPress extends OAuthSimulator {
  /** `/me` is refused to tokens for one site, as some are. */
  withholds: boolean
  /** What goes with `invalid_token`: the manual does not say. */
  deadStatus: number
}

/**
 * WordPress.com: tokens for ever, one for a site or, with `global`, one for all. Whoever consents chooses person and
 * site at once, so accounts of the consent page are sites.
 */
export async function startWordPress({ port = 0 } = {}): Promise<WordPress> {
  const simulator = await startOAuth(
    {
      key: 'wordpress',
      title: 'WordPress.com',
      people: BLOGS.map(({ id, url, user }) => ({ id: String(id), name: `${user.name}, ${url}` })),
      authorizePath: '/oauth2/authorize',
      tokenPath: '/oauth2/token',
      rights: { global: 'Все сайты', users: 'Профиль', posts: 'Записи', stats: 'Статистика' },
      clientAuth: 'body',
      lifeS: 0,
      refreshes: false,
      rotates: false,
      checkAuthorize: ({ blog }) =>
        blog === undefined || BLOGS.some(({ id, url }) => [String(id), url].includes(blog))
          ? undefined
          : 'blog',
      answer: blogOf,
    },
    (app, oauth) => {
      addApi(app, oauth as WordPress)
    },
    port,
  )
  const { variables, url } = simulator
  const own = { withholds: false, deadStatus: 400 }
  return Object.assign(simulator, own, {
    variables: () => ({ ...variables(), WORDPRESS_API_URL: `${url}/rest/v1.1` }),
  })
}

function blogOf({ userId, scope }: Granted) {
  if (scope.includes('global')) return { blog_id: 0, blog_url: null }
  return { blog_id: userId, blog_url: BLOGS.find(({ id }) => String(id) === userId)?.url }
}

function addApi(app: Express, oauth: WordPress) {
  app.get('/rest/v1.1/me', (req, res) => {
    const granted = oauth.whoAsks(req)
    if (!granted) refuse(res, oauth.deadStatus, 'invalid_token')
    else if (oauth.withholds) refuse(res, 403, 'authorization_required')
    else {
      const { id, name } = personOf(granted)
      res.json({ ID: id, display_name: name, username: `user${id}`, primary_blog: 501 })
    }
  })
  app.get('/rest/v1.1/me/sites', (req, res) => {
    const granted = oauth.whoAsks(req)
    if (!granted) refuse(res, oauth.deadStatus, 'invalid_token')
    else {
      const own = BLOGS.filter(({ user }) => user === personOf(granted))
      res.json({ sites: own.map(({ id, name, url }) => ({ ID: id, name, URL: url })) })
    }
  })
  app.get('/oauth2/token-info', (req, res) => {
    const { client_id, token = '' } = req.query as Record<string, string>
    const granted = oauth.tokens.get(token)
    if (client_id !== oauth.clientId || !granted) refuse(res, 400, 'invalid_request')
    else {
      const { blog_id } = blogOf(granted)
      const user_id = String(personOf(granted).id)
      res.json({ client_id, user_id, blog_id, scope: granted.scope.join(' ') })
    }
  })
}

function personOf({ userId }: Granted) {
  return BLOGS.find(({ id }) => String(id) === userId)?.user ?? MARINA
}

function refuse(res: Response, status: number, error: string) {
  res.status(status).json({ error, message: error })
}

export const stagings: readonly Staging[] = [
  { name: 'WordPress.com', open: openStage },
  { name: 'WordPress.com, all sites', open: openGlobalStage },
]

async function openStage(): Promise<Stage> {
  const simulator = await startWordPress()
  return {
    key: 'wordpress',
    title: 'WordPress.com',
    first: 'cvety.wordpress.example',
    second: { id: 502, name: 'kiosk.wordpress.example' },
    simulator,
    tokenPath: '/oauth2/token',
    probePath: '/rest/v1.1/me',
    keys: ['WORDPRESS_CLIENT_ID', 'WORDPRESS_CLIENT_SECRET'],
    revoke: () => {
      simulator.revoke('501')
    },
    deadAnswer: { status: 400, body: '{"error":"invalid_token","message":"invalid_token"}' },
  }
}

async function openGlobalStage(): Promise<Stage> {
  const stage = await openStage()
  return {
    ...stage,
    first: MARINA.name,
    second: { id: 601, name: OLEG.name },
    env: { WORDPRESS_SCOPES: 'global' },
  }
}
