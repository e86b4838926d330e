import type { Capacity } from './capacity.ts'
import type { Reason } from './items.ts'
import type { PriceRule } from './settings.ts'

/** Per cent are counted in hundredths, so that nothing drifts. */
const WHOLE = 10_000

/**
 * The price by the owner's rule, or why there is none: left out where the till has none, refused where the place takes
 * none. All in kopecks.
 */
export function priceFor(
  kopecks: number | undefined,
  rule: PriceRule,
  { dearest }: Pick<Capacity, 'dearest'>,
): { price: number } | { leftOut: Reason } | { refused: Reason } {
  if (!isPrice(kopecks)) return { leftOut: { code: 'price_missing' } }
  const price = priceOf(kopecks, rule)
  if (price !== undefined && price <= dearest) return { price }
  if (price === undefined)
    return { leftOut: { code: 'price_by_rule', values: { price: inRoubles(kopecks) } } }
  return { refused: { code: 'price_too_high', values: { limit: inRoubles(dearest) } } }
}

/** Kopecks by the owner's rule, all in integers; absent when the till has no price or the rule leaves none. */
export function priceOf(kopecks: number | undefined, rule: PriceRule): number | undefined {
  if (!isPrice(kopecks)) return undefined
  const parts = BigInt(kopecks) * BigInt(WHOLE + Math.round(rule.percent * 100)) // more than a number counts
  const raised = Number((2n * parts + BigInt(WHOLE)) / BigInt(2 * WHOLE)) + rule.plus
  return raised > 0 ? rounded(raised, rule.rounding) : undefined
}

const isPrice = (kopecks: number | undefined): kopecks is number =>
  Number.isSafeInteger(kopecks) && Number(kopecks) > 0

/** Never to nothing: what costs something costs at least one step. */
function rounded(kopecks: number, rounding: PriceRule['rounding']): number {
  if (rounding === 'nines') return 900 + 1000 * Math.max(0, nearestTimes(kopecks - 900, 1000))
  const step = Number(rounding)
  return step * Math.max(1, nearestTimes(kopecks, step))
}

/** How often `step` is in it, a half counting as one. */
const nearestTimes = (amount: number, step: number): number =>
  Math.floor((2 * amount + step) / (2 * step))

/** `2 490 руб.`, `95,50 руб.`: not every place can hold the sign of the rouble. */
export function inRoubles(kopecks: number): string {
  const roubles = String(Math.floor(kopecks / 100)).replace(/\B(?=(\d{3})+$)/g, ' ')
  const rest = kopecks % 100
  return `${roubles}${rest === 0 ? '' : `,${String(rest).padStart(2, '0')}`} руб.`
}
