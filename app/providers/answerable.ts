import { ProviderError } from '../errors.ts'
import type { Provider } from './provider.ts'

/**
 * The platform with its key on every failure of its functions, however it comes: thrown, while a list is read, or among
 * outcomes. Said here once, so that no caller can forget whose call it was.
 */
export function answerable(provider: Provider): Provider {
  const { key, source, target } = provider
  return {
    ...provider,
    auth: answering(key, provider.auth),
    identify: (api) => Promise.resolve(marking(key, () => provider.identify(api))),
    ...(provider.grantedScope && {
      grantedScope: (api) => Promise.resolve(marking(key, () => provider.grantedScope?.(api))),
    }),
    ...(source && { source: answering(key, source) }),
    ...(target && { target: answering(key, target) }),
  }
}

function answering<T extends object>(key: string, part: T): T {
  return new Proxy(part, {
    get(whole, name) {
      const value: unknown = Reflect.get(whole, name)
      if (typeof value !== 'function') return value
      return (...given: unknown[]) =>
        marking(key, (): unknown => Reflect.apply(value, whole, given))
    },
  })
}

function marking<T>(key: string, call: () => T): T {
  try {
    return marked(key, call()) as T
  } catch (error) {
    throw mark(key, error)
  }
}

function marked(key: string, result: unknown): unknown {
  if (result instanceof Promise) return settled(key, result)
  if (typeof result !== 'object' || result === null) return result
  if (Symbol.asyncIterator in result) return pages(key, result as AsyncIterable<unknown>)
  return isPart(result) ? answering(key, result) : result
}

async function settled(key: string, promise: Promise<unknown>): Promise<unknown> {
  try {
    const result = await promise
    if (Array.isArray(result)) for (const one of result as unknown[]) markOutcome(key, one)
    return result
  } catch (error) {
    throw mark(key, error)
  }
}

async function* pages(key: string, list: AsyncIterable<unknown>): AsyncGenerator {
  try {
    yield* list
  } catch (error) {
    throw mark(key, error)
  }
}

/** A shop of the platform: functions again. */
const isPart = (result: object) => Object.values(result).some((one) => typeof one === 'function')

function markOutcome(key: string, outcome: unknown) {
  if (typeof outcome === 'object' && outcome !== null && 'refusal' in outcome)
    mark(key, outcome.refusal)
}

function mark(key: string, error: unknown): unknown {
  return error instanceof ProviderError ? error.of(key) : error
}
