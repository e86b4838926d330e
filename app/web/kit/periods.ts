import { counted, plural } from '../../texts/plural.ts'

/** How long, rounded up to whole minutes, in the accusative: `на 15 минут`. */
export function minutes(seconds: number): string {
  return counted(Math.max(1, Math.ceil(seconds / 60)), 'минуту', 'минуты', 'минут')
}

/** How often a cron schedule comes round, as far as it is simple: `каждые 5 минут`; undefined otherwise. */
export function every(cron: string): string | undefined {
  const fields = cron.split(' ')
  const [seconds = '0', minute = '', ...rest] = fields.length === 6 ? fields : ['0', ...fields]
  if (!rest.every((field) => field === '*')) return undefined
  if (seconds === '0') return period(stepOf(minute), 'минуту', 'минуты', 'минут')
  return minute === '*' ? period(stepOf(seconds), 'секунду', 'секунды', 'секунд') : undefined
}

/** An asterisk is every one, with /15 behind it every fifteenth; only what divides 60 comes round evenly. */
function stepOf(field: string): number {
  const step = Number(/^\*\/(\d+)$/.exec(field)?.[1] ?? (field === '*' ? 1 : NaN))
  return 60 % step === 0 ? step : NaN
}

function period(count: number, one: string, few: string, many: string): string | undefined {
  if (!Number.isInteger(count)) return undefined
  if (count === 1) return `каждую ${one}`
  return `${plural(count, 'каждую', 'каждые', 'каждые')} ${counted(count, one, few, many)}`
}
