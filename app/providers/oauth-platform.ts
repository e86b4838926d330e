import { ONCE } from '../config/platforms.ts'
import type { z } from 'zod'
import type { Auth } from '../oauth/auth.ts'
import { oauth2, type OAuth2 } from '../oauth/oauth2.ts'
import type { Provider } from './provider.ts'
import type { commonSettings, Platform } from './platform.ts'
import type { Scope } from './platform-words.ts'
import type { Account } from './account.ts'
import type { Api } from './api.ts'

/** Where a platform is; the variables of the same names move each. */
export interface Endpoints {
  authorizeUrl: string
  tokenUrl: string
  /** What method paths are appended to. */
  apiUrl: string
  revokeUrl?: string
  userinfoUrl?: string
}

/** What is peculiar to a platform that speaks OAuth 2.0; everything else follows. */
export interface Description
  extends
    Omit<Provider, 'key' | 'configured' | 'redirectUri' | 'auth' | 'identify' | 'grantedScope'>,
    Endpoints {
  /** Departures from RFC 6749, as data; the secret goes into the body unless said otherwise. */
  oauth?: Partial<Omit<OAuth2, 'clientId' | 'clientSecret' | 'scopes'>>
  /** Verbs the platform has in its own way, made from the standard ones. */
  auth?: (usual: Auth, at: Endpoints) => Partial<Auth>
  /** Names of rights asked for where SCOPES does not say; all of `scopes` if left out. */
  asked?: readonly string[]
  /** Who is this? Also the health probe. Throws ProviderError. */
  identify: (api: Api, at: Endpoints) => Promise<Account>
  grantedScope?: (api: Api, at: Endpoints) => Promise<string[] | undefined>
}

/** The variables of every platform, and those it adds. */
type Settings = z.infer<typeof commonSettings>

/** A platform that speaks OAuth 2.0 and is made from its variables, and where EvoSync is, by `describe`. */
export function oauthPlatform<S extends z.ZodType<Settings>>(
  key: string,
  settings: S,
  describe: (own: z.infer<S>, baseUrl: string) => Description,
  labels: Platform['labels'] = {},
): Platform {
  return {
    key,
    settings,
    labels,
    create(variables, baseUrl) {
      const own = settings.parse(variables, ONCE)
      return providerFrom(
        { key, own, redirectUri: `${baseUrl}/${key}/callback` },
        describe(own, baseUrl),
      )
    },
  }
}

/** Which platform, with which application. */
export interface Application {
  key: string
  own: Settings
  redirectUri: string
}

/** Puts the verbs together; variables come before what the description says. */
export function providerFrom(
  { key, own, redirectUri }: Application,
  described: Description,
): Provider {
  const { oauth = {}, auth, asked, identify, grantedScope, scopes, ...shown } = described
  const at = endpointsOf(own, described)
  const { authorizeUrl, tokenUrl, revokeUrl } = at
  const rights = own.SCOPES ?? asked ?? scopes.map(({ name }) => name)
  const usual = oauth2({
    clientAuth: 'body',
    ...oauth,
    authorizeUrl,
    tokenUrl,
    ...(revokeUrl && { revokeUrl }),
    clientId: own.CLIENT_ID ?? '',
    clientSecret: own.CLIENT_SECRET ?? '',
    scopes: rights,
  })
  return {
    ...shown,
    key,
    scopes: known(scopes, rights),
    configured: Boolean(own.CLIENT_ID && (own.CLIENT_SECRET ?? oauth.clientAuth === 'none')),
    redirectUri: own.REDIRECT_URI ?? redirectUri,
    auth: { ...usual, ...auth?.(usual, at) },
    identify: (api) => identify(api, at),
    ...(grantedScope && { grantedScope: (api: Api) => grantedScope(api, at) }),
  }
}

function endpointsOf(own: Settings, usual: Endpoints): Endpoints {
  const revokeUrl = own.REVOKE_URL ?? usual.revokeUrl
  const userinfoUrl = own.USERINFO_URL ?? usual.userinfoUrl
  return {
    authorizeUrl: own.AUTHORIZE_URL ?? usual.authorizeUrl,
    tokenUrl: own.TOKEN_URL ?? usual.tokenUrl,
    apiUrl: own.API_URL ?? usual.apiUrl,
    ...(revokeUrl && { revokeUrl }),
    ...(userinfoUrl && { userinfoUrl }),
  }
}

/** What is asked for, in the order a person reads it; where no right is named, what the platform gives by itself. */
const known = (scopes: readonly Scope[], rights: readonly string[]) =>
  rights.length === 0 ? scopes : scopes.filter(({ name }) => rights.includes(name))
