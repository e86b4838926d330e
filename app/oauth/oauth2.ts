import { ProviderError } from '../errors.ts'
import type { Answer } from '../http/call.ts'
import type { PlatformHttp } from '../http/http-options.ts'
import type { Arrival, Auth, Start } from './auth.ts'
import { challengeOf, randomText } from './pkce.ts'
import { type Client, sendToTokenEndpoint } from './token-endpoint.ts'
import { readTokens, type Tokens } from './tokens.ts'
import type { Reading } from './token-answer.ts'
import { refreshDueAt } from './expiry.ts'
import { checkEcho, checkIssuer, type Issued } from './callback-checks.ts'

/** A platform that speaks RFC 6749 with RFC 7636, its departures from them as data. */
export interface OAuth2 extends Reading, Client, Issued {
  authorizeUrl: string
  tokenUrl: string
  /** Where tokens are renewed, if not where they are given. */
  refreshUrl?: string
  /** RFC 7009; absent where a grant can only be removed by hand. */
  revokeUrl?: string
  /** The code is redeemed without `grant_type`, as some platforms had it before the RFC. */
  omitGrantType?: boolean
  /** Empty: the platform knows the scope by itself and none is sent. */
  scopes: readonly string[]
  scopeDelimiter?: ' ' | ','
  /** The spelling the platform wants; absent where PKCE is unknown to it. */
  pkce?: 'S256' | 's256'
  extraAuthorizeParams?: Readonly<Record<string, string>>
  /** Sent when the access is to last, not when a person only signs in. */
  lastingParams?: Readonly<Record<string, string>>
  /** Sent with the code, beside what the RFC asks for. */
  extraTokenParams?: Readonly<Record<string, string>>
  /** Callback parameters kept with the tokens and sent with every token call. */
  carry?: readonly string[]
  /** The token endpoint takes a `state` and has to send it back unchanged. */
  echoState?: boolean
  /** False where the grant comes without a refresh token and there is nothing to renew. */
  refreshes?: boolean
  /** Seconds before its end in which an access is renewed; a quarter of an hour unless said otherwise. */
  expiryMarginS?: number
  /** Seconds a refresh token lives, counted from the consent; where the platform tells in its manual only. */
  refreshLifeS?: number
}

/** Builds the four verbs from the description. */
export function oauth2(platform: OAuth2): Auth {
  const { revokeUrl, refreshes = true } = platform
  return {
    begin: (start) => authorize(platform, start),
    complete: (http, arrival) => redeem(platform, http, arrival),
    ...(refreshes && { refresh: (http, tokens) => renew(platform, http, tokens) }),
    ...(revokeUrl && { revoke: (http, tokens) => revoke(platform, revokeUrl, http, tokens) }),
  }
}

/** RFC 6749 §4.1.1. Spaces are written %20: some platforms read a plus sign as a plus sign. */
function authorize(platform: OAuth2, { redirectUri, state, scopes: only }: Start) {
  const { authorizeUrl, clientId, scopeDelimiter = ' ', pkce } = platform
  const scopes = only ?? platform.scopes
  const verifier = pkce ? randomText() : undefined
  const url = new URL(authorizeUrl)
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    ...(scopes.length > 0 && { scope: scopes.join(scopeDelimiter) }),
    state,
    ...platform.extraAuthorizeParams,
    ...(!only && platform.lastingParams),
    ...(pkce && verifier && { code_challenge: challengeOf(verifier), code_challenge_method: pkce }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  url.search = url.search.replaceAll('+', '%20')
  return { url, ...(verifier && { verifier }) }
}

/** RFC 6749 §4.1.3: the redirect URI is sent again, byte for byte. */
async function redeem(platform: OAuth2, http: PlatformHttp, arrival: Arrival): Promise<Tokens> {
  const { redirectUri, verifier, callback } = arrival
  checkIssuer(platform, callback)
  if (platform.pkce && !verifier) {
    throw new ProviderError('verifier is gone', { code: 'refused', kind: 'configuration' })
  }
  const carried = pick(callback, platform.carry ?? [])
  const tokens = await ask(platform, http, platform.tokenUrl, carried, {
    ...platform.extraTokenParams,
    ...(!platform.omitGrantType && { grant_type: 'authorization_code' }),
    code: callback.get('code') ?? '',
    redirect_uri: redirectUri,
    ...(verifier && { code_verifier: verifier }),
  })
  const { refreshLifeS } = platform
  return {
    ...tokens,
    carried: { ...tokens.carried, ...carried },
    ...(refreshLifeS && { refreshExpiresAt: new Date(Date.now() + refreshLifeS * 1000) }),
  }
}

/** RFC 6749 §6: a missing new refresh token keeps the old one. */
async function renew(platform: OAuth2, http: PlatformHttp, old: Tokens): Promise<Tokens> {
  if (!old.refreshToken) {
    throw new ProviderError('nothing to refresh with', { code: 'invalid_grant', kind: 'dead' })
  }
  const url = platform.refreshUrl ?? platform.tokenUrl
  const fresh = await ask(platform, http, url, pick(old.carried, platform.carry ?? []), {
    grant_type: 'refresh_token',
    refresh_token: old.refreshToken,
  })
  const renewed: Tokens = { ...old, ...fresh, carried: { ...old.carried, ...fresh.carried } }
  if (!fresh.expiresAt) delete renewed.expiresAt
  return renewed
}

async function ask(
  platform: OAuth2,
  http: PlatformHttp,
  url: string,
  carried: Record<string, string>,
  grant: Record<string, string>,
): Promise<Tokens> {
  const state = platform.echoState ? randomText() : undefined
  const parameters = { ...grant, ...carried, ...(state && { state }) }
  const answer = await sendToTokenEndpoint(platform, http, url, parameters)
  if (state) checkEcho(answer, state)
  const tokens = readTokens(answer, new Date(), platform)
  return { ...tokens, ...renewal(platform, tokens) }
}

function renewal({ expiryMarginS }: OAuth2, { expiresAt }: Tokens): Partial<Tokens> {
  if (!expiryMarginS || !expiresAt) return {}
  return { renewAt: refreshDueAt(expiresAt, new Date(), Math.random(), expiryMarginS * 1000) }
}

/** RFC 7009 §2.2: a 200 means the token is gone, known or not; `unsupported_token_type` stops nothing. */
async function revoke(platform: OAuth2, revokeUrl: string, http: PlatformHttp, tokens: Tokens) {
  const parameters = tokens.refreshToken
    ? { token: tokens.refreshToken, token_type_hint: 'refresh_token' }
    : { token: tokens.accessToken, token_type_hint: 'access_token' }
  const post = { ...platform, tokenMethod: 'POST' } as const
  checkRevoked(await sendToTokenEndpoint(post, http, revokeUrl, parameters))
}

/**
 * A refusal to revoke, unless it is one of those that say the grant is gone already.
 * @throws ProviderError
 */
export function checkRevoked({ status }: Answer, gone: readonly number[] = []) {
  if (status < 400 || gone.includes(status)) return
  throw new ProviderError('not revoked', { code: 'refused', kind: 'temporary', status })
}

function pick(
  from: URLSearchParams | Record<string, string>,
  names: readonly string[],
): Record<string, string> {
  const all = from instanceof URLSearchParams ? Object.fromEntries(from) : from
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = all[name]
      return value === undefined ? [] : [[name, value]]
    }),
  )
}
