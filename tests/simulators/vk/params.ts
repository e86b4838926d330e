import { invalid } from './refusal.ts'

/** What a method was given. */
export type Params = Readonly<Record<string, string>>

/** A whole number within its bounds; absent and empty are the same. */
export function intOf(
  params: Params,
  name: string,
  least = -Infinity,
  most = Infinity,
): number | undefined {
  const sent = params[name]
  if (sent === undefined || sent === '') return undefined
  const number = Number(sent)
  if (!Number.isInteger(number)) throw invalid(`${name} not integer`)
  if (number < least) throw invalid(`${name} should be greater or equal to ${least}`)
  if (number > most) throw invalid(`${name} should be less or equal to ${most}`)
  return number
}

/** As {@link intOf}, and it has to be there. */
export function neededInt(params: Params, name: string, least = -Infinity): number {
  const number = intOf(params, name, least)
  if (number === undefined) throw invalid(`${name} is undefined`)
  return number
}

export const flagOf = (params: Params, name: string) => ['1', 'true'].includes(params[name] ?? '')

export const listOf = (params: Params, name: string) =>
  (params[name] ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter(Boolean)

/** Characters as people count them, or nearly so. */
export const lettersOf = (text: string) => Array.from(text)

/** Numbers parted by commas. */
export function idsOf(params: Params, name: string): number[] {
  const ids = listOf(params, name).map(Number)
  if (!ids.length) throw invalid(`${name} is undefined`)
  if (!ids.every(Number.isInteger)) throw invalid(`${name} not integer`)
  return ids
}

/** `items` cut to the page that was asked for. */
export function pageOf<T>(params: Params, items: readonly T[], usual: number, most: number): T[] {
  const count = intOf(params, 'count', 0, most) ?? usual
  const offset = intOf(params, 'offset', 0) ?? 0
  return items.slice(offset, offset + count)
}
