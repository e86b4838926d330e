import type { NameGap } from './gaps.ts'
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

/** Where nobody knows whose it is, no platform is named. */
const UNNAMED = {
  ...{ P: 'Сервис', p: 'сервис', ofP: 'сервиса', toP: 'сервису' },
  ...{ inP: 'в сервисе', InP: 'В сервисе', shortP: 'сервиса' },
  ...{ titleLeast: 'нескольких символов', titleMost: 'допустимого числа символов' },
  ...{ descriptionLeast: 'нескольких символов', photoLeast: 'допустимого размера' },
} satisfies Values

type Values = Record<Exclude<NameGap, `${string}|${string}`>, string>

export function gapsOf(platform: PlatformName | undefined): Values {
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

export function formsOf({ title, forms = {} }: PlatformName) {
  const at = `${HARD_TO_SAY.test(title) ? 'во' : 'в'} ${title}`
  const { of = title, to = title, in: where = at, short = of } = forms
  return { title, of, to, in: where, short }
}
