import { createHash } from 'node:crypto'
import { splitScope } from '../oauth/tokens.ts'
import { type Description, providerFrom } from './oauth-platform.ts'
import type { Provider } from './provider.ts'
import type { SignIn } from './account.ts'
import type { Api } from './api.ts'
import { judge } from './verdicts.ts'
import { accountIn, personIn } from './custom-account.ts'
import { scopeNamed, wordsOf } from './custom-words.ts'
import type { CustomPlatform } from './custom-platform.ts'

/** A platform made from its row. A row that cannot be used is a platform that is not set up, and says why. */
export function custom(platform: CustomPlatform, baseUrl: string): Provider {
  const { key, clientId, clientSecret, scope, enabled } = platform
  const problem = problemOf(platform)
  const own = { CLIENT_ID: clientId, CLIENT_SECRET: clientSecret, SCOPES: splitScope(scope) }
  const redirectUri = `${baseUrl}/${key}/callback`
  const provider = providerFrom({ key, own, redirectUri }, describe(platform))
  return {
    ...provider,
    edition: editionOf(platform),
    ...(!enabled && { disabled: true }),
    ...(platform.signIn && { signIn: signInBy(platform) }),
    ...(problem && { configured: false, problem }),
  }
}

/** Everybody who is shown the tokens of its owners. */
export const editionOf = ({ tokenUrl, userinfoUrl, revokeUrl = '' }: CustomPlatform): string =>
  [tokenUrl, userinfoUrl, revokeUrl].join(' ')

/** Its edition is everything that decides which person an answer names. */
function signInBy(platform: CustomPlatform): SignIn {
  const { scope, signInScope, tokenUrl, userinfoUrl, idPath = '' } = platform
  const scopes = splitScope(scope)
  const usual = USUAL.filter((name) => scopes.includes(name))
  const edition = JSON.stringify([tokenUrl, userinfoUrl, idPath])
  return {
    scopes: signInScope ? splitScope(signInScope) : usual.length > 0 ? usual : scopes,
    edition: createHash('sha256').update(edition).digest('hex'),
    identify: async (api) => personIn(await askWho(api, platform), platform),
  }
}

/** OpenID Connect Core §5.4. */
const USUAL = ['openid', 'profile', 'email']

function problemOf(platform: CustomPlatform): string | undefined {
  if (platform.unreadable) return UNREADABLE
  const addresses = [platform.authorizeUrl, platform.tokenUrl, platform.userinfoUrl]
  const usable = addresses.every((text) => URL.canParse(text) && /^https?:/.test(text))
  return usable ? undefined : 'Один из адресов сервиса записан неверно. Исправьте его.'
}

const UNREADABLE =
  'Секрет приложения не читается: он зашифрован другим ключом. Впишите его ещё раз.'

function describe(platform: CustomPlatform): Description {
  const { title, icon, scope, authorizeUrl, tokenUrl, userinfoUrl, revokeUrl } = platform
  const { issuer, issuerRequired, pkce, clientAuth, scopeDelimiter } = platform
  return {
    title,
    icon,
    words: wordsOf(title),
    scopes: splitScope(scope).map(scopeNamed),
    authorizeUrl,
    tokenUrl,
    userinfoUrl,
    apiUrl: userinfoUrl,
    ...(revokeUrl && { revokeUrl }),
    oauth: {
      clientAuth,
      scopeDelimiter,
      ...(pkce && { pkce: 'S256' }),
      ...(issuer && { issuer, issuerRequired }),
    },
    identify: async (api) => accountIn(await askWho(api, platform), platform),
  }
}

const askWho = async (api: Api, { userinfoUrl }: CustomPlatform) =>
  judge(await api.send({ url: userinfoUrl }))
