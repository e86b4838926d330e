import { createHash } from 'node:crypto'
import { asObject, asText } from '../../http/answer.ts'
import {
  type Attribute,
  type Group,
  type Image,
  type Product,
  UNCOUNTED,
} from '../../catalogue/goods.ts'
import { plain, plainLine } from '../../catalogue/plain.ts'
import { asNumber, fieldOf, identified, identifiedIf } from './fields.ts'
import { kindOf } from './kinds.ts'

/**
 * A product or a variant, everything but the id optional (Evotor's REST API, products). What it cost the shop is not
 * read. @throws ProviderError `bad_response` without an id
 */
export function readProduct(value: unknown): Product {
  const { item, id } = identified(value)
  const text = (name: string) => asText(fieldOf(item, name))
  const line = (name: string) => asLine(fieldOf(item, name))
  return {
    id,
    ...present('groupId', text('parent_id')),
    name: line('name') ?? '',
    ...kindOf(item, text('type') ?? ''),
    ...present('article', line('article_number')),
    ...present('code', line('code')),
    ...present('price', kopecks(fieldOf(item, 'price'))),
    ...present('quantity', asNumber(fieldOf(item, 'quantity'))),
    unit: line('measure_name') ?? '',
    sellable: !isFalse(fieldOf(item, 'allow_to_sell')),
    description: plain(text('description') ?? ''),
    choices: readChoices(fieldOf(item, 'attributes_choices')),
    ...present('image', readImage(item.images)),
  }
}

/** A group; one with attributes is the parent of variants. @throws ProviderError `bad_response` without an id */
export function readGroup(value: unknown): Group {
  const { item, id } = identified(value)
  return {
    id,
    ...present('parentId', asText(fieldOf(item, 'parent_id'))),
    name: asLine(item.name) ?? '',
    attributes: listOf(item.attributes).flatMap(readAttribute),
  }
}

/** One of a list, whatever it is: what makes no sense is said to be there, with its id if it has one. */
export function readAnyProduct(value: unknown): Product {
  const known = identifiedIf(value)
  if (!known) return { ...readProduct({ id: 'none' }), id: '', unreadable: true }
  const product = readProduct(value)
  const price = fieldOf(known.item, 'price')
  const odd = isNoText(known.item.name) || (isSaid(price) && asNumber(price) === undefined)
  return odd ? { ...product, unreadable: true } : product
}

/** The same of a group. */
export function readAnyGroup(value: unknown): Group {
  const known = identifiedIf(value)
  if (!known) return { id: '', name: '', attributes: [], unreadable: true }
  const group = readGroup(value)
  return isNoText(known.item.name) ? { ...group, unreadable: true } : group
}

const isSaid = (value: unknown) => value !== undefined && value !== null && value !== ''

const isNoText = (value: unknown) => isSaid(value) && asText(value) === undefined

function readAttribute(value: unknown): Attribute[] {
  return named(value).map((attribute) => ({
    ...attribute,
    choices: listOf(asObject(value)?.choices).flatMap(named),
  }))
}

function named(value: unknown): { id: string; name: string }[] {
  const item = asObject(value)
  const id = asText(item?.id ?? item?.uuid)
  return id === undefined ? [] : [{ id, name: asLine(item?.name) ?? '' }]
}

/** Catalogues come out of programs that write for browsers: texts are read here, once, as a reader sees them. */
const asLine = (value: unknown): string | undefined => plainLine(asText(value) ?? '') || undefined

function readChoices(value: unknown): Record<string, string> {
  const entries = Object.entries(asObject(value) ?? {}).flatMap(([attribute, choice]) => {
    const text = asText(choice)
    return text === undefined ? [] : [[attribute, text] as const]
  })
  return Object.fromEntries(entries)
}

/** A till has one picture a product at the most; signed addresses change from list to list, so its id tells it apart. */
function readImage(value: unknown): Image | undefined {
  const item = asObject(listOf(value)[0])
  const url = asText(item?.url)
  if (!item || !url || !URL.canParse(url) || !/^https?:/i.test(url)) return undefined
  const said = [
    asText(item.id),
    asText(fieldOf(item, 'updated_at') ?? fieldOf(item, 'created_at')),
    asText(fieldOf(asObject(item.meta) ?? {}, 'file_size')),
  ].filter((part) => part !== undefined)
  return { url, version: brief(said.join(' ') || url) }
}

const LONGEST_VERSION = 128

/** What tells pictures apart is kept with every card, where there is no room for an address. */
const brief = (text: string): string =>
  text.length > LONGEST_VERSION || /\p{Cc}/u.test(text)
    ? createHash('sha256').update(text).digest('hex')
    : text

/** Roubles, a decimal number, become kopecks; more than can be counted is as much as can be. None below zero. */
function kopecks(roubles: unknown): number | undefined {
  const price = Math.round((asNumber(roubles) ?? NaN) * 100)
  return price >= 0 ? Math.max(0, Math.min(price, UNCOUNTED)) : undefined
}

const isFalse = (value: unknown) => value === false || value === 'false'

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

function present<K extends string, T>(name: K, value: T | undefined) {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<K, T>>
}
