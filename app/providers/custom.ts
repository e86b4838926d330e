import { createHash } from 'node:crypto'
import { ProviderError } from '../errors.ts'
import { asObject, asText } from '../http/answer.ts'
import { splitScope } from '../oauth/tokens.ts'
import { type Description, providerFrom } from './oauth-platform.ts'
import type { Account, Provider, Scope, SignIn } from './provider.ts'
import type { Api } from './api.ts'
import { judge } from './verdicts.ts'
import { plainFacts, usualWords } from './words.ts'

/** A platform as an administrator describes it; everything but the secret may be shown. */
export interface CustomPlatform {
  key: string
  title: string
  icon: string
  clientId: string
  /** Undefined: there is none, or it does not open with the keys we have. */
  clientSecret?: string | undefined
  /** A secret is stored and does not open. */
  unreadable?: boolean
  scope: string
  scopeDelimiter: ' ' | ','
  authorizeUrl: string
  tokenUrl: string
  userinfoUrl: string
  revokeUrl?: string | undefined
  /** Who a callback has to name in `iss` (RFC 9207), and whether it must. */
  issuer?: string | undefined
  issuerRequired: boolean
  pkce: boolean
  clientAuth: 'basic' | 'body' | 'none'
  /** Where id, name and e-mail stand in the answer of `userinfoUrl`: `data.user.id`. Absent: the usual names. */
  idPath?: string | undefined
  namePath?: string | undefined
  emailPath?: string | undefined
  enabled: boolean
  /** People come in by it; what is asked for then. Absent: what of the usual rights is asked for anyway. */
  signIn?: boolean | undefined
  signInScope?: string | undefined
}

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

const wordsOf = (title: string) =>
  usualWords(title, {
    purpose: 'Сервис, который добавил администратор',
    goal: 'чтобы EvoSync обращался к нему от вашего имени',
    promise: 'Лишнего доступа не просим.',
    removeByHand: `Снять доступ можно в настройках сервиса «${title}», в списке подключённых приложений.`,
    setup: [
      `Зарегистрируйте приложение в сервисе «${title}» с адресом возврата: {redirectUri}`,
      'Впишите его ID и секрет в разделе «Администрирование», «Сервисы».',
    ],
    facts: (account) => [
      ...plainFacts(account),
      ...(typeof account.profile.email === 'string'
        ? [{ label: 'Почта', value: account.profile.email }]
        : []),
    ],
  })

/** Many servers take these to be the protocol's business and do not list them among what was granted. */
const PROTOCOL = new Set(['openid', 'offline_access'])

const scopeNamed = (name: string): Scope => ({
  name,
  title: name,
  text: 'Так это право называется в самом сервисе.',
  needed: !PROTOCOL.has(name),
})

/** Longer ones are no name and no number of anybody's, and would fill every page they stand on. */
const LONGEST = { id: 255, name: 200, email: 254 }

/**
 * Whose account it is (OpenID Connect Core §5.3.2 and what others answer).
 * @throws ProviderError when a place the administrator named is empty, or the id is none
 */
function accountIn(body: Record<string, unknown>, platform: CustomPlatform): Account {
  const { idPath, namePath, emailPath } = platform
  const id = idPath ? textAt(body, idPath) : firstOf(body, ['sub', 'id', 'user_id'])
  const name = namePath
    ? textAt(body, namePath)
    : firstOf(body, ['name', 'email', 'login', 'username'])
  const email = emailPath ? textAt(body, emailPath) : undefined
  if ((idPath && !id) || (id && id.length > LONGEST.id))
    throw new ProviderError('no id at the path', { code: 'bad_response', kind: 'configuration' })
  return {
    ...(id && { id }),
    ...(name && { name: name.slice(0, LONGEST.name) }),
    profile: email ? { email: email.slice(0, LONGEST.email) } : {},
  }
}

/** The same, for letting somebody in: what could be two people is nobody. @throws as above */
function personIn(body: Record<string, unknown>, platform: CustomPlatform): Account {
  const { idPath, emailPath } = platform
  const { name, profile } = accountIn(body, platform)
  const id = exactText(idPath ? valueAt(body, idPath) : usualId(body))
  return { profile, ...(name && { name }), ...(id && { id }), ...verifiedEmail(body, emailPath) }
}

/** One name alone, the first that says anything: numbers under two names may belong to two people. */
function usualId(body: Record<string, unknown>): unknown {
  const name = ['sub', 'id', 'user_id'].find(
    (one) => Object.hasOwn(body, one) && body[one] !== null,
  )
  return name && body[name]
}

/** A number too large for JSON to carry exactly is another account's as well. */
const exactText = (value: unknown): string | undefined =>
  typeof value === 'number' && !Number.isSafeInteger(value) ? undefined : asText(value)

/** `email_verified` speaks of the `email` beside it (OpenID Connect Core §5.1), and of no other. */
function verifiedEmail(
  body: Record<string, unknown>,
  path = 'email',
): Pick<Account, 'email'> | undefined {
  const beside = path.split('.').slice(0, -1)
  const address = textAt(body, path)
  if (!address || !/(^|\.)email$/.test(path)) return undefined
  const flag = valueAt(body, [...beside, 'email_verified'].join('.'))
  return { email: { address, verified: flag === true || flag === 'true' } }
}

const firstOf = (body: Record<string, unknown>, names: readonly string[]) =>
  names.map((name) => textAt(body, name)).find((text) => text !== undefined)

const textAt = (body: unknown, path: string): string | undefined => asText(valueAt(body, path))

/** `data.users.0.id`: names of fields and numbers of places; nothing but the answer's own. */
function valueAt(body: unknown, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => {
    const fields = asObject(Array.isArray(value) ? Object.assign({}, value) : value)
    return fields && Object.hasOwn(fields, name) ? fields[name] : undefined
  }, body)
}
