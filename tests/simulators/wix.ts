import { createHmac, randomUUID } from 'node:crypto'
import type { Express, Request, Response } from 'express'
import { showConsent } from './consent.ts'
import { random } from './oauth-server.ts'
import { addPanel } from './panel.ts'
import { type PlatformSimulator, startSimulator } from './simulator.ts'
import type { Stage, Staging } from './stage.ts'

/** A site, and the installation of our application on it if there is one. */
export interface WixSite {
  tenantId: string
  name: string
  url: string
  owner: string
  instanceId: string
  installed: boolean
}

export interface Wix extends PlatformSimulator {
  appId: string
  secret: string
  /** Set for applications that are not in the market: the install link has to name it. */
  shareUrlId: string | undefined
  sites: [WixSite, WixSite]
  /** Whether the callback is signed. */
  signs: boolean
  /** Whether the application may read the owner's e-mail. */
  showsOwner: boolean
  /** Seconds an access lives; four hours at Wix. */
  lifeS: number
  tokens: Map<string, { instanceId: string; expiresAt: number }>
  /** The owner removes the application from the site. */
  remove: (site: WixSite) => void
}

/** A strict Wix: its own install page, tokens minted by JSON alone, bare tokens in the header. */
export async function startWix({ port = 0 } = {}): Promise<Wix> {
  const wix = {
    key: 'wix',
    appId: randomUUID(),
    secret: `wix-secret-${random(12)}`,
    shareUrlId: undefined,
    redirectUris: [],
    sites: [siteOf('Цветы у дома', 'cvety'), siteOf('Булочная', 'bulki')],
    signs: true,
    showsOwner: true,
    lifeS: 14_400,
    tokens: new Map(),
    remove(site: WixSite) {
      site.installed = false
      for (const [token, { instanceId }] of wix.tokens)
        if (instanceId === site.instanceId) wix.tokens.delete(token)
    },
  } as unknown as Wix

  const simulator = await startSimulator((app) => {
    addInstaller(app, wix)
    addMint(app, wix)
    addApi(app, wix)
    addPanel(app, 'Wix', panelOf(wix))
  }, port)
  wix.variables = () => ({
    WIX_CLIENT_ID: wix.appId,
    WIX_CLIENT_SECRET: wix.secret,
    WIX_AUTHORIZE_URL: `${simulator.url}/app-installer`,
    WIX_TOKEN_URL: `${simulator.url}/oauth2/token`,
    WIX_API_URL: simulator.url,
  })
  return Object.assign(wix, simulator)
}

function siteOf(name: string, word: string): WixSite {
  return {
    tenantId: randomUUID(),
    name,
    url: `https://${word}.wix.example`,
    owner: `${word}@example.ru`,
    instanceId: randomUUID(),
    installed: false,
  }
}

/** As Wix documents its older `instance`: signature first, both parts base64url. */
export function signInstance(secret: string, instanceId: string): string {
  const said = { instanceId, signDate: new Date().toISOString() }
  const payload = Buffer.from(JSON.stringify(said)).toString('base64url')
  return `${createHmac('sha256', secret).update(payload).digest('base64url')}.${payload}`
}

function panelOf(wix: Wix): Record<string, () => void> {
  return {
    'Удалить приложение EvoSync с сайта': () => {
      for (const site of wix.sites) wix.remove(site)
    },
    'Перестать отвечать': () => {
      wix.fault('*', { status: 503 })
    },
    'Снова отвечать': () => {
      wix.mend()
    },
  }
}

/** The page on which a person chooses a site. Wix knows no state: what is in the return address comes back with it. */
function addInstaller(app: Express, wix: Wix) {
  const pending = new Map<string, string>()

  app.get('/app-installer', (req, res) => {
    const query = req.query as Record<string, string>
    const fault = faultOf(wix, query)
    if (fault) {
      res.status(400).type('html').send(`<h1>400</h1><p>${fault}</p>`)
      return
    }
    const request = random(8)
    pending.set(request, query.postInstallationUrl ?? '')
    showConsent(res, {
      platform: 'Wix',
      action: '/install',
      request,
      accounts: wix.sites.map(({ tenantId, name }) => ({ id: tenantId, name })),
      rights: [],
    })
  })

  app.post('/install', (req, res) => {
    const form = (req.body ?? {}) as Record<string, string>
    const address = pending.get(form.request ?? '')
    const site = wix.sites.find(({ tenantId }) => tenantId === form.account)
    pending.delete(form.request ?? '')
    if (!address || !site) {
      res.status(400).send('request is gone')
      return
    }
    const back = new URL(address)
    if (form.decision === 'allow') {
      site.installed = true
      for (const [name, value] of Object.entries(installationOf(wix, site)))
        back.searchParams.set(name, value)
    }
    res.redirect(302, back.href)
  })
}

