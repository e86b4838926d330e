import { ONCE } from '../../config/platforms.ts'
import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import * as z from 'zod'
import { asObject, asText, badResponse, isStrayPage, readJson } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'
import { counted } from '../../texts/plural.ts'
import { oauth2 } from '../../oauth/oauth2.ts'
import { plainLine } from '../../catalogue/plain.ts'
import { asking, refusal } from './calls.ts'
import { evotorGoods } from './goods.ts'
import { evotorHints } from './change-notifications.ts'
import { SCOPES, WORDS } from './words.ts'
import { LABELS } from './labels.ts'
import type { Provider } from '../provider.ts'
import { commonSettings, type Platform } from '../platform.ts'
import type { PastedToken } from '../platform-words.ts'
import type { Account } from '../account.ts'
import { type Api, bearer } from '../api.ts'
import { readEach } from '../read-each.ts'

const KEY = 'evotor'

/** A page of a thousand products with descriptions. */
const MAX_BYTES = 8 * 1024 * 1024

const settings = commonSettings.extend({
  CA_FILE: z.string().transform(readPem).optional(),
  SCOPES: commonSettings.shape.SCOPES.default([]),
  WEBHOOK_TOKEN: z
    .string()
    .regex(/^[\w=-]{16,128}$/, 'нужно от 16 до 128 латинских букв, цифр и знаков _ - =')
    .optional(),
})

/** Эвотор: OAuth at oauth.evotor.ru, or an application token pasted by the owner; both reach the same cloud API. */
export const evotor: Platform = {
  key: KEY,
  settings,
  labels: LABELS,
  create: (variables, baseUrl) => create(settings.parse(variables, ONCE), baseUrl),
}

function create(own: z.infer<typeof settings>, baseUrl: string): Provider {
  const { CLIENT_ID, CLIENT_SECRET, CA_FILE, WEBHOOK_TOKEN } = own
  const apiUrl = own.API_URL ?? 'https://api.evotor.ru'

  return {
    key: KEY,
    title: 'Эвотор',
    icon: 'bi-shop',
    tile: { ground: '#fde9df', ink: '#a13c08' },
    source: evotorGoods(apiUrl),
    maxBytes: MAX_BYTES,
    words: WORDS,
    scopes: SCOPES,
    configured: Boolean(CLIENT_ID && CLIENT_SECRET),
    redirectUri: own.REDIRECT_URI ?? `${baseUrl}/${KEY}/callback`,
    ...(CA_FILE && { extraCa: [CA_FILE] }),

    // The scope is fixed with the OAuth client; the manual's authorize address carries none.
    auth: oauth2({
      authorizeUrl: own.AUTHORIZE_URL ?? 'https://oauth.evotor.ru/oauth/authorize',
      tokenUrl: own.TOKEN_URL ?? 'https://oauth.evotor.ru/oauth/token',
      clientId: CLIENT_ID ?? '',
      clientSecret: CLIENT_SECRET ?? '',
      clientAuth: 'basic',
      scopes: own.SCOPES,
    }),

    sign: (request, tokens) =>
      tokens.carried.header === 'x-authorization'
        ? { ...request, headers: { ...request.headers, 'x-authorization': tokens.accessToken } }
        : bearer(request, tokens),

    identify: async (api) => readStores(api, await api.send(asking(`${apiUrl}/stores`))),

    pasted: PASTED,
    ...(WEBHOOK_TOKEN && { hints: evotorHints(WEBHOOK_TOKEN) }),
  }
}

/** Sources differ on the header of an application token: Bearer first, then the older X-Authorization. */
const PASTED: PastedToken = {
  title: 'Подключить по токену приложения',
  label: 'Токен приложения',
  hint: 'Личный кабинет Эвотор → Мои приложения → ваше приложение → Настройки. Токен выглядит так: f46b0000-0000-4000-8000-000000000000.',
  candidates(text) {
    const accessToken = text.trim()
    if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(accessToken)) return []
    return ['bearer', 'x-authorization'].map((header) => ({
      accessToken,
      carried: { kind: 'pasted', header },
    }))
  },
}

/** There is no "who am I" at Evotor: the stores tell whose account it is, if there are any. */
function readStores(api: Api, answer: Answer): Account {
  if (answer.status === 402 && !isStrayPage(answer))
    return { profile: {}, attention: 'store_blocked' }
  if (answer.status >= 400) throw refusal(answer)
  const items = asObject(readJson(answer))?.items
  if (!Array.isArray(items)) throw badResponse('stores without items', answer)

  const stores = readEach(api, 'stores', items, readStore)
  const id = stores.map(({ owner }) => owner).find(Boolean)
  const profile = { stores: stores.map(({ name, address }) => ({ name, address })) }
  const [first, ...others] = stores
  if (!first) return { profile, attention: 'no_stores' }
  const count = counted(stores.length, 'магазин', 'магазина', 'магазинов')
  const name = others.length > 0 ? `${first.name}, ${count}` : first.name
  return { ...(id && { id }), name, profile }
}

function readStore(item: unknown) {
  const store = asObject(item)
  if (!store) return undefined
  return {
    name: plainLine(asText(store.name) ?? '') || 'Магазин без названия',
    address: plainLine(asText(store.address) ?? ''),
    owner: asText(store.user_id),
  }
}

function readPem(file: string, context: z.RefinementCtx): string {
  try {
    const pem = readFileSync(file, 'utf8')
    new X509Certificate(pem)
    return pem
  } catch {
    const message = `файл ${file} не читается, или в нём нет сертификата PEM`
    context.addIssue({ code: 'custom', message })
    return z.NEVER
  }
}
