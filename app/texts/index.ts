import { BEGINNING, CONNECTING } from './connecting.ts'
import { FORMS } from './forms.ts'
import { HEALTH } from './health.ts'
import { PAGES } from './pages.ts'
import { SIGNING_IN } from './signing-in.ts'
import type { Text } from './text.ts'
import type { GapsOf } from './gaps.ts'
import { type Filling, fillNamed } from './names.ts'
import type { PlatformName } from './name-gaps.ts'

/** As they are written, with their gaps. */
export const TEXTS = { ...CONNECTING, ...BEGINNING, ...HEALTH, ...FORMS, ...SIGNING_IN, ...PAGES }

export type TextCode = keyof typeof TEXTS

/** Whether there are words for a code that came from outside. */
export const isTextCode = (code: string): code is TextCode => Object.hasOwn(TEXTS, code)

/** Whether a code may stand in `/<key>?error=`. */
export const isConnectCode = (code: string): code is keyof typeof CONNECTING =>
  Object.hasOwn(CONNECTING, code)

/** The words for a code known here: each gap of its text is filled, and nothing else is given; or it does not compile. */
export const say = <Code extends TextCode>(
  code: Code,
  ...[values]: Filling<GapsOf<(typeof TEXTS)[Code]>>
): Text => filled<Text>(TEXTS[code], values)

/**
 * The words for a code that only a row, an address or a platform's answer tells. Its gaps cannot be known while compiling:
 * what the caller has is filled in, the rest is left neutral, and tests/http/texts-shown.test.ts shows every code.
 */
export const sayAny = (
  code: TextCode,
  platform: PlatformName | undefined,
  values: Readonly<Record<string, string>> = {},
): Text => filled<Text>(TEXTS[code], { ...UNSAID, ...values }, platform)

/** Where a caller does not know better: a connection may carry any code, one of an earlier version included. */
const UNSAID = {
  connect: 'Переподключить',
  adminEmail: 'его адрес знает тот, кто установил EvoSync',
  redirectUri: 'он стоит в настройках сервиса',
  current: 'один аккаунт',
  offered: 'другого',
  since: 'последней проверки',
  expiresAt: 'неизвестного срока',
  retryAt: 'через несколько минут',
}

/** Words with their gaps filled in; an unknown one stays as it is. */
export function filled<T extends Pick<Text, 'title' | 'why' | 'what'>>(
  text: T,
  values: Values = {},
  platform: PlatformName | undefined = values.platform,
): T {
  const fill = (words: string) => fillNamed(words, platform, values)
  return { ...text, title: fill(text.title), why: fill(text.why), what: fill(text.what) }
}

/** What fills the gaps of a text; `platform` those that a name fills. */
type Values = Readonly<Partial<Record<string, unknown>>> & { platform?: PlatformName }
