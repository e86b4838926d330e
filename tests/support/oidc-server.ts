import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { type Configuration, type KoaContextWithOIDC, Provider } from 'oidc-provider'
import { onTestFinished } from 'vitest'

/** A server none of our code has a hand in: PKCE wanted, `iss` in every answer, refresh tokens that rotate. */
export interface OidcServer {
  issuer: string
  clientId: string
  clientSecret: string
  /** What the token endpoint has done so far, by grant type. */
  granted: string[]
  /** What it has refused, a refresh token used twice among them. */
  refused: string[]
  /** Grants that have ended before their time. */
  revoked: number
  /** Set: it answers in this name instead of its own, as in a mix-up (RFC 9207 §1). */
  posesAs?: string
  /** Who signs in there. */
  account: { sub: string; name: string; email: string; email_verified?: boolean }
}

const ACCOUNT = { sub: 'oidc-77', name: 'Лавка у моста', email: 'most@example.ru' }

/** Starts on loopback; `redirectUris` are where its one application may return to. */
export async function startOidcServer(...redirectUris: string[]): Promise<OidcServer> {
  const app = express()
  const listening = await listen(app)
  const issuer = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`
  const server: OidcServer = {
    issuer,
    clientId: 'evosync',
    clientSecret: randomBytes(18).toString('hex'),
    granted: [],
    refused: [],
    revoked: 0,
    account: ACCOUNT,
  }
  const provider = new Provider(issuer, configure(server, redirectUris))
  count(provider, server)
  app.get('/interaction/:uid', (req, res) => {
    res.type('html').send(`<!doctype html><html lang="ru"><title>Вход</title><h1>Вход</h1>
<form method="post" action="/interaction/${req.params.uid}"><button>Разрешить</button></form></html>`)
  })
  app.post('/interaction/:uid', async (req, res) => {
    await provider.interactionFinished(req, res, { login: { accountId: server.account.sub } })
  })
  app.use(inAnotherName(server), provider.callback())
  return server
}

function configure(server: OidcServer, redirectUris: string[]): Configuration {
  const { clientId, clientSecret } = server
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: redirectUris,
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256' }] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    claims: { openid: ['sub'], profile: ['name'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false }, revocation: { enabled: true } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    issueRefreshToken: () => Promise.resolve(true),
    rotateRefreshToken: true,
    ttl: { AccessToken: 3600, AuthorizationCode: 60, RefreshToken: 86_400 },
    findAccount: () => ({ accountId: server.account.sub, claims: () => server.account }),
    loadExistingGrant: grantWhatIsAsked,
  }
}

/** Whoever signs in consents. */
async function grantWhatIsAsked({ oidc }: KoaContextWithOIDC) {
  const { provider, client, session, params } = oidc
  const grant = new provider.Grant({
    clientId: client?.clientId ?? '',
    accountId: session?.accountId ?? '',
  })
  grant.addOIDCScope(typeof params?.scope === 'string' ? params.scope : '')
  await grant.save()
  return grant
}

function inAnotherName(server: OidcServer): express.RequestHandler {
  const named = (issuer: string) => `iss=${encodeURIComponent(issuer)}`
  return (_req, res, next) => {
    const set = res.setHeader.bind(res)
    res.setHeader = (name, value) => {
      const { issuer, posesAs } = server
      const changed = posesAs && typeof value === 'string' && /^location$/i.test(name)
      return set(name, changed ? value.replace(named(issuer), named(posesAs)) : value)
    }
    next()
  }
}

function count(provider: Provider, server: OidcServer) {
  provider.on('grant.success', ({ oidc }) => {
    server.granted.push(String(oidc.params?.grant_type))
  })
  provider.on('grant.error', (_ctx, error) => {
    server.refused.push(error.error_detail ?? error.error)
  })
  provider.on('grant.revoked', () => {
    server.revoked += 1
  })
}

async function listen(app: express.Express): Promise<Server> {
  const server = await new Promise<Server>((resolve) => {
    const started = app.listen(0, '127.0.0.1', () => {
      resolve(started)
    })
  })
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return server
}
