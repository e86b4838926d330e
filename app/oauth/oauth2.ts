import { ProviderError } from '../errors.ts'
import { badResponse } from '../http/answer.ts'
import type { Answer } from '../http/exchange.ts'
import type { PlatformHttp } from '../http/client.ts'
import type { Arrival, Auth } from './auth.ts'
import { challengeOf, randomText } from './pkce.ts'
import { readTokens, type Tokens } from './tokens.ts'

/** A platform that speaks RFC 6749 with RFC 7636, its departures from them as data. */
export interface OAuth2 {
  authorizeUrl: string
  tokenUrl: string
  /** RFC 7009; absent where a grant can only be removed by hand. */
  revokeUrl?: string
  clientId: string
  clientSecret?: string
  /** How the client proves itself at the token endpoint (RFC 6749 §2.3.1); `none` for public clients. */
  clientAuth: 'basic' | 'body' | 'none'
  /** GET puts everything into the query, the secret included: only where a platform documents it. */
  tokenMethod?: 'GET' | 'POST'
  /** The code is redeemed without `grant_type`, as some platforms had it before the RFC. */
  omitGrantType?: boolean
  /** Empty: the platform knows the scope by itself and none is sent. */
  scopes: readonly string[]
  scopeDelimiter?: ' ' | ','
  /** The spelling the platform wants; absent where PKCE is unknown to it. */
  pkce?: 'S256' | 's256'
  extraAuthorizeParams?: Record<string, string>
  /** Callback parameters kept with the tokens and sent with every token call. */
  carry?: readonly string[]
  /** The token endpoint takes a `state` and has to send it back unchanged. */
  echoState?: boolean
  /** False where the grant comes without a refresh token and there is nothing to renew. */
  refreshes?: boolean
  /** Error codes that mean the grant is gone; `invalid_grant` unless said otherwise. */
  dead?: readonly string[]
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
function authorize(
  platform: OAuth2,
  { redirectUri, state }: { redirectUri: string; state: string },
) {
  const {
    authorizeUrl,
    clientId,
    scopes,
    scopeDelimiter = ' ',
    pkce,
    extraAuthorizeParams,
  } = platform
  const verifier = pkce ? randomText() : undefined
  const url = new URL(authorizeUrl)
  const parameters = {
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    ...(scopes.length > 0 && { scope: scopes.join(scopeDelimiter) }),
    state,
    ...extraAuthorizeParams,
    ...(pkce && verifier && { code_challenge: challengeOf(verifier), code_challenge_method: pkce }),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  url.search = url.search.replaceAll('+', '%20')
  return { url, ...(verifier && { verifier }) }
}

/** RFC 6749 §4.1.3: the redirect URI is sent again, byte for byte. */
async function redeem(platform: OAuth2, http: PlatformHttp, arrival: Arrival): Promise<Tokens> {
  const { redirectUri, verifier, callback } = arrival
  if (platform.pkce && !verifier) {
    throw new ProviderError('verifier is gone', { code: 'refused', kind: 'configuration' })
  }
  const carried = pick(callback, platform.carry ?? [])
  const tokens = await ask(platform, http, carried, {
    ...(!platform.omitGrantType && { grant_type: 'authorization_code' }),
    code: callback.get('code') ?? '',
    redirect_uri: redirectUri,
    ...(verifier && { code_verifier: verifier }),
  })
  return { ...tokens, carried }
}

/** RFC 6749 §6: a missing new refresh token keeps the old one. */
async function renew(platform: OAuth2, http: PlatformHttp, old: Tokens): Promise<Tokens> {
  if (!old.refreshToken) {
    throw new ProviderError('nothing to refresh with', { code: 'invalid_grant', kind: 'dead' })
  }
  const fresh = await ask(platform, http, old.carried, {
    grant_type: 'refresh_token',
    refresh_token: old.refreshToken,
  })
  const renewed: Tokens = { ...old, ...fresh, carried: old.carried }
  if (!fresh.expiresAt) delete renewed.expiresAt
  return renewed
}

async function ask(
  platform: OAuth2,
  http: PlatformHttp,
  carried: Record<string, string>,
  grant: Record<string, string>,
): Promise<Tokens> {
  const state = platform.echoState ? randomText() : undefined
  const parameters = { ...grant, ...carried, ...(state && { state }) }
  const answer = await sendToTokenEndpoint(platform, http, platform.tokenUrl, parameters)
  if (state) checkEcho(answer, state)
  return readTokens(answer, new Date(), platform.dead)
}

/** RFC 7009 §2.2: a 200 means the token is gone, known or not; `unsupported_token_type` stops nothing. */
async function revoke(platform: OAuth2, revokeUrl: string, http: PlatformHttp, tokens: Tokens) {
  const parameters = tokens.refreshToken
    ? { token: tokens.refreshToken, token_type_hint: 'refresh_token' }
    : { token: tokens.accessToken, token_type_hint: 'access_token' }
  const { status } = await sendToTokenEndpoint(
    { ...platform, tokenMethod: 'POST' },
    http,
    revokeUrl,
    parameters,
  )
  if (status >= 400)
    throw new ProviderError('not revoked', { code: 'refused', kind: 'temporary', status })
}

function sendToTokenEndpoint(
  { clientId, clientSecret = '', clientAuth, tokenMethod = 'POST' }: OAuth2,
  http: PlatformHttp,
  url: string,
  parameters: Record<string, string>,
): Promise<Answer> {
  const client = {
    ...(clientAuth !== 'basic' && { client_id: clientId }),
    ...(clientAuth === 'body' && { client_secret: clientSecret }),
  }
  const all = { ...client, ...parameters }
  return http.send({
    url,
    method: tokenMethod,
    ...(tokenMethod === 'GET' ? { query: all } : { form: all }),
    ...(clientAuth === 'basic' && { headers: { authorization: basic(clientId, clientSecret) } }),
    repeat: 'unsent',
  })
}

/** RFC 6749 §2.3.1: id and secret are form-urlencoded before they are joined and encoded. */
export function basic(clientId: string, clientSecret: string): string {
  const encoded = [clientId, clientSecret].map((text) =>
    new URLSearchParams({ '': text }).toString().slice(1),
  )
  return `Basic ${Buffer.from(encoded.join(':')).toString('base64')}`
}

/** Another `state` than ours belongs to somebody else's request; a missing one is let pass. */
function checkEcho(answer: Answer, sent: string) {
  const echoed = /"state"\s*:\s*"([^"]*)"/.exec(answer.text)?.[1]
  if (answer.status === 200 && echoed !== undefined && echoed !== sent) {
    throw badResponse('state not echoed', answer)
  }
}

function pick(callback: URLSearchParams, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = callback.get(name)
      return value === null ? [] : [[name, value]]
    }),
  )
}
