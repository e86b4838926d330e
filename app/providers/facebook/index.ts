import * as z from 'zod'
import { LABELS } from './labels.ts'
import { oneOf } from '../../config/variables.ts'
import { ProviderError } from '../../errors.ts'
import { asObject, asText, badResponse } from '../../http/answer.ts'
import { facebookAuth } from './auth.ts'
import { type App, readGraph, signed } from './graph.ts'
import { NEWEST, versionRemarks } from './versions.ts'
import { ASKED, SCOPES, WORDS } from './words.ts'
import { oauthPlatform } from '../oauth-platform.ts'
import { sideBySide } from '../side-by-side.ts'
import { commonSettings } from '../platform.ts'
import type { Api } from '../api.ts'
import { readEach } from '../read-each.ts'

const settings = commonSettings.extend({
  API_VERSION: z
    .string()
    .regex(/^v\d+\.\d+$/, 'нужна версия вида v26.0')
    .default(NEWEST),
  CONFIG_ID: z.string().optional(),
  PKCE: oneOf('on', 'off').default('off'),
  PROOF: oneOf('plain', 'timed').default('plain'),
})

/** Several are asked one after another while a person waits. */
const TIMEOUT_MS = 5_000

/** Facebook, Marketing API: the manual flow of Facebook Login, then the Graph API, each call with its proof. */
export const facebook = oauthPlatform(
  'facebook',
  settings,
  (own) => {
    const { API_VERSION, CLIENT_ID = '', CLIENT_SECRET = '', CONFIG_ID, PKCE, PROOF } = own
    const app: App = { id: CLIENT_ID, secret: CLIENT_SECRET, timed: PROOF === 'timed' }
    const apiUrl = `https://graph.facebook.com/${API_VERSION}`
    const known = [...SCOPES.map(({ name }) => name), ...(own.SCOPES ?? [])]
    return {
      title: 'Facebook',
      icon: 'bi-facebook',
      tile: { ground: '#e3ebfb', ink: '#1d4fae' },
      words: WORDS,
      scopes: SCOPES,
      asked: ASKED,
      footnote:
        '* Facebook принадлежит компании Meta, которая признана экстремистской организацией и запрещена в России.',
      remarks: (now) => versionRemarks(API_VERSION, now),
      authorizeUrl: `https://www.facebook.com/${API_VERSION}/dialog/oauth`,
      tokenUrl: `${apiUrl}/oauth/access_token`,
      apiUrl,
      revokeUrl: `${own.API_URL ?? apiUrl}/me/permissions`,
      oauth: {
        scopeDelimiter: ',',
        // Without it Facebook does not ask again for what a person has once declined.
        extraAuthorizeParams: {
          auth_type: 'rerequest',
          ...(CONFIG_ID && { config_id: CONFIG_ID }),
        },
        ...(PKCE === 'on' && { pkce: 'S256' }),
      },
      auth: (usual, at) => facebookAuth(app, usual, at),
      sign: (request, { accessToken }) => signed(app, request, accessToken),

      async identify(api, at) {
        const [who, adAccounts] = await sideBySide(
          api,
          () => whoIsThis(api, at.apiUrl),
          () => adAccountsOf(api, at.apiUrl),
        )
        return { ...who, profile: { adAccounts } }
      },

      /** `public_profile` and the like come unasked, and say nothing of what was. */
      async grantedScope(api, at) {
        const url = `${at.apiUrl}/me/permissions`
        const { data } = readGraph(await api.send({ url, timeoutMs: TIMEOUT_MS }))
        if (!Array.isArray(data)) return undefined
        const granted = data.map(asObject).filter((one) => one?.status === 'granted')
        return granted
          .flatMap((one) => asText(one?.permission) ?? [])
          .filter((name) => known.includes(name))
      },
    }
  },
  LABELS,
)

async function whoIsThis(api: Api, apiUrl: string) {
  const query = { fields: 'id,name' }
  const answer = await api.send({ url: `${apiUrl}/me`, query, timeoutMs: TIMEOUT_MS })
  const told = readGraph(answer)
  const [id, name] = [asText(told.id), asText(told.name)]
  if (!id) throw badResponse('me without an id', answer)
  return { id, ...(name && { name }) }
}

/** The first hundred; null when the person may not see them, which is no failure of the connection. */
async function adAccountsOf(api: Api, apiUrl: string) {
  const query = { fields: 'account_id,name,account_status', limit: '100' }
  try {
    const answer = await api.send({ url: `${apiUrl}/me/adaccounts`, query, timeoutMs: TIMEOUT_MS })
    const { data } = readGraph(answer)
    if (!Array.isArray(data)) throw badResponse('adaccounts without data', answer)
    return readEach(api, 'ad accounts', data, (value) => {
      const one = asObject(value)
      const account_id = asText(one?.account_id)
      const name = asText(one?.name) ?? ''
      const account_status = asText(one?.account_status) ?? ''
      return account_id ? { account_id, name, account_status } : undefined
    })
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'insufficient_scope') return null
    throw error
  }
}
