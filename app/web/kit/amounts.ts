import { counted, plural } from '../../texts/plural.ts'

const whole = new Intl.NumberFormat('ru-RU', { maximumFractionDigits: 0 })
const withKopecks = new Intl.NumberFormat('ru-RU', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
})

const MINUTE_S = 60
const HOUR_S = 3600

/** `1 248` */
export const number = (count: number): string => whole.format(count)

/** Of kopecks: `1 234,50 ₽`, `180 ₽`; a price nobody has given is `0 ₽`, never an empty cell. */
export function price(kopecks = 0): string {
  const roubles = kopecks / 100
  return `${kopecks % 100 === 0 ? whole.format(roubles) : withKopecks.format(roubles)} ₽`
}

/** `8 с`, `2 мин 6 с`, `1 ч 6 мин`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  if (seconds < 1) return 'меньше секунды'
  if (seconds < MINUTE_S) return `${seconds} с`
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} мин ${seconds % MINUTE_S} с`
  return `${Math.floor(seconds / HOUR_S)} ч ${Math.floor((seconds % HOUR_S) / MINUTE_S)} мин`
}

/** After «около»: `1 минуты`, `2 минут`, `3 часов`. */
export function around(seconds: number): string {
  const minutes = Math.max(1, Math.round(seconds / MINUTE_S))
  if (minutes < 90) return `${minutes} ${plural(minutes, 'минуты', 'минут', 'минут')}`
  const hours = Math.round(seconds / HOUR_S)
  return `${hours} ${plural(hours, 'часа', 'часов', 'часов')}`
}

/** `7 товаров`, `1 248 товаров`. */
export const goods = (count: number): string =>
  counted(count, 'товар', 'товара', 'товаров').replace(String(count), number(count))
