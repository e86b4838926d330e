import type { VkCall } from './access.ts'
import { perform } from './perform.ts'
import { VkRefusal } from './refusal.ts'
import { runScript, type Value } from './script.ts'

const MOST_CALLS = 25

interface InnerError {
  method: string
  error_code: number
  error_msg: string
}

/** execute: up to 25 calls in one request; a failed one is `false`, its error stands beside (reference: VK, 5.6). */
export function runExecute(call: VkCall): object {
  const { longestCode, longestResult, sparseColumns } = call.market.rules
  const code = call.params.code ?? ''
  if (Buffer.byteLength(code) > longestCode)
    throw new VkRefusal(12, 'Unable to compile code: code is too long')
  const errors: InnerError[] = []
  const response = runScript(code, apiOf(call, errors), sparseColumns)
  if (Buffer.byteLength(JSON.stringify(response)) > longestResult)
    throw new VkRefusal(13, 'Runtime error occurred during code invocation: response is too big')
  return { response, ...(errors.length && { execute_errors: errors }) }
}

function apiOf(call: VkCall, errors: InnerError[]) {
  let made = 0
  return (method: string, given: Record<string, Value>): Value => {
    made += 1
    if (made > MOST_CALLS)
      throw new VkRefusal(13, 'Runtime error occurred during code invocation: too many api calls')
    const { madeInside } = call.market
    madeInside.set(method, (madeInside.get(method) ?? 0) + 1)
    try {
      return structuredClone(perform({ ...call, ...inner(call, given) }, method, true)) as Value
    } catch (error) {
      if (!(error instanceof VkRefusal)) throw error
      errors.push({ method, error_code: error.code, error_msg: error.message })
      return false
    }
  }
}

/** Values become texts as a form has them; the version is the outer one unless told. */
function inner({ params, version }: VkCall, given: Record<string, Value>) {
  const told = Object.entries(given).filter(([, value]) => value !== null)
  const own = Object.fromEntries(told.map(([key, value]) => [key, textOf(value)]))
  return {
    params: { v: params.v ?? '', ...own },
    version: own.v ? Number(own.v.split('.')[1]) : version,
  }
}

function textOf(value: Value): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  if (Array.isArray(value)) return value.map(textOf).join(',')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
