import { ONCE } from '../../config/platforms.ts'
import type { Platform } from '../platform.ts'
import { LABELS } from './labels.ts'
import type { Provider } from '../provider.ts'
import { readAccount, readRights } from './account.ts'
import { okAuth } from './auth.ts'
import { okMarket } from './market.ts'
import { type OkSettings, settings } from './settings.ts'
import { type App, signed } from './sign.ts'
import { FORMS, gateOf, SCOPES, WORDS } from './words.ts'

const KEY = 'ok'
/** A hundred goods with their descriptions come in one answer. */
const MAX_BYTES = 8 * 1024 * 1024

/** Одноклассники: goods of groups, by OAuth at connect.ok.ru and signed calls of api.ok.ru (docs/platforms/ok.md). */
export const ok: Platform = {
  key: KEY,
  settings,
  labels: LABELS,
  create: (variables, baseUrl) => create(settings.parse(variables, ONCE), baseUrl),
}

function create(own: OkSettings, baseUrl: string): Provider {
  const { CLIENT_ID, CLIENT_SECRET = '', PUBLIC_KEY = '' } = own
  const app: App = { publicKey: PUBLIC_KEY, secret: CLIENT_SECRET }
  const url = `${own.API_URL ?? 'https://api.ok.ru'}/fb.do`
  return {
    key: KEY,
    title: 'Одноклассники',
    forms: FORMS,
    icon: 'bi-people',
    tile: { ground: '#ffead6', ink: '#8f4300' },
    target: okMarket(url),
    gate: gateOf(CLIENT_ID),
    perSecond: own.PER_SECOND,
    maxBytes: MAX_BYTES,
    words: WORDS,
    scopes: SCOPES.filter(({ name }) => own.SCOPES.includes(name)),
    configured: Boolean(CLIENT_ID && CLIENT_SECRET && PUBLIC_KEY),
    redirectUri: own.REDIRECT_URI ?? `${baseUrl}/${KEY}/callback`,
    auth: okAuth(own, app, url),
    sign: (request, tokens) => signed(app, request, tokens),
    identify: (api) => readAccount(api, url),
    grantedScope: (api) => readRights(api, url, own.SCOPES),
  }
}
