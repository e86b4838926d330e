import type { STANDINGS } from '../../flows/notices/failure-reason.ts'
import type { TextCode } from '../../texts/index.ts'
import type { Badge } from './badge.ts'

type Standing = (typeof STANDINGS)[number]

/** What a badge says of a check that came to nothing: only who was silent «не отвечает». A new code does not compile here. */
export const STANDING_BADGES: Readonly<Record<Standing, Badge>> = {
  provider_unavailable: told('Сервис не отвечает', 'bi-cloud-slash-fill'),
  odd_answer: told('Необычный ответ', 'bi-question-circle-fill'),
  provider_refused: told('Запросы не приняты', 'bi-slash-circle-fill'),
  tls_error: told('Сертификат не принят', 'bi-shield-fill-exclamation'),
  address_refused: told('Адрес закрыт', 'bi-lock-fill'),
  renewal_waits: told('Доступ не продлён', 'bi-hourglass-split'),
  rate_limited: told('Просит подождать', 'bi-hourglass-split'),
  no_way_out: told('Сбой у нас', 'bi-hdd-network-fill'),
}

/** Of a code that an earlier version wrote down. */
export const UNTOLD: Badge = told('Проверка не прошла', 'bi-question-circle-fill')

export const standingBadge = (code: TextCode): Badge =>
  isStanding(code) ? STANDING_BADGES[code] : UNTOLD

const isStanding = (code: string): code is Standing => Object.hasOwn(STANDING_BADGES, code)

function told(word: string, icon: string): Badge {
  return { word, tone: 'warning', icon }
}
