/** Dates, plurals and numbers as a Russian reader writes them, in one time zone. */
export type Format = ReturnType<typeof createFormat>

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

const relativeTo = new Intl.RelativeTimeFormat('ru-RU')

/** Formatters of one zone; building them is slow, so they are made once a zone ({@link createFormats}). */
export function createFormat(timeZone: string) {
  const inZone = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('ru-RU', { timeZone, ...options })
  const dayAndMonth = inZone({ day: 'numeric', month: 'long' })
  const wholeDate = inZone({ day: 'numeric', month: 'long', year: 'numeric' })
  const clock = inZone({ hour: '2-digit', minute: '2-digit' })
  const clockToSecond = inZone({ hour: '2-digit', minute: '2-digit', second: '2-digit' })
  const digits = inZone({ day: '2-digit', month: '2-digit', year: 'numeric' })
  const zone = timeZone === 'Europe/Moscow' ? 'МСК' : zoneName(timeZone)

  /** Days since 1970 by the calendar of the zone, whatever its clocks do at night. */
  function dayNumber(date: Date): number {
    const [day = 1, month = 1, year = 1970] = digits.format(date).split('.').map(Number)
    return Date.UTC(year, month - 1, day) / DAY_MS
  }

  /** `сегодня в 14:32`, `вчера в 14:32`, `17 ноября в 14:32`, `12 марта 2025 г. в 14:32`. */
  function dayTime(date: Date, now = new Date()): string {
    return `${day(date, now)} в ${clock.format(date)}`
  }

  function day(date: Date, now: Date): string {
    const ago = dayNumber(now) - dayNumber(date)
    if (ago === 0) return 'сегодня'
    if (ago === 1) return 'вчера'
    return digits.format(date).slice(-4) === digits.format(now).slice(-4)
      ? dayAndMonth.format(date)
      : wholeDate.format(date)
  }

  /** `только что`, `3 минуты назад`, `5 часов назад`, then {@link dayTime}; a clock running ahead is `только что` too. */
  function relative(date: Date, now = new Date()): string {
    const ago = now.getTime() - date.getTime()
    if (ago < 45_000) return 'только что'
    if (ago < HOUR_MS) return relativeTo.format(-Math.max(1, Math.round(ago / MINUTE_MS)), 'minute')
    if (ago < DAY_MS) return relativeTo.format(-Math.round(ago / HOUR_MS), 'hour')
    return dayTime(date, now)
  }

  /** `через 2 минуты`, or a clock time when it is further off. */
  function ahead(date: Date, now = new Date()): string {
    const left = date.getTime() - now.getTime()
    if (left < MINUTE_MS) return 'через минуту'
    if (left < HOUR_MS) return relativeTo.format(Math.round(left / MINUTE_MS), 'minute')
    return dayTime(date, now)
  }

  return {
    timeZone,
    zone,
    dayTime,
    relative,
    ahead,
    /** `сегодня с 09:05 до 10:05`, `вчера с 23:10 до 01:00 сегодня`; while it goes on, `сегодня с 09:05`. */
    span: (from: Date, to: Date | undefined, now: Date) => {
      const begin = `${day(from, now)} с ${clock.format(from)}`
      if (!to) return begin
      const end = `${begin} до ${clock.format(to)}`
      return dayNumber(from) === dayNumber(to) ? end : `${end} ${day(to, now)}`
    },
    /** `18 ноября 2026 г. в 10:05` */
    moment: (date: Date) => `${wholeDate.format(date)} в ${clock.format(date)}`,
    /** `20 ноября, 09:12` */
    short: (date: Date) => `${dayAndMonth.format(date)}, ${clock.format(date)}`,
    /** `18 февраля 2027 г.` */
    date: (date: Date) => wholeDate.format(date),
    /** `Вчера в 14:30`, where it begins a line. */
    opening: (date: Date, now: Date) => {
      const text = dayTime(date, now)
      return text.charAt(0).toUpperCase() + text.slice(1)
    },
    /** `20 ноября в 14:32`, whatever day it is now. */
    on: (date: Date) => `${dayAndMonth.format(date)} в ${clock.format(date)}`,
    /** `20 ноября`; of another year `20 ноября 2025 г.` */
    heading: (date: Date, now: Date) =>
      digits.format(date).slice(-4) === digits.format(now).slice(-4)
        ? dayAndMonth.format(date)
        : wholeDate.format(date),
    /** `20.11.2026, 14:32:05`, and without the day `14:34:11`. */
    stampToSecond: (date: Date) => `${digits.format(date)}, ${clockToSecond.format(date)}`,
    clockToSecond: (date: Date) => clockToSecond.format(date),
    isSameDay: (one: Date, other: Date) => dayNumber(one) === dayNumber(other),
    /** `14:50` */
    clock: (date: Date) => clock.format(date),
    /** `20.11.2026, 14:35` */
    stamp: (date: Date) => `${digits.format(date)}, ${clock.format(date)}`,
    /** `20.11.2026, 14:31:07 МСК`, as support and the log want it. */
    exact: (date: Date) => `${digits.format(date)}, ${clockToSecond.format(date)} ${zone}`,
  }
}

function zoneName(timeZone: string): string {
  const parts = new Intl.DateTimeFormat('ru-RU', { timeZone, timeZoneName: 'shortOffset' })
  const offset = parts.formatToParts(new Date()).find(({ type }) => type === 'timeZoneName')
  return (offset?.value ?? timeZone).replace('GMT', 'UTC')
}

/** A formatter a zone, made when it is first wanted. Zones come from a fixed list, so there are few. */
export function createFormats() {
  const made = new Map<string, Format>()
  return (timeZone: string): Format => {
    const known = made.get(timeZone)
    if (known) return known
    const format = createFormat(timeZone)
    made.set(timeZone, format)
    return format
  }
}
