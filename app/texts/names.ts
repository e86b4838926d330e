import { fill, type GapsIn, type NameGap } from './gaps.ts'
import { formsOf, gapsOf, type Limits, type NameForms, type PlatformName } from './name-gaps.ts'

/** Several platforms named together, and spoken of as many. Undefined for none. */
export function jointName(names: readonly PlatformName[]): PlatformName | undefined {
  const [first, ...others] = names
  if (!first || others.length === 0) return first
  const all = names.map(formsOf)
  const list = (form: Exclude<keyof NameForms, 'many'> | 'title') =>
    new Intl.ListFormat('ru-RU').format(all.map((forms) => forms[form]))
  const forms = { of: list('of'), to: list('to'), in: list('in'), short: list('short') }
  const limits = names.flatMap(({ target }) => target?.capacity ?? [])
  const target = limits.length > 0 && { target: { capacity: strictest(limits) } }
  return { title: list('title'), forms: { ...forms, many: true }, ...target }
}

const strictest = (all: readonly Limits[]): Limits => ({
  title: {
    least: Math.max(...all.map(({ title }) => title.least)),
    most: Math.min(...all.map(({ title }) => title.most)),
  },
  description: { least: Math.max(...all.map(({ description }) => description.least)) },
  picture: { shortest: Math.max(...all.map(({ picture }) => picture.shortest)) },
})

/** What a text with these gaps is said with: a value for each, and one platform for all that its name fills; nothing without gaps. */
export type Filling<Gap extends string, Value = string> = [Gap] extends [never]
  ? []
  : [values: Readonly<Record<Exclude<Gap, NameGap>, Value> & About<Gap>>]

type About<Gap extends string> = [Extract<Gap, NameGap>] extends [never]
  ? unknown
  : { platform: PlatformName | undefined }

/** A sentence about a platform that stands in no catalogue, with the gaps of its name filled in; it has no others. */
export const named = <Words extends string>(
  words: Exclude<GapsIn<Words>, NameGap> extends never ? Words : never,
  platform: PlatformName | undefined,
): string => fillNamed(words, platform)

/** Words with the gaps of a platform's name filled in, and those that have a value of their own. */
export const fillNamed = (
  words: string,
  platform: PlatformName | undefined,
  values: Readonly<Record<string, unknown>> = {},
): string => fill(words, { ...gapsOf(platform), ...values }, platform?.forms?.many)

/** Whether some words already say which platform they are about, in any of its forms. */
export const isNamedIn = (words: string, platform: PlatformName): boolean => {
  const { title, of, to, in: at } = formsOf(platform)
  return [title, of, to, at].some((form) => words.includes(form))
}
