import type { PriceRule } from './settings.ts'

/** Per cent are counted in hundredths, so that nothing drifts. */
const WHOLE = 10_000

/** Kopecks by the owner's rule, all in integers; absent when the till has no price or the rule leaves none. */
export function priceOf(kopecks: number | undefined, rule: PriceRule): number | undefined {
  if (kopecks === undefined || kopecks <= 0) return undefined
  const raised = nearestTimes(kopecks * (WHOLE + Math.round(rule.percent * 100)), WHOLE) + rule.plus
  return raised > 0 ? rounded(raised, rule.rounding) : undefined
}

/** Never to nothing: what costs something costs at least one step. */
function rounded(kopecks: number, rounding: PriceRule['rounding']): number {
  if (rounding === 'nines') return 900 + 1000 * Math.max(0, nearestTimes(kopecks - 900, 1000))
  const step = Number(rounding)
  return step * Math.max(1, nearestTimes(kopecks, step))
}

/** How often `step` is in it, a half counting as one. */
const nearestTimes = (amount: number, step: number): number =>
  Math.floor((2 * amount + step) / (2 * step))

/** `2 490 руб.`, `95,50 руб.`: the sign of the rouble is outside cp1251. */
export function inRoubles(kopecks: number): string {
  const roubles = String(Math.floor(kopecks / 100)).replace(/\B(?=(\d{3})+$)/g, ' ')
  const rest = kopecks % 100
  return `${roubles}${rest === 0 ? '' : `,${String(rest).padStart(2, '0')}`} руб.`
}
