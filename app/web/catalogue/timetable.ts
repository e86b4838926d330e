import type { Link } from '../../store/sync-links.ts'
import type { PACES } from '../../catalogue/settings.ts'
import type { Fact } from '../../providers/platform-words.ts'
import type { Format } from '../kit/format.ts'

const WORDS: Record<(typeof PACES)[number], string> = {
  10: 'Каждые 10 минут',
  60: 'Каждый час',
  360: 'Каждые 6 часов',
  1440: 'Раз в день',
  0: 'Только вручную',
}

export const paceWords = (minutes: (typeof PACES)[number]): string => WORDS[minutes]

/** When a pair runs by itself, in rows. */
export function timetableFacts(
  { settings, paused, nextRunAt, trouble }: Link,
  { format, now }: { format: Format; now: Date },
): Fact[] {
  const { everyMinutes } = settings
  const pace = { label: 'Автозапуск', value: paceWords(everyMinutes) }
  if (everyMinutes === 0) return [pace]
  const next = { label: 'Следующий запуск' }
  if (paused) return [pace, { ...next, value: 'приостановлен' }]
  if (trouble) return [pace, { ...next, value: 'когда вы исправите то, что написано выше' }]
  if (!nextRunAt) return [pace, { ...next, value: 'после первого запуска вручную' }]
  const value = nextRunAt > now ? coming(nextRunAt, format, now) : 'в ближайшую минуту'
  return [pace, { ...next, value }]
}

/** `сегодня в 15:32`, `завтра в 03:00`. */
function coming(at: Date, format: Format, now: Date): string {
  const day = new Date(at.getTime() - 86_400_000)
  const tomorrow = format.dayTime(day, now).startsWith('сегодня')
  return tomorrow ? `завтра в ${format.clock(at)}` : format.dayTime(at, now)
}
