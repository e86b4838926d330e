import {
  FAREWELLS,
  type GroupChoice,
  PACES,
  type PriceRule,
  ROUNDINGS,
  type Settings,
} from '../../../catalogue/settings.ts'
import type { Capacity } from '../../../catalogue/capacity.ts'
import { PLACEHOLDERS, withoutPlaceholders } from '../../../catalogue/template.ts'
import { say } from '../../../texts/index.ts'
import { named } from '../../../texts/names.ts'
import type { PlatformName } from '../../../texts/name-gaps.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import { type Find, type Lists, plainChoice } from './lists.ts'
import { type FormFields, ofGroups } from './fields.ts'

export interface SettingsForm {
  settings: Settings
  /** By the names of the fields. */
  errors: FieldErrors
}

/** Pictures that have just come or were removed: a number, or undefined for none any more. */
export interface SentPhotos {
  photoId?: number | undefined
  groups: ReadonlyMap<string, number | undefined>
}

/** Where the goods go: what it is called, and what it can hold. */
export interface TemplateRules {
  platform: PlatformName
  capacity: Capacity
}

const LONGEST_TEMPLATE = 2000

/**
 * Settings out of the form, on top of those that were: what the form does not show, because a platform did not answer,
 * stays as it is. What is newly chosen has to stand in its list.
 */
export function readSettingsForm(
  fields: FormFields,
  current: Settings,
  photos: SentPhotos,
  lists: Lists,
  shop: TemplateRules,
): SettingsForm {
  const errors: FieldErrors = {}
  const reader = createReader(fields, errors, { lists, shop })
  const settings: Settings = {
    ...current,
    ...('category_id' in fields && { categoryId: reader.category('category_id', current) }),
    categories: merged(current.categories, fields, 'cat', reader.ownCategory),
    groups: merged(current.groups, fields, 'map', reader.groupChoice),
    price: reader.rule('price_percent', 'price_plus', 'price_rounding') ?? current.price,
    prices: merged(current.prices, fields, 'round', (name) => reader.ownRule(name, current)),
    gone: reader.choice('gone', FAREWELLS, current.gone),
    outOfStock: reader.choice('out_of_stock', FAREWELLS, current.outOfStock),
    template: reader.template(current.template),
    cutNames: fields.cut_names === 'on',
    drawn: fields.drawn === 'on',
    restricted: fields.restricted === 'on',
    everyMinutes: reader.pace(current.everyMinutes),
    ...('photoId' in photos && { photoId: photos.photoId }),
    photos: withPhotos(current.photos, photos.groups),
  }
  return { settings, errors }
}

