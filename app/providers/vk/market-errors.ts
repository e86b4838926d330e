import { type FailureKind, type RefusalScope, ShopRefused } from '../../errors.ts'
import { asObject, asText } from '../../http/answer.ts'
import { NOTHING_TO_CHANGE, parameterCode } from './market-fields.ts'
import { QUANTITY_PAUSE_MS } from './response.ts'

/** What one of VK's numbers means for a run. */
export interface Meaning {
  scope: RefusalScope
  code: string
  kind: FailureKind
  /** How long VK wants to be left alone, where it is known from practice. */
  pauseMs?: number
  /** VK says so without having done anything, so that repeating cannot do it twice. */
  unsent?: true
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const item = (code: string): Meaning => ({ scope: 'item', code, kind: 'configuration' })
const missing = (code: string): Meaning => ({ ...item(code), scope: 'missing' })
const person = (code: string): Meaning => ({ scope: 'account', code, kind: 'permission' })
const operator = (code: string): Meaning => ({ scope: 'account', code, kind: 'configuration' })
const dead = (code: string): Meaning => ({ scope: 'account', code, kind: 'dead' })
const soon = (code: string): Meaning => ({ scope: 'temporary', code, kind: 'temporary' })
const pause = (code: string, pauseMs: number): Meaning => ({
  scope: 'pause',
  code,
  kind: 'temporary',
  pauseMs,
  unsent: true,
})

/** Every number VK's market calls are known to answer with: docs/platforms/vk.md#calls-and-errors. */
export const MEANINGS: Readonly<Record<number, Meaning>> = {
  1: soon('platform_fault'),
  3: operator('method_unknown'),
  5: dead('token_revoked'),
  6: { ...soon('too_fast'), unsent: true },
  7: person('market_right_missing'),
  8: operator('request_refused'),
  9: pause('flood', 15 * MINUTE_MS),
  10: soon('platform_fault'),
  12: operator('batch_refused'),
  13: operator('batch_refused'),
  14: pause('captcha', HOUR_MS),
  15: person('market_right_missing'),
  17: person('validation_required'),
  18: dead('user_blocked'),
  20: operator('app_refused'),
  21: operator('app_refused'),
  22: item('photo_refused'),
  23: operator('method_unknown'),
  24: person('confirmation_required'),
  25: dead('token_revoked'),
  27: operator('community_token'),
  28: operator('app_refused'),
  29: pause('limit_reached', QUANTITY_PAUSE_MS),
  30: person('profile_private'),
  36: soon('platform_slow'),
  37: dead('user_blocked'),
  42: operator('address_banned'),
  43: soon('platform_fault'),
  100: item('item_unknown'),
  101: operator('app_refused'),
  103: item('out_of_limits'),
  104: missing('item_gone'),
  105: item('photo_refused'),
  106: item('item_unknown'),
  113: operator('community_unknown'),
  114: item('photo_refused'),
  118: item('photo_refused'),
  121: item('photo_refused'),
  122: item('photo_refused'),
  125: operator('community_unknown'),
  129: item('photo_refused'),
  200: item('album_forbidden'),
  203: person('group_access_lost'),
  204: item('item_forbidden'),
  205: person('market_forbidden'),
  260: person('groups_hidden'),
  1400: missing('item_gone'),
  1401: item('item_unknown'),
  1402: missing('album_gone'),
  1403: missing('item_gone'),
  1404: item('already_there'),
  1405: person('too_many_items'),
  1406: item('album_full'),
  1407: item('too_many_albums'),
  1408: item('bad_links'),
  1409: item('variants_refused'),
  1410: item('variants_refused'),
  1411: item('variants_refused'),
  1412: item('variants_refused'),
  1413: item('variants_refused'),
  1414: item('variants_refused'),
  1415: item('variants_refused'),
  1416: item('variants_refused'),
  1417: item('variants_refused'),
  1418: item('variants_refused'),
  1419: item('variants_refused'),
  1421: item('name_too_long'),
  1423: item('variants_refused'),
  1424: item('variants_refused'),
  1425: item('variants_refused'),
  1426: item('variants_refused'),
  1429: item('dimensions_refused'),
  1431: item('already_there'),
  1432: item('already_there'),
  1433: item('photo_refused'),
  1434: item('photo_refused'),
  1435: item('photo_too_small'),
  1438: person('market_disabled'),
  1446: item('main_album'),
  1457: item('main_album'),
  1458: item('main_album'),
  1518: item('already_there'),
  1525: person('market_disabled'),
  1526: person('market_disabled'),
  2000: operator('request_refused'),
  3300: person('validation_required'),
  3301: person('validation_required'),
  3302: person('validation_required'),
  3303: person('validation_required'),
  3304: person('validation_required'),
  3609: dead('token_revoked'),
}

const UNKNOWN = item('item_unknown')
/** What VK says is shown to a person; more than a sentence is of no use to them. */
const MESSAGE_LENGTH = 200

/**
 * VK's `error`, or one of `execute_errors`, as what it means. `request_params` holds what was sent and is left alone.
 * `params` are those of the call, for the lengths a person is told.
 */
export function refusalOf(error: unknown, params: Readonly<Record<string, unknown>> = {}) {
  const { error_code, error_msg, redirect_uri } = asObject(error) ?? {}
  const number = Number(error_code)
  const message = (asText(error_msg) ?? '').slice(0, MESSAGE_LENGTH)
  const { pauseMs, ...meaning } = MEANINGS[number] ?? UNKNOWN
  const code = number === 100 ? parameterCode(message) : meaning.code
  const link = webAddress(redirect_uri)
  return new ShopRefused(`VK error ${String(number)}`, {
    ...meaning,
    ...(code === 'community_unknown' ? operator(code) : { code }),
    detail: `ошибка ${Number.isNaN(number) ? 'без номера' : String(number)}`,
    values: { message: message || `ошибка ${String(number)}`, ...lengthOf(code, params) },
    ...(link && { link }),
    ...(pauseMs && { retryAt: new Date(Date.now() + pauseMs) }),
  })
}

/** The platform says that things are as they should be already. */
export const isSame = ({ code }: ShopRefused) =>
  code === 'already_there' || code === NOTHING_TO_CHANGE

/** A person is led there: nothing but a web page will do. */
function webAddress(value: unknown): string | undefined {
  const text = asText(value)
  return text && /^https?:\/\//.test(text) && URL.canParse(text) ? text : undefined
}

function lengthOf(code: string, { name, description }: Readonly<Record<string, unknown>>) {
  const text = code.startsWith('name_') ? name : code.startsWith('description_') ? description : ''
  return typeof text === 'string' && text !== '' ? { n: Array.from(text).length } : {}
}
