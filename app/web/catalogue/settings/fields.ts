import type { GroupChoice, PriceRule, Settings } from '../../../catalogue/settings.ts'
import { fieldsOf } from '../../kit/forms.ts'

/** A form as it was sent or is to be shown: `map[<group>]` is a name like any other. */
export type FormFields = Readonly<Record<string, string>>

/** Beyond the longest template, so that its length can still be told. */
const LONGEST = 4000

/** What was sent as text. */
export function sentFields(body: unknown): FormFields {
  const texts = Object.entries(fieldsOf(body)).filter(
    (pair): pair is [string, string] => typeof pair[1] === 'string',
  )
  return Object.fromEntries(texts.map(([name, text]) => [name, text.slice(0, LONGEST)]))
}

/** Group → what the form says of it under `name`. */
export function ofGroups(fields: FormFields, name: string): Map<string, string> {
  const prefix = `${name}[`
  const own = Object.entries(fields).filter(([key]) => key.startsWith(prefix) && key.endsWith(']'))
  return new Map(own.map(([key, value]) => [key.slice(prefix.length, -1), value]))
}

/** The group a field is about; undefined for a field of all. */
export const groupIn = (name: string): string | undefined =>
  name.endsWith(']') && name.includes('[') ? name.slice(name.indexOf('[') + 1, -1) : undefined

/** A choice as its field has it. */
export const choiceText = (choice: GroupChoice): string =>
  typeof choice === 'string' ? choice : choice.album

/** The form that settings come from. */
export function fieldsFrom(settings: Settings): FormFields {
  const { price } = settings
  return {
    category_id: settings.categoryId ?? '',
    description_tpl: settings.template,
    cut_names: settings.cutNames ? 'on' : '',
    drawn: settings.drawn ? 'on' : '',
    restricted: settings.restricted ? 'on' : '',
    gone: settings.gone,
    out_of_stock: settings.outOfStock,
    every: String(settings.everyMinutes),
    price_percent: inFigures(price.percent),
    price_plus: inFigures(price.plus / 100),
    price_rounding: price.rounding,
    ...named('map', settings.groups, choiceText),
    ...named('cat', settings.categories, (id) => id),
    ...named('pct', settings.prices, ({ percent }) => inFigures(percent)),
    ...named('plus', settings.prices, ({ plus }) => inFigures(plus / 100)),
    ...named('round', settings.prices, ({ rounding }: PriceRule) => rounding),
  }
}

function named<T>(name: string, values: Readonly<Record<string, T>>, text: (value: T) => string) {
  return Object.fromEntries(
    Object.entries(values).map(([group, value]) => [`${name}[${group}]`, text(value)]),
  )
}

/** `12,5`; nothing where there is nothing to add. */
const inFigures = (value: number) => (value === 0 ? '' : String(value).replace('.', ','))

/** An element's id for a field's name. */
export const idFor = (name: string): string => name.replace(/[^\w-]+/g, '-').replace(/-$/, '')
