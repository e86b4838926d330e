import { VkRefusal } from './refusal.ts'
import { expression, type Run } from './script-expressions.ts'
import { createReader, type Reader, unexpected } from './script-reader.ts'
import { broken, isTrue, type Value } from './script-values.ts'
import { wordsOf } from './script-words.ts'

export type { Value }

/** What a statement leaves: a value once `return` was reached. */
type Statement = (run: Run) => { value: Value } | undefined

const MOST_STEPS = 500_000

/**
 * Runs VKScript as VK does (reference: VK, 5.6): no functions of one's own, and it must return something.
 * @throws VkRefusal 12 when it does not compile, 13 when it breaks
 */
export function runScript(code: string, api: Run['api'], sparse = false): Value {
  const script = compile(code)
  let steps = 0
  const step = () => {
    steps += 1
    if (steps > MOST_STEPS) throw broken('too many operations')
  }
  const returned = script({ names: new Map(), api, sparse, step })
  if (!returned) throw broken('nothing was returned')
  return returned.value
}

function compile(code: string): Statement {
  const reader = createReader(wordsOf(code))
  const statements: Statement[] = []
  while (reader.peek().kind !== 'end') statements.push(statement(reader))
  if (!statements.length) throw new VkRefusal(12, 'Unable to compile code: code is empty')
  return inOrder(statements)
}

function inOrder(statements: readonly Statement[]): Statement {
  return (run) => {
    for (const one of statements) {
      run.step()
      const returned = one(run)
      if (returned) return returned
    }
    return undefined
  }
}

function statement(reader: Reader): Statement {
  if (reader.take(';')) return () => undefined
  if (reader.take('{')) return block(reader)
  if (reader.take('var')) return declaration(reader)
  if (reader.take('if')) return choice(reader)
  if (reader.take('while')) return loop(reader)
  if (reader.take('return')) return returning(reader)
  if (reader.take('delete')) return erasing(reader)
  return assignment(reader)
}

function block(reader: Reader): Statement {
  const statements: Statement[] = []
  while (!reader.take('}')) statements.push(statement(reader))
  return inOrder(statements)
}

function declaration(reader: Reader): Statement {
  const set: Statement[] = []
  do {
    const name = reader.name()
    const value = reader.take('=') ? expression(reader) : undefined
    set.push((run) => {
      run.names.set(name, value?.get(run) ?? null)
      return undefined
    })
  } while (reader.take(','))
  reader.need(';')
  return inOrder(set)
}

function condition(reader: Reader) {
  reader.need('(')
  const asked = expression(reader)
  reader.need(')')
  return (run: Run) => isTrue(asked.get(run))
}

function choice(reader: Reader): Statement {
  const asked = condition(reader)
  const yes = statement(reader)
  const no = reader.take('else') ? statement(reader) : () => undefined
  return (run) => (asked(run) ? yes : no)(run)
}

function loop(reader: Reader): Statement {
  const asked = condition(reader)
  const body = statement(reader)
  return (run) => {
    while (asked(run)) {
      run.step()
      const returned = body(run)
      if (returned) return returned
    }
    return undefined
  }
}

function returning(reader: Reader): Statement {
  const value = reader.at(';') ? undefined : expression(reader)
  reader.need(';')
  return (run) => ({ value: value?.get(run) ?? null })
}

function erasing(reader: Reader): Statement {
  const word = reader.peek()
  const { erase } = expression(reader)
  if (!erase) throw unexpected(word)
  reader.need(';')
  return (run) => {
    erase(run)
    return undefined
  }
}

function assignment(reader: Reader): Statement {
  const word = reader.peek()
  const place = expression(reader)
  const { set } = place
  if (!reader.take('=')) {
    reader.need(';')
    return (run) => {
      place.get(run)
      return undefined
    }
  }
  if (!set) throw unexpected(word)
  const value = expression(reader)
  reader.need(';')
  return (run) => {
    set(run, value.get(run))
    return undefined
  }
}
