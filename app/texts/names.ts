import { fill, type GapsIn, type NameGap } from './gaps.ts'
import { counted } from './plural.ts'

/** A platform as sentences name it; every `Provider` is one. */
export interface PlatformName {
  title: string
  forms?: NameForms
  /** What its cards can hold, where goods are shown on it. */
  target?: { capacity: Limits }
}

/** Of what a card can hold, what people are told: characters, and pixels of a picture's sides. */
export interface Limits {
  title: { least: number; most: number }
  description: { least: number }
  picture: { shortest: number }
}

/** How a platform's title is declined. What is left out is the title as it stands: «Wix», «Эвотор». */
export interface NameForms {
  /** Whose: «ответ Одноклассников». */
  of?: string
  /** To whom: «доступ к Одноклассникам». */
  to?: string
  /** Where, with its preposition: «в Одноклассниках». */
  in?: string
  /** Whose, where a column is narrow: «Карточка ОК». */
  short?: string
  /** The title is plural: «Одноклассники не отвечают». */
  many?: boolean
}

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

/** Where nobody knows whose it is, no platform is named. */
const UNNAMED = {
  ...{ P: 'Сервис', p: 'сервис', ofP: 'сервиса', toP: 'сервису' },
  ...{ inP: 'в сервисе', InP: 'В сервисе', shortP: 'сервиса' },
  ...{ titleLeast: 'нескольких символов', titleMost: 'допустимого числа символов' },
  ...{ descriptionLeast: 'нескольких символов', photoLeast: 'допустимого размера' },
} satisfies Values

type Values = Record<Exclude<NameGap, `${string}|${string}`>, string>

function gapsOf(platform: PlatformName | undefined): Values {
  if (!platform) return UNNAMED
  const { title, of, to, in: at, short } = formsOf(platform)
  const At = at.charAt(0).toUpperCase() + at.slice(1)
  return {
    ...UNNAMED,
    ...{ P: title, p: title, ofP: of, toP: to, inP: at, InP: At, shortP: short },
    ...(platform.target && limitsIn(platform.target.capacity)),
  }
}

const limitsIn = ({ title, description, picture: { shortest } }: Limits) => ({
  titleLeast: characters(title.least),
  titleMost: characters(title.most),
  descriptionLeast: characters(description.least),
  photoLeast: `${shortest} × ${shortest} пикселей`,
})

const characters = (count: number) => counted(count, 'символа', 'символов', 'символов')

/** Two consonants after «в» are hard to say: «во ВКонтакте», «во Фламинго», but «в Wix». */
const HARD_TO_SAY = /^[вф][бвгджзйклмнпрстфхцчшщ]/i

function formsOf({ title, forms = {} }: PlatformName) {
  const at = `${HARD_TO_SAY.test(title) ? 'во' : 'в'} ${title}`
  const { of = title, to = title, in: where = at, short = of } = forms
  return { title, of, to, in: where, short }
}
