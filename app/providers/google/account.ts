import { asText, badResponse } from '../../http/answer.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import { checkRevoked, type OAuth2 } from '../../oauth/oauth2.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import { judgeGoogle } from './errors.ts'
import type { Endpoints } from '../oauth-platform.ts'
import type { Account } from '../account.ts'
import type { Api } from '../api.ts'

/** accounts.google.com/.well-known/openid-configuration */
export const GOOGLE = {
  authorizeUrl: 'https://accounts.google.com/o/oauth2/v2/auth',
  tokenUrl: 'https://oauth2.googleapis.com/token',
  apiUrl: 'https://www.googleapis.com',
  revokeUrl: 'https://oauth2.googleapis.com/revoke',
  userinfoUrl: 'https://openidconnect.googleapis.com/v1/userinfo',
} satisfies Endpoints

/** Without `offline` there is no refresh token at all, without `consent` only the first time a person agrees. */
export const GOOGLE_OAUTH = {
  pkce: 'S256',
  lastingParams: { access_type: 'offline', prompt: 'consent' },
  scopeNames: {
    'https://www.googleapis.com/auth/userinfo.email': 'email',
    'https://www.googleapis.com/auth/userinfo.profile': 'profile',
  },
} satisfies Partial<OAuth2>

/** Where people see which applications have access. */
export const GOOGLE_CONNECTIONS = 'https://myaccount.google.com/connections'

/** OpenID Connect Core §5.3. The id is `sub`: an address may be given to somebody else one day. @throws ProviderError */
export async function identifyAtGoogle(api: Api, { userinfoUrl }: Endpoints): Promise<Account> {
  const answer = await api.send({ url: userinfoUrl ?? GOOGLE.userinfoUrl })
  const told = judgeGoogle(answer)
  const [id, name, address] = [told.sub, told.name, told.email].map(asText)
  if (!id) throw badResponse('no sub', answer)
  return {
    id,
    ...(name && { name }),
    profile: {},
    ...(address && { email: { address, verified: told.email_verified === true } }),
  }
}

/** By the token alone, without the client's credentials; a token that is dead already is as good as revoked. */
export const revokeAtGoogle =
  ({ revokeUrl }: Endpoints) =>
  async (http: PlatformHttp, { refreshToken, accessToken }: Tokens) => {
    const form = { token: refreshToken ?? accessToken }
    const answer = await http.send({ url: revokeUrl ?? GOOGLE.revokeUrl, method: 'POST', form })
    checkRevoked(answer, answer.text.includes('"invalid_token"') ? [400] : [])
  }