function faultOf({ appId, redirectUris, shareUrlId }: Wix, query: Record<string, string>) {
  const { appId: named, postInstallationUrl = '', shareUrlId: shared, ...others } = query
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) return `${unknown} is not a parameter`
  if (named !== appId) return 'appId'
  if (shared !== shareUrlId) return 'shareUrlId'
  const registered = redirectUris.includes(postInstallationUrl.replace(/\?.*$/, ''))
  return registered ? undefined : 'postInstallationUrl'
}

function installationOf({ appId, secret, signs }: Wix, { tenantId, instanceId }: WixSite) {
  const signed = signs && { signedInstance: signInstance(secret, instanceId) }
  return { appId, tenantId, instanceId, ...signed }
}

function addMint(app: Express, wix: Wix) {
  app.post('/oauth2/token', (req, res) => {
    const body = (req.body ?? {}) as Record<string, unknown>
    const known = body.client_id === wix.appId && body.client_secret === wix.secret
    const site = wix.sites.find(({ instanceId }) => instanceId === body.instance_id)
    if (!req.is('application/json')) refuse(res, 'invalid_request')
    else if (Object.keys(body).sort().join() !== MINT_FIELDS) refuse(res, 'invalid_request')
    else if (!known || req.get('authorization')) refuse(res, 'invalid_client', 401)
    else if (body.grant_type !== 'client_credentials') refuse(res, 'unsupported_grant_type')
    else if (!site?.installed) refuse(res, 'invalid_grant')
    else {
      const { instanceId } = site
      const access_token = `OauthNG.JWS.${random(24)}`
      wix.tokens.set(access_token, { instanceId, expiresAt: Date.now() + wix.lifeS * 1000 })
      res.json({ access_token, token_type: 'Bearer', expires_in: wix.lifeS })
    }
  })
}

const MINT_FIELDS = 'client_id,client_secret,grant_type,instance_id'

function refuse(res: Response, error: string, status = 400) {
  res.status(status).json({ error, error_description: error })
}

function addApi(app: Express, wix: Wix) {
  app.get('/apps/v1/instance', (req, res) => {
    const site = siteThatAsks(req, wix)
    if (!site) {
      res.status(401).json({ message: 'UNAUTHENTICATED', details: {} })
      return
    }
    res.json({
      instance: { instanceId: site.instanceId, appName: 'EvoSync', appVersion: '1.0.0' },
      site: {
        siteDisplayName: site.name,
        url: site.url,
        locale: 'ru',
        ...(wix.showsOwner && { ownerInfo: { email: site.owner, emailStatus: 'VERIFIED' } }),
      },
    })
  })
}

/** The bare token, without a scheme. */
function siteThatAsks(req: Request, { tokens, sites }: Wix): WixSite | undefined {
  const token = tokens.get(req.get('authorization') ?? '')
  if (!token || token.expiresAt <= Date.now()) return undefined
  return sites.find(({ instanceId }) => instanceId === token.instanceId)
}

export const stagings: readonly Staging[] = [{ name: 'Wix', open: openStage }]

async function openStage(): Promise<Stage> {
  const wix = await startWix()
  const [flowers, bakery] = wix.sites
  return {
    key: 'wix',
    title: 'Wix',
    first: flowers.name,
    second: { id: bakery.tenantId, name: bakery.name },
    simulator: wix,
    tokenPath: '/oauth2/token',
    probePath: '/apps/v1/instance',
    keys: ['WIX_CLIENT_ID', 'WIX_CLIENT_SECRET'],
    revoke: () => {
      wix.remove(flowers)
    },
    deadAnswer: { status: 401, body: '{"message":"UNAUTHENTICATED"}' },
    deadRenewal: { status: 400, body: '{"error":"invalid_grant"}' },
  }
}
