import type { PastCheck } from '../../store/checks.ts'
import { named } from '../../texts/names.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'
import { counted, plural } from '../../texts/plural.ts'
import type { Format } from '../kit/format.ts'
import { works } from '../../store/vocabulary.ts'

const BARS = 48
const DAY_MS = 24 * 3600_000
const NAMED = 3

/** A day of checks as 48 bars of half an hour each, and the same in a sentence. */
export interface Strip {
  bars: ('ok' | 'bad' | 'none')[]
  from: Date
  sentence: string
}

export function stripOf(
  history: readonly PastCheck[],
  platform: PlatformName,
  format: Format,
  now: Date,
): Strip {
  const from = new Date(now.getTime() - DAY_MS)
  const bars: Strip['bars'] = Array.from({ length: BARS }, () => 'none')
  for (const { checkedAt, health } of history) {
    const bar = Math.min(
      BARS - 1,
      Math.floor(((checkedAt.getTime() - from.getTime()) / DAY_MS) * BARS),
    )
    if (bars[bar] !== 'bad') bars[bar] = works(health) ? 'ok' : 'bad'
  }
  return { bars, from, sentence: sentenceOf(history, platform, format, now) }
}

export const stripBegins = (now: Date): Date => new Date(now.getTime() - DAY_MS)

function sentenceOf(
  history: readonly PastCheck[],
  platform: PlatformName,
  format: Format,
  now: Date,
): string {
  const failed = history.filter(({ health }) => !works(health))
  if (history.length === 0) return 'Проверок ещё не было: первая пройдёт в ближайшие минуты.'
  if (failed.length === 0) return `Все проверки прошли: ${history.length}.`

  const count = counted(failed.length, 'проверка', 'проверки', 'проверок')
  const verb = plural(failed.length, 'не прошла', 'не прошли', 'не прошли')
  const times = new Set(failed.map(({ checkedAt }) => format.dayTime(checkedAt, now)))
  const shown = [...times].slice(0, NAMED).join(', ')
  const more = times.size > NAMED ? ' и ещё' : ''
  const last = history.at(-1)
  const end =
    last && works(last.health)
      ? 'Связь восстановилась сама.'
      : named('{P} пока без связи.', platform)
  return `${count} из ${history.length} ${verb}: ${shown}${more}. ${end}`
}
