import type { SyncText } from './text.ts'
import { ITEMS } from './cards.ts'
import { CHOICES, CONNECTIONS } from './choices.ts'
import { PASSING, RUNS, STANDINGS } from './runs.ts'
import { REFUSALS } from './shop-refusals.ts'
import type { GapsOf } from './gaps.ts'
import { filled, isTextCode, sayAny } from './index.ts'
import type { Filling } from './names.ts'
import type { PlatformName } from './name-gaps.ts'

/** Codes that nobody but the platform of the cards can have answered with. */
export const REFUSALS_OF_SHOPS: ReadonlySet<string> = new Set([
  ...Object.keys(REFUSALS),
  ...['captcha', 'no_groups', 'market_disabled', 'group_access_lost', 'too_many_items'],
])

/** Codes whose words tell of cards, and so name the platform of the cards, whoever failed. */
export const ABOUT_CARDS: ReadonlySet<string> = new Set([
  ...Object.keys({ ...ITEMS, ...CHOICES }),
  'snapshot_stale',
])

/** Said when nobody has found words for what happened: it claims nothing. */
const UNKNOWN: SyncText = {
  tone: 'warn',
  title: 'Не получилось',
  why: 'Причина нам пока не известна, поэтому мы её не называем.',
  what: 'Повторите позже. Если не поможет, напишите администратору и назовите код.',
  button: 'retry',
}

/** Words for every code of a run, a card, and a refusal of the goods' platform. */
export const SYNC_TEXTS = {
  ...RUNS,
  ...PASSING,
  ...STANDINGS,
  ...REFUSALS,
  ...ITEMS,
  ...CHOICES,
  ...CONNECTIONS,
}

/** The words for a code known here, with all of its gaps filled; see `say`. */
export const saySync = <Code extends SyncCode>(
  code: Code,
  ...[values]: Filling<GapsOf<(typeof SYNC_TEXTS)[Code]>>
): SyncText => filled<SyncText>(SYNC_TEXTS[code], values)

/**
 * The words for a code that only a run, a card or a platform's answer tells; neutral ones where there are none. What is not
 * given stays unsaid, as with `sayAny`.
 */
export function sayAnySync(
  code: string,
  platform: PlatformName | undefined,
  values: Readonly<Record<string, string | number>> = {},
): SyncText {
  const inside = Object.fromEntries(
    Object.entries<string | number>({ ...UNSAID, ...values }).map(([name, value]) => [
      name,
      String(value),
    ]),
  )
  if (isSyncCode(code)) return filled<SyncText>(SYNC_TEXTS[code], inside, platform)
  return isTextCode(code) ? sayAny(code, platform, inside) : UNKNOWN
}

/** What nobody has given. */
const UNSAID = {
  message: 'без пояснения',
  group: 'сообщество',
  store: 'магазин',
  since: 'последней проверки',
  expiresAt: 'неизвестного срока',
  retryAt: 'через несколько минут',
  ...planWords({}),
}

/** When it is tried again: by us at a moment, by the timetable, or not before a person presses something. */
export interface Plan {
  /** Of a run that rests. */
  resumes?: string | undefined
  /** Of the timetable's next run. */
  next?: string | undefined
}

/** The same as sentences, for the gaps of the texts. */
export function planWords({ resumes, next }: Plan) {
  if (resumes)
    return {
      again: `Ничего: следующая попытка ${resumes}, дальше мы продолжим сами.`,
      otherwise: `Если ничего не делать, попробуем сами ${resumes}.`,
      press: '«Продолжить»',
    }
  const again = next
    ? `Ничего: следующая попытка ${next}, по расписанию.`
    : 'Повторите через несколько минут.'
  return { again, otherwise: 'Сами мы повторить не сможем.', press: '«Повторить»' }
}

export type SyncCode = keyof typeof SYNC_TEXTS

/** Whether there are such words. */
export const isSyncCode = (code: string): code is SyncCode => Object.hasOwn(SYNC_TEXTS, code)
