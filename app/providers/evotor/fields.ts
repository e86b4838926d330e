import { ProviderError } from '../../errors.ts'
import { asObject, asText } from '../../http/answer.ts'

/** Evotor's have 36 characters. */
export const LONGEST_ID = 128

/** A field by its name in the second version's spelling; pushes and older answers have it in camel case. */
export function fieldOf(item: Record<string, unknown>, name: string): unknown {
  const camel = name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase())
  return item[name] ?? item[camel]
}

/** A number, also one that is written as a text; otherwise undefined. */
export function asNumber(value: unknown): number | undefined {
  const text = asText(value)?.trim().replace(',', '.')
  const number = text ? Number(text) : NaN
  return Number.isFinite(number) ? number : undefined
}

/** One thing of a list and its id; undefined without one, or with one that cannot be kept. */
export function identifiedIf(
  value: unknown,
): { item: Record<string, unknown>; id: string } | undefined {
  const item = asObject(value)
  const id = asText(item?.id ?? item?.uuid)
  if (!item || id === undefined || id.length > LONGEST_ID || /\p{Cc}/u.test(id)) return undefined
  return { item, id }
}

/** The same. @throws ProviderError `bad_response` where nobody could tell it from a new one */
export function identified(value: unknown): { item: Record<string, unknown>; id: string } {
  const known = identifiedIf(value)
  if (known) return known
  throw new ProviderError('a thing without an id', { code: 'bad_response', kind: 'temporary' })
}
