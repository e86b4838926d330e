import { VkRefusal } from './refusal.ts'

/** What a script reckons with: JSON. */
export type Value = null | boolean | number | string | Value[] | { [name: string]: Value }

/** Error 13. */
export const broken = (why: string) =>
  new VkRefusal(13, `Runtime error occurred during code invocation: ${why}`)

/** A property; of what has none, null. */
export function property(of: Value, name: Value): Value {
  if (typeof of === 'string') return name === 'length' ? of.length : (of[Number(name)] ?? null)
  if (Array.isArray(of)) return name === 'length' ? of.length : (of[Number(name)] ?? null)
  if (of === null || typeof of !== 'object') return null
  return Object.hasOwn(of, textOf(name)) ? (of[textOf(name)] ?? null) : null
}

/** `list@.name`: that property of each. */
export function each(of: Value, name: string, sparse: boolean): Value {
  if (!Array.isArray(of)) return null
  const found = of.map((one) =>
    Array.isArray(one) ? each(one, name, sparse) : property(one, name),
  )
  return sparse ? found.filter((value) => value !== null) : found
}

export function assign(of: Value, name: Value, value: Value) {
  if (Array.isArray(of)) of[Number(name)] = value
  else if (of !== null && typeof of === 'object') of[textOf(name)] = value
  else throw broken('not an object')
}

export function erase(of: Value, name: Value) {
  if (Array.isArray(of)) of.splice(Number(name), 1)
  else if (of !== null && typeof of === 'object') Reflect.deleteProperty(of, textOf(name))
  else throw broken('not an object')
}

export const isTrue = (value: Value) => Boolean(value)

const textOf = (value: Value): string =>
  typeof value === 'object' ? (value === null ? '' : JSON.stringify(value)) : String(value)

const numberOf = (value: Value) => Number(value) || 0

/** `+` of numbers adds, of lists joins, and of anything with a text writes. */
function plus(one: Value, other: Value): Value {
  if (Array.isArray(one) && Array.isArray(other)) return [...one, ...other]
  if ([one, other].some((value) => typeof value === 'string' || typeof value === 'object'))
    if (one !== null && other !== null) return textOf(one) + textOf(other)
  return numberOf(one) + numberOf(other)
}

function equal(one: Value, other: Value): boolean {
  if (one === null || other === null || typeof one === typeof other) return one === other
  if (typeof one === 'object' || typeof other === 'object') return false
  return Number(one) === Number(other)
}

function compare(one: Value, other: Value): number {
  if (typeof one === 'string' && typeof other === 'string')
    return one < other ? -1 : Number(one > other)
  return numberOf(one) - numberOf(other)
}

/** Operators with two sides; `&&` and `||` are not here, since they may not need the second. */
export const OPERATORS: Readonly<Record<string, (one: Value, other: Value) => Value>> = {
  '+': plus,
  '-': (one, other) => numberOf(one) - numberOf(other),
  '*': (one, other) => numberOf(one) * numberOf(other),
  '/': (one, other) => {
    if (numberOf(other) === 0) throw broken('division by zero')
    return numberOf(one) / numberOf(other)
  },
  '%': (one, other) => {
    if (numberOf(other) === 0) throw broken('division by zero')
    return numberOf(one) % numberOf(other)
  },
  '==': equal,
  '===': (one, other) => one === other,
  '!=': (one, other) => !equal(one, other),
  '!==': (one, other) => one !== other,
  '<': (one, other) => compare(one, other) < 0,
  '>': (one, other) => compare(one, other) > 0,
  '<=': (one, other) => compare(one, other) <= 0,
  '>=': (one, other) => compare(one, other) >= 0,
}

/** Functions that stand alone. */
export const FUNCTIONS: Readonly<Record<string, (value: Value) => Value>> = {
  parseInt: (value) => parseInt(textOf(value), 10) || 0,
  parseDouble: (value) => parseFloat(textOf(value)) || 0,
}

type Given = readonly Value[]

const LISTS: Readonly<Record<string, (list: Value[], given: Given) => Value>> = {
  push: (list, given) => list.push(...given),
  pop: (list) => list.pop() ?? null,
  shift: (list) => list.shift() ?? null,
  unshift: (list, given) => list.unshift(...given),
  slice: (list, [from, to]) => list.slice(...bounds(from, to)),
  splice: (list, [from = 0, count = list.length, ...more]) =>
    list.splice(numberOf(from), numberOf(count), ...more),
  indexOf: (list, [value = null]) => list.indexOf(value),
}

const TEXTS: Readonly<Record<string, (text: string, given: Given) => Value>> = {
  substr: (text, [from = 0, count]) => {
    const start = numberOf(from) < 0 ? Math.max(0, text.length + numberOf(from)) : numberOf(from)
    return text.slice(start, count === undefined ? undefined : start + numberOf(count))
  },
  slice: (text, [from, to]) => text.slice(...bounds(from, to)),
  split: (text, [by = '']) => text.split(textOf(by)),
  indexOf: (text, [part = '']) => text.indexOf(textOf(part)),
}

const bounds = (from: Value = 0, to?: Value): [number, number?] =>
  to === undefined ? [numberOf(from)] : [numberOf(from), numberOf(to)]

/** @throws VkRefusal 13 for what a value cannot do */
export function method(of: Value, name: string, given: Given): Value {
  const known = Array.isArray(of) ? LISTS : typeof of === 'string' ? TEXTS : {}
  if (!Object.hasOwn(known, name)) throw broken(`unknown function ${name}`)
  return known === LISTS
    ? call(LISTS, name, of as Value[], given)
    : call(TEXTS, name, of as string, given)
}

function call<T>(
  known: Readonly<Record<string, (of: T, given: Given) => Value>>,
  name: string,
  of: T,
  given: Given,
): Value {
  return known[name]?.(of, given) ?? null
}
