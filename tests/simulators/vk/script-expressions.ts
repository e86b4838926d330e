import { type Reader, unexpected } from './script-reader.ts'
import {
  assign,
  broken,
  each,
  erase,
  FUNCTIONS,
  isTrue,
  method,
  OPERATORS,
  property,
  type Value,
} from './script-values.ts'
import type { Word } from './script-words.ts'

/** What a running script has. */
export interface Run {
  names: Map<string, Value>
  api: (method: string, params: Record<string, Value>) => Value
  /** `list@.name` leaves out what has no such property. */
  sparse: boolean
  /** One step more. @throws VkRefusal 13 when there were too many */
  step: () => void
}

/** A piece of script that has a value; those that name a place can be written to and deleted. */
export interface Expression {
  get: (run: Run) => Value
  set?: (run: Run, value: Value) => void
  erase?: (run: Run) => void
}

/** `a ? b : c` and everything that binds closer. */
export function expression(reader: Reader): Expression {
  const asked = binary(reader, 0)
  if (!reader.take('?')) return asked
  const yes = expression(reader)
  reader.need(':')
  const no = expression(reader)
  return { get: (run) => (isTrue(asked.get(run)) ? yes : no).get(run) }
}

const LEVELS = [
  ['||'],
  ['&&'],
  ['==', '!=', '===', '!=='],
  ['<', '>', '<=', '>='],
  ['+', '-'],
  ['*', '/', '%'],
]

function binary(reader: Reader, level: number): Expression {
  const marks = LEVELS[level]
  if (!marks) return unary(reader)
  let left = binary(reader, level + 1)
  for (;;) {
    const { kind, text } = reader.peek()
    if (kind !== 'mark' || !marks.includes(text)) return left
    reader.next()
    left = joined(text, left, binary(reader, level + 1))
  }
}

function joined(mark: string, left: Expression, right: Expression): Expression {
  if (mark === '||') return { get: (run) => or(left.get(run), () => right.get(run)) }
  if (mark === '&&') return { get: (run) => and(left.get(run), () => right.get(run)) }
  return { get: (run) => OPERATORS[mark]?.(left.get(run), right.get(run)) ?? null }
}

const or = (one: Value, other: () => Value) => (isTrue(one) ? one : other())
const and = (one: Value, other: () => Value) => (isTrue(one) ? other() : one)

function unary(reader: Reader): Expression {
  if (reader.take('!')) {
    const of = unary(reader)
    return { get: (run) => !isTrue(of.get(run)) }
  }
  if (reader.take('-')) {
    const of = unary(reader)
    return { get: (run) => -(Number(of.get(run)) || 0) }
  }
  return postfix(reader, primary(reader))
}

function postfix(reader: Reader, of: Expression): Expression {
  if (reader.take('@.')) {
    const name = reader.name()
    return postfix(reader, { get: (run) => each(of.get(run), name, run.sparse) })
  }
  if (reader.take('[')) {
    const at = expression(reader)
    reader.need(']')
    return postfix(
      reader,
      place(of, (run) => at.get(run)),
    )
  }
  if (!reader.take('.')) return of
  const name = reader.name()
  if (!reader.take('('))
    return postfix(
      reader,
      place(of, () => name),
    )
  const given = list(reader, ')')
  return postfix(reader, {
    get: (run) =>
      method(
        of.get(run),
        name,
        given.map((one) => one.get(run)),
      ),
  })
}

function place(of: Expression, name: (run: Run) => Value): Expression {
  return {
    get: (run) => property(of.get(run), name(run)),
    set: (run, value) => {
      assign(of.get(run), name(run), value)
    },
    erase: (run) => {
      erase(of.get(run), name(run))
    },
  }
}

function list(reader: Reader, end: string): Expression[] {
  const items: Expression[] = []
  while (!reader.take(end)) {
    items.push(expression(reader))
    if (!reader.at(end)) reader.need(',')
  }
  return items
}

const WORDS: Record<string, Value> = { true: true, false: false, null: null }

function primary(reader: Reader): Expression {
  const word = reader.next()
  const { kind, text } = word
  if (kind === 'number') return { get: () => Number(text) }
  if (kind === 'text') return { get: () => text }
  if (kind === 'name') return named(reader, word)
  if (text === '(') {
    const inner = expression(reader)
    reader.need(')')
    return inner
  }
  if (text === '[') {
    const items = list(reader, ']')
    return { get: (run) => items.map((one) => one.get(run)) }
  }
  if (text === '{') return object(reader)
  throw unexpected(word)
}

/** There are no functions of one's own. */
const NEVER = new Set([
  'function',
  'for',
  'do',
  'var',
  'if',
  'else',
  'while',
  'return',
  'delete',
  'new',
  'let',
  'const',
])

function named(reader: Reader, word: Word): Expression {
  const { text } = word
  if (NEVER.has(text)) throw unexpected(word)
  if (Object.hasOwn(WORDS, text)) return { get: () => WORDS[text] ?? null }
  if (text === 'API') return apiCall(reader)
  if (reader.take('(')) return functionCall(reader, word)
  return {
    get: (run) => {
      const value = run.names.get(text)
      if (value === undefined) throw broken(`unknown variable ${text}`)
      return value
    },
    set: (run, value) => {
      if (!run.names.has(text)) throw broken(`unknown variable ${text}`)
      run.names.set(text, value)
    },
  }
}

function functionCall(reader: Reader, word: Word): Expression {
  if (!Object.hasOwn(FUNCTIONS, word.text)) throw unexpected(word)
  const [value] = list(reader, ')')
  return { get: (run) => FUNCTIONS[word.text]?.(value?.get(run) ?? null) ?? null }
}

/** `API.market.edit({…})`. */
function apiCall(reader: Reader): Expression {
  const names: string[] = []
  while (reader.take('.')) names.push(reader.name())
  reader.need('(')
  const [given] = list(reader, ')')
  return {
    get: (run) => {
      run.step()
      const params = given?.get(run) ?? {}
      if (typeof params !== 'object' || Array.isArray(params)) throw broken('parameters expected')
      return run.api(names.join('.'), params)
    },
  }
}

function object(reader: Reader): Expression {
  const fields: [string, Expression][] = []
  while (!reader.take('}')) {
    const key = reader.next()
    if (key.kind !== 'name' && key.kind !== 'text' && key.kind !== 'number') throw unexpected(key)
    reader.need(':')
    fields.push([key.text, expression(reader)])
    if (!reader.at('}')) reader.need(',')
  }
  return {
    get: (run) => Object.fromEntries(fields.map(([name, value]) => [name, value.get(run)])),
  }
}
