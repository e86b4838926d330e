import type { CountedChecks, HealthChange } from '../../store/check-history.ts'
import { HALF_MS, halfHourOf } from '../../store/check-times.ts'
import { works } from '../../store/vocabulary.ts'
import { named } from '../../texts/names.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'
import { counted, plural } from '../../texts/plural.ts'
import type { Format } from '../kit/format.ts'

const BARS = 48
const NAMED = 3

/** What checks of a connection found since {@link stripBegins}; `changes` after the one that held then. */
export interface CheckHistory {
  counts: readonly CountedChecks[]
  changes: readonly HealthChange[]
}

/** A day of checks as 48 bars of half an hour each, and the same in a sentence. */
export interface Strip {
  bars: ('ok' | 'bad' | 'none')[]
  from: Date
  sentence: string
}

export function stripOf(
  history: CheckHistory,
  platform: PlatformName,
  format: Format,
  now: Date,
): Strip {
  const from = stripBegins(now)
  const bars: Strip['bars'] = Array.from({ length: BARS }, () => 'none')
  for (const { from: half, health } of history.counts) {
    const bar = Math.min(BARS - 1, (half.getTime() - from.getTime()) / HALF_MS)
    if (bars[bar] !== 'bad') bars[bar] = works(health) ? 'ok' : 'bad'
  }
  return { bars, from, sentence: sentenceOf(history, platform, format, now) }
}

/** The half hour that is under way is the last bar. */
export const stripBegins = (now: Date): Date =>
  new Date(halfHourOf(now).getTime() - (BARS - 1) * HALF_MS)

function sentenceOf(
  { counts, changes }: CheckHistory,
  platform: PlatformName,
  format: Format,
  now: Date,
): string {
  const all = sum(counts)
  const failed = sum(counts.filter(({ health }) => !works(health)))
  if (all === 0) return 'Проверок ещё не было: первая пройдёт в ближайшие минуты.'
  if (failed === 0) return `Все проверки прошли: ${all}.`

  const count = counted(failed, 'проверка', 'проверки', 'проверок')
  const verb = plural(failed, 'не прошла', 'не прошли', 'не прошли')
  const last = changes.at(-1)
  const end =
    last && works(last.health)
      ? 'Связь восстановилась сама.'
      : named('{P} пока без связи.', platform)
  return `${count} из ${all} ${verb}${timesOf(changes, failed, format, now)}. ${end}`
}

const sum = (counts: readonly CountedChecks[]) => counts.reduce((all, { count }) => all + count, 0)

/** `: сегодня в 09:05` where each failure stood alone, else `: вчера с 23:10 до 01:00 сегодня`. */
function timesOf(changes: readonly HealthChange[], failed: number, format: Format, now: Date) {
  const failures = failuresOf(changes)
  const alone = failures.length === failed
  const times = new Set(
    failures.map(({ from, to }) =>
      alone ? format.dayTime(from, now) : format.span(from, to, now),
    ),
  )
  const more = times.size > NAMED ? ' и ещё' : ''
  return times.size > 0 ? `: ${[...times].slice(0, NAMED).join(', ')}${more}` : ''
}

/** From the first check that failed to the first that passed again, if one has; whatever was wrong in between. */
function failuresOf(changes: readonly HealthChange[]) {
  const failures: { from: Date; to?: Date }[] = []
  let under: { from: Date; to?: Date } | undefined
  for (const { at, health } of changes) {
    if (works(health)) {
      if (under) under.to = at
      under = undefined
    } else if (!under) {
      under = { from: at }
      failures.push(under)
    }
  }
  return failures
}
