import { ONCE } from '../../config/platforms.ts'
import { asObject, asText, badResponse } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'
import { LABELS } from './labels.ts'
import type { Provider } from '../provider.ts'
import type { Platform } from '../platform.ts'
import type { Account } from '../account.ts'
import { classicAuth, vkIdAuth } from './auth.ts'
import { vkMarket } from './market.ts'
import { readPermissions, readResponse } from './response.ts'
import { settings, type VkSettings } from './settings.ts'
import { gateOf, SCOPES, WORDS } from './words.ts'

const KEY = 'vk'

/** Ten pages of goods with their descriptions come in one answer. */
const MAX_BYTES = 8 * 1024 * 1024

/**
 * ВКонтакте: the classic OAuth of the connection plan (docs/platforms/vk.md#the-connection-plan), or VK ID (OAuth 2.1)
 * with `VK_AUTH=vkid`.
 */
export const vk: Platform = {
  key: KEY,
  settings,
  labels: LABELS,
  create: (variables, baseUrl) => create(settings.parse(variables, ONCE), baseUrl),
}

function create(own: VkSettings, baseUrl: string): Provider {
  const { CLIENT_ID, CLIENT_SECRET, AUTH, DOMAIN, API_VERSION, TOKEN_METHOD } = own
  const apiUrl = own.API_URL ?? `https://api.${DOMAIN}/method`
  const call = (name: string) => ({ url: `${apiUrl}/${name}`, query: { v: API_VERSION } })
  const vkId = AUTH === 'vkid'
  const rights = own.SCOPES.filter((name) => !(vkId && name === 'offline')) // VK ID has no such right

  return {
    key: KEY,
    title: 'ВКонтакте',
    forms: { short: 'ВК' },
    icon: 'bi-chat-dots',
    tile: { ground: '#deecff', ink: '#0a55b8' },
    target: vkMarket(apiUrl, DOMAIN),
    gate: gateOf(CLIENT_ID),
    perSecond: own.PER_SECOND,
    maxBytes: MAX_BYTES,
    words: WORDS,
    scopes: SCOPES.filter(({ name }) => rights.includes(name)),
    configured: Boolean(CLIENT_ID && (CLIENT_SECRET ?? vkId)),
    redirectUri: own.REDIRECT_URI ?? `${baseUrl}/${KEY}/callback`,
    auth: vkId ? vkIdAuth(own, rights) : classicAuth(own, rights),
    signIn: { scopes: [] }, // users.get needs no right, and tells no e-mail

    // The plan asks by GET with the token in the query; VK_TOKEN_METHOD=POST moves it into the body. A form has it there.
    sign({ query, ...request }, { accessToken }) {
      if (request.form)
        return { ...request, form: { ...query, ...request.form, access_token: accessToken } }
      const all = { ...query, access_token: accessToken }
      if (TOKEN_METHOD === 'GET') return { ...request, query: all }
      return { repeat: 'safe', ...request, method: 'POST', form: all }
    },

    identify: async (api) => readUser(await api.send(call('users.get'))),

    // Only the classic token answer keeps silent about what was granted.
    ...(!vkId && {
      grantedScope: async (api) =>
        readPermissions(await api.send(call('account.getAppPermissions'))),
    }),
  }
}

function readUser(answer: Answer): Account {
  const response = readResponse(answer)
  const user = asObject(Array.isArray(response) ? response[0] : undefined)
  const id = asText(user?.id)
  if (!user || !id) throw badResponse('users.get without a user', answer)
  const profile = {
    first_name: asText(user.first_name) ?? '',
    last_name: asText(user.last_name) ?? '',
  }
  const name = `${profile.first_name} ${profile.last_name}`.trim()
  return { id, ...(name && { name }), profile }
}
