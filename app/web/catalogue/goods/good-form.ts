import { clean, cleanLines } from '../../../catalogue/clean.ts'
import type { Overrides } from '../../../catalogue/owner/overrides.ts'
import type { FieldErrors } from '../../kit/forms.ts'
import { price } from '../../kit/amounts.ts'
import { typed } from '../../kit/forms.ts'
import { fieldFaults, type Place } from './good-faults.ts'

/** The form of a product as it was typed or is to be shown. */
export interface GoodFields {
  title: string
  description: string
  old_price: string
  aside: string
}

const FIELDS = ['title', 'description', 'old_price', 'aside'] as const

/** Beyond the longest description, so that its length can still be told. */
const LONGEST = 20_000

/** What was typed, without what is to be as at the till again (`back`). */
export function sentFields(body: unknown): GoodFields {
  const { back = '', ...fields } = typed(body, [...FIELDS, 'back'], LONGEST)
  const { title = '', description = '', old_price = '', aside = '' } = fields
  const sent = { title, description, old_price, aside }
  const taken = FIELDS.filter((name) => name === back)
  return { ...sent, ...Object.fromEntries(taken.map((name) => [name, ''])) }
}

export const fieldsFrom = ({ title, description, oldPrice, aside }: Overrides): GoodFields => ({
  title: title ?? '',
  description: description ?? '',
  old_price: oldPrice === undefined ? '' : inFigures(oldPrice),
  aside: aside ? 'on' : '',
})

/** `1490`, `1490,50` */
const inFigures = (kopecks: number): string => price(kopecks).replace(/[^\d,]/g, '')

/**
 * What the form sets, on top of what is set; what has not been touched is not judged anew, so that a limit of today keeps
 * nobody from setting the rest. An empty field is as at the till.
 */
export function readGoodForm(
  fields: GoodFields,
  now: Overrides,
  places: readonly Place[],
): { wanted: Overrides; errors: FieldErrors } {
  const title = clean(fields.title)
  const description = cleanLines(fields.description)
  const oldPrice = kopecksIn(fields.old_price)
  const wanted: Overrides = {
    ...(title !== '' && { title }),
    ...(description !== '' && { description }),
    ...(oldPrice !== undefined && { oldPrice }),
    ...(fields.aside === 'on' && { aside: true as const }),
  }
  return { wanted, errors: fieldFaults(wanted, now, places) }
}

/** NaN for what is no sum; undefined for nothing. */
function kopecksIn(text: string): number | undefined {
  const figures = text.replace(/(руб(лей|ля|ль)?|р)\.?$/iu, '').replace(/[\s\u00a0\u202f₽]/g, '')
  if (figures === '') return undefined
  if (!/^\d{1,12}([.,]\d{1,2})?$/.test(figures)) return NaN
  const [whole = '', part = ''] = figures.split(/[.,]/)
  return Number(whole) * 100 + Number(part.padEnd(2, '0'))
}
