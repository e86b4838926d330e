import { ProviderError } from '../../errors.ts'
import { asObject, readJson } from '../../http/answer.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import type { Auth } from '../../oauth/auth.ts'
import { oauth2 } from '../../oauth/oauth2.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import { DEAD } from '../../oauth/token-answer.ts'
import type { VkSettings } from './settings.ts'

/**
 * The connection plan's flow (docs/platforms/vk.md#the-connection-plan): exactly its parameters, the secret in the
 * query unless `VK_TOKEN_METHOD=POST`. With the right `offline` the token does not expire (`expires_in: 0`); no refresh
 * token ever comes.
 */
export function classicAuth(own: VkSettings, scopes: readonly string[]): Auth {
  return oauth2({
    authorizeUrl: own.AUTHORIZE_URL ?? `https://oauth.${own.DOMAIN}/authorize`,
    tokenUrl: own.TOKEN_URL ?? `https://oauth.${own.DOMAIN}/access_token`,
    clientId: own.CLIENT_ID ?? '',
    clientSecret: own.CLIENT_SECRET ?? '',
    clientAuth: 'body',
    tokenMethod: own.TOKEN_METHOD,
    omitGrantType: true,
    scopes,
    extraAuthorizeParams: { display: 'page', v: own.API_VERSION },
    refreshes: false,
  })
}

/**
 * VK ID, OAuth 2.1: PKCE spelled `s256`, no client secret, a device id that comes with the callback and goes with every
 * token call, pairs that rotate, one hour each. Source: id.vk.com, VK ID, API integration, and VK's own SDKs.
 */
export function vkIdAuth(own: VkSettings, scopes: readonly string[]): Auth {
  const revokeUrl = own.REVOKE_URL ?? `https://id.${own.DOMAIN}/oauth2/revoke`
  const auth = oauth2({
    authorizeUrl: own.AUTHORIZE_URL ?? `https://id.${own.DOMAIN}/authorize`,
    tokenUrl: own.TOKEN_URL ?? `https://id.${own.DOMAIN}/oauth2/auth`,
    clientId: own.CLIENT_ID ?? '',
    clientAuth: 'none',
    scopes,
    pkce: 's256',
    carry: ['device_id'],
    echoState: true,
    errors: { invalid_token: DEAD, invalid_request: DEAD, access_denied: DEAD },
  })
  return { ...auth, revoke: (http, tokens) => revoke(http, revokeUrl, own.CLIENT_ID ?? '', tokens) }
}

/** VK ID's own call: access token and client id in the form, `{"response":1}` back. */
async function revoke(http: PlatformHttp, url: string, clientId: string, { accessToken }: Tokens) {
  const form = { client_id: clientId, access_token: accessToken }
  const answer = await http.send({ url, method: 'POST', form })
  if (asObject(readJson(answer))?.response !== 1) {
    throw new ProviderError('not revoked', { code: 'refused', kind: 'temporary' })
  }
}
