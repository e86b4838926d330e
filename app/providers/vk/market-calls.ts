import { ProviderError, ShopRefused } from '../../errors.ts'
import { asObject, badResponse, readJson } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'
import type { Repeat } from '../../http/retry.ts'
import type { Caller } from '../catalogue.ts'
import type { Api } from '../api.ts'
import { refusalOf } from './market-errors.ts'

/**
 * The market as it is understood here (docs/platforms/vk.md#addresses-and-versions); connections have a version of
 * their own.
 */
const VERSION = '5.199'

export type Params = Readonly<Record<string, string | number>>

export interface Reply {
  response: unknown
  /** Of `execute`: why calls inside of it failed, in their order. */
  failures: readonly unknown[]
  /** Told of elements of a list in it that nobody can read. */
  unreadable?: Api['unreadable']
}

/**
 * One call of VK's API, by POST with everything in the body; patient with what passes by itself.
 * @throws ShopRefused for what VK refuses, ProviderError for what breaks on the way
 */
export type Ask = (method: string, params: Params, manner?: Manner) => Promise<Reply>

export interface Manner {
  /** Default `safe`; `unsent`: a failure that may have come after the deed is passed on at once. */
  repeat?: Repeat
  /** Of `execute`: the first failure inside of it is the failure of all. */
  whole?: boolean
  /** Of `execute`: what is in it, for calls of one kind take about as long. */
  kind?: string
}

export interface Market {
  apiUrl: string
  sleep: (ms: number) => Promise<void>
}

export const createAsk =
  ({ apiUrl, sleep }: Market, call: Caller): Ask =>
  (method, params, { repeat = 'safe', whole = false, kind } = {}) => {
    const url = `${apiUrl}/${method}`
    const form = { ...textsOf(params), v: VERSION, lang: 'ru' }
    const once = () =>
      call(async (api) => {
        const reply = readReply(
          await api.send({
            url,
            method: 'POST',
            form,
            repeat,
            ...(kind !== undefined && { kind }),
          }),
          params,
        )
        if (whole && reply.failures.length > 0) throw refusalOf(reply.failures[0])
        return { ...reply, ...(api.unreadable && { unreadable: api.unreadable }) }
      })
    return patiently(once, repeat, sleep)
  }

const textsOf = (params: Params) =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]))

function readReply(answer: Answer, params: Params): Reply {
  const body = asObject(readJson(answer))
  if (body?.error) throw refusalOf(body.error, params)
  if (!body || !('response' in body)) throw badResponse('neither response nor error', answer)
  const { response, execute_errors: failures } = body
  return { response, failures: Array.isArray(failures) ? failures : [] }
}

/** Milliseconds before the second try and those after it. */
const WAITS = [1000, 2000, 4000, 8000]

/** Too many calls in a second are forgotten when the second is over. */
const NEXT_SECOND_MS = 1100

async function patiently<T>(once: () => Promise<T>, repeat: Repeat, sleep: Market['sleep']) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await once()
    } catch (error) {
      const wait = waitAfter(error, tries, repeat)
      if (wait === undefined) throw error
      await sleep(wait)
    }
  }
}

/** Network and 5xx have been tried again by the client already. */
function waitAfter(error: unknown, tries: number, repeat: Repeat): number | undefined {
  if (!(error instanceof ProviderError) || tries >= WAITS.length) return undefined
  if (error.code === 'too_fast') return NEXT_SECOND_MS
  const passing = error instanceof ShopRefused && error.scope === 'temporary'
  return passing && repeat === 'safe' ? WAITS[tries] : undefined
}