function createReader(
  fields: FormFields,
  errors: FieldErrors,
  { lists, shop }: { lists: Lists; shop: TemplateRules },
) {
  const fault = (name: string, words = say('choice_invalid').title) => {
    errors[name] ??= words
  }

  function decimal(name: string, least: number, most: number): number | undefined {
    const text = (fields[name] ?? '').replace(/[\s\u00a0₽%+]/g, '').replace(/[−–]/, '-')
    if (text === '') return 0
    const value = /^-?\d{1,9}([.,]\d{1,2})?$/.test(text) ? Number(text.replace(',', '.')) : NaN
    if (value >= least && value <= most) return value
    fault(name, `Впишите число от ${least} до ${most}, дробную часть через запятую`)
    return undefined
  }

  /** What stays as it was need not stand in the list of today. */
  function chosen(name: string, now: string | undefined, find: Find = asTyped) {
    const text = fields[name]?.trim() ?? ''
    if (text === '') return undefined
    if (text === now) return now
    const found = typeof find === 'string' ? undefined : find(text)
    if (found === undefined) fault(name, typeof find === 'string' ? find : undefined)
    return found
  }

  function rule(
    percent: string,
    plus: string,
    rounding: string,
    asked = fields[rounding] ?? '1',
  ): PriceRule | undefined {
    const found = ROUNDINGS.find((one) => one === asked)
    const [parts, roubles] = [decimal(percent, -90, 1000), decimal(plus, -1_000_000, 1_000_000)]
    if (!found) fault(rounding)
    if (!found || parts === undefined || roubles === undefined) return undefined
    return { percent: parts, plus: Math.round(roubles * 100), rounding: found }
  }

  function ownAlbum(name: string, now: GroupChoice | undefined): GroupChoice | undefined {
    const album = chosen(name, typeof now === 'object' ? now.album : undefined, lists.album)
    return album === undefined ? undefined : { album }
  }

  return {
    rule,
    category(name: string, { categoryId }: Settings): string | undefined {
      if (!shop.capacity.categories) return categoryId
      const found = chosen(name, categoryId, lists.category)
      if (found === undefined) fault(name, 'Выберите категорию: без неё карточки не создать')
      return found
    },
    ownCategory: (name: string, now: string | undefined): string | undefined =>
      chosen(name, now, lists.category),
    groupChoice: (name: string, now: GroupChoice | undefined): GroupChoice | undefined =>
      plainChoice(fields[name]?.trim() ?? '') ?? ownAlbum(name, now),
    /** A group's own rule begins with its rounding: without one it follows the rule of all. */
    ownRule(name: string, { price }: Settings): PriceRule | undefined {
      const [pct, plus] = [name.replace(/^round/, 'pct'), name.replace(/^round/, 'plus')]
      const [rounding, ...sums] = [name, pct, plus].map((one) => fields[one]?.trim() ?? '')
      if (!rounding && sums.every((text) => text === '')) return undefined
      const followed = fields.price_rounding ?? price.rounding
      return rule(pct, plus, name, rounding === '' ? followed : rounding)
    },
    choice<T extends string>(name: string, all: readonly T[], now: T): T {
      if (fields[name] === undefined) return now
      const found = all.find((one) => one === fields[name])
      if (found === undefined) fault(name)
      return found ?? now
    },
    pace(now: Settings['everyMinutes']): Settings['everyMinutes'] {
      if (fields.every === undefined) return now
      const chosen = PACES.find((pace) => String(pace) === fields.every)
      if (chosen === undefined) fault('every')
      return chosen ?? now
    },
    template(now: string): string {
      const text = fields.description_tpl?.replace(/\r\n?/g, '\n').trim()
      if (text === undefined) return now
      const wrong = templateFault(text, shop)
      if (wrong) fault('description_tpl', wrong)
      return text
    },
  }
}

const asTyped = (text: string) => text

/** What is wrong with a template. An empty one is none: products without a description are not carried then. */
function templateFault(text: string, { platform, capacity }: TemplateRules): string | undefined {
  if (text.length > LONGEST_TEMPLATE) return say('too_long', { n: String(LONGEST_TEMPLATE) }).title
  const known = PLACEHOLDERS.map((name) => `{${name}}`).join(', ')
  const rest = withoutPlaceholders(text)
  const [unknown] = /\{[^{}]*\}?|\}/.exec(rest) ?? []
  if (unknown) return `Вставки «${unknown.slice(0, 40)}» нет. Можно вставить: ${known}`
  if (text !== '' && rest === text && text.length < capacity.description.least)
    return `Нужно хотя бы ${capacity.description.least} символов: ${named('короче {p} описание не {принимает|принимают}', platform)}`
  return undefined
}

/** Groups the form names take what it says, the others stay. */
function merged<T>(
  current: Readonly<Record<string, T>>,
  fields: FormFields,
  name: string,
  read: (field: string, now: T | undefined) => T | undefined,
): Record<string, T> {
  const said = new Set(ofGroups(fields, name).keys())
  const others = Object.entries(current).filter(([group]) => !said.has(group))
  const own = [...said].map((group): [string, T | undefined] => [
    group,
    read(`${name}[${group}]`, current[group]),
  ])
  const given = own.filter((pair): pair is [string, T] => pair[1] !== undefined)
  return Object.fromEntries([...others, ...given])
}

function withPhotos(current: Settings['photos'], sent: SentPhotos['groups']): Settings['photos'] {
  const others = Object.entries(current).filter(([group]) => !sent.has(group))
  const given = [...sent].filter((pair): pair is [string, number] => pair[1] !== undefined)
  return Object.fromEntries([...others, ...given])
}
