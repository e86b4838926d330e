import type { FailureKind, RefusalScope } from '../../errors.ts'

/** What one of OK's numbers means for a run. */
interface Meaning {
  scope: RefusalScope
  code: string
  kind: FailureKind
  /** How long to leave OK alone; no figure is named anywhere. */
  pauseMs?: number
  /** OK says so without having done anything, so that repeating cannot do it twice. */
  unsent?: true
}

const MINUTE_MS = 60_000

const item = (code: string): Meaning => ({ scope: 'item', code, kind: 'configuration' })
const person = (code: string): Meaning => ({ scope: 'account', code, kind: 'permission' })
const operator = (code: string): Meaning => ({ scope: 'account', code, kind: 'configuration' })
const dead: Meaning = { scope: 'account', code: 'token_revoked', kind: 'dead' }
const soon: Meaning = { scope: 'temporary', code: 'platform_fault', kind: 'temporary' }
const pause = (code: string, minutes: number): Meaning => ({
  ...{ scope: 'pause', code, kind: 'temporary', unsent: true },
  pauseMs: minutes * MINUTE_MS,
})

/** Numbers OK's market calls are known to answer with: docs/platforms/ok.md#errors. */
export const MEANINGS: Readonly<Record<number, Meaning>> = {
  1: soon,
  2: soon,
  3: operator('method_unknown'),
  4: operator('request_refused'),
  7: pause('flood', 60),
  8: pause('flood', 15),
  9: operator('address_banned'),
  10: person('market_right_missing'),
  11: pause('limit_reached', 60),
  22: person('validation_required'),
  24: item('item_forbidden'),
  30: operator('request_refused'),
  50: person('market_forbidden'),
  101: operator('app_refused'),
  102: dead,
  103: dead,
  104: operator('app_refused'),
  121: item('photo_refused'),
  160: operator('community_unknown'),
  200: person('market_right_missing'),
  210: operator('app_refused'),
  300: { ...item('item_gone'), scope: 'missing' },
  451: operator('request_refused'),
  453: operator('request_refused'),
  456: person('group_access_lost'),
  457: person('market_forbidden'),
  458: person('market_forbidden'),
  500: item('photo_refused'),
  501: item('photo_too_small'),
  502: item('photo_refused'),
  503: item('photo_refused'),
  504: item('photo_refused'),
  505: item('photo_refused'),
  511: pause('flood', 60),
  514: person('validation_required'),
  601: item('description_too_long'),
  607: item('bad_links'),
  900: operator('app_refused'),
  5000: soon,
  9999: soon,
}

export const UNKNOWN = item('item_unknown')

/** What error 100 complains of, by its text. */
export const PARAMETERS: readonly (readonly [RegExp, string])[] = [
  [/photo/i, 'photo_refused'],
  [/price/i, 'price_refused'],
  [/catalog/i, 'album_gone'],
]
