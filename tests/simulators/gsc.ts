import type { Express } from 'express'
import {
  GOOGLE_TOKEN,
  type GooglePerson,
  idTokenOf,
  startGoogleId,
  UNAUTHENTICATED,
} from './google/id.ts'
import type { OAuthSimulator } from './oauth-server.ts'
import type { Stage, Staging } from './stage.ts'

export const GSC_SITES = '/webmasters/v3/sites'
const SCOPE = 'https://www.googleapis.com/auth/webmasters'
const WEEK_S = 604_799

const PEOPLE: GooglePerson[] = [
  {
    id: '110248495921238986420',
    name: 'marina@example.ru',
    fullName: 'Марина Ковалёва',
    email: 'marina@example.ru',
    verified: true,
  },
  {
    id: '110248495921238986421',
    name: 'oleg@example.ru',
    fullName: 'Олег Сомов',
    email: 'oleg@example.ru',
    verified: true,
  },
]

/** Google Search Console; its consent screen may be in testing, its account without sites. */
export interface Gsc extends OAuthSimulator {
  sites: { siteUrl: string; permissionLevel: string }[]
  /** Seconds refresh tokens live from the consent; undefined for ever, a week for an application in testing. */
  lifeS: number | undefined
  testing: () => void
}

export async function startGsc({ port = 0 } = {}): Promise<Gsc> {
  const own = {
    sites: [
      { siteUrl: 'https://cvety.example/', permissionLevel: 'siteOwner' },
      { siteUrl: 'sc-domain:example.com', permissionLevel: 'siteRestrictedUser' },
    ],
    lifeS: undefined as number | undefined,
    testing: () => {
      own.lifeS = WEEK_S
    },
  }
  const simulator = await startGoogleId(
    {
      key: 'gsc',
      title: 'Google Search Console',
      rights: {
        [`${SCOPE}.readonly`]: 'Отчёты поиска',
        [SCOPE]: 'Отчёты и настройки поиска',
        openid: 'Вход',
        email: 'Почта',
      },
      checkAuthorize: ({ code_challenge, access_type, prompt, include_granted_scopes }) => {
        if (!code_challenge) return 'code_challenge'
        if (access_type !== 'offline' || prompt !== 'consent') return 'no refresh token that way'
        return include_granted_scopes === 'true' ? undefined : 'include_granted_scopes'
      },
      answer: (granted) => ({
        id_token: idTokenOf(granted),
        ...(own.lifeS && { refresh_token_expires_in: own.lifeS }),
      }),
    },
    PEOPLE,
    (app, oauth) => {
      addSites(app, oauth, own)
    },
    port,
  )
  return Object.assign(own, simulator)
}

function addSites(app: Express, oauth: OAuthSimulator, own: Pick<Gsc, 'sites'>) {
  app.get(GSC_SITES, (req, res) => {
    const granted = oauth.whoAsks(req)
    if (!granted) res.status(401).json(UNAUTHENTICATED)
    else if (!granted.scope.some((name) => name.startsWith(SCOPE)))
      res.status(403).json(INSUFFICIENT)
    else res.json(own.sites.length > 0 ? { siteEntry: own.sites } : {})
  })
}

const INSUFFICIENT = {
  error: {
    code: 403,
    message: 'Request had insufficient authentication scopes.',
    errors: [{ domain: 'global', reason: 'insufficientPermissions', message: 'Insufficient' }],
    status: 'PERMISSION_DENIED',
  },
}

export const stagings: readonly Staging[] = [{ name: 'Google Search Console', open: openStage }]

async function openStage(): Promise<Stage> {
  const gsc = await startGsc()
  return {
    key: 'gsc',
    title: 'Google Search Console',
    first: 'marina@example.ru',
    second: { id: '110248495921238986421', name: 'oleg@example.ru' },
    simulator: gsc,
    tokenPath: GOOGLE_TOKEN,
    probePath: GSC_SITES,
    keys: ['GSC_CLIENT_ID', 'GSC_CLIENT_SECRET'],
    revoke: () => {
      gsc.revoke('110248495921238986420')
    },
    deadAnswer: { status: 401, body: JSON.stringify(UNAUTHENTICATED) },
  }
}
