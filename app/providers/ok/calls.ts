import type { Answer } from '../../http/call.ts'
import { ProviderError, ShopRefused } from '../../errors.ts'
import { badResponse, readJson } from '../../http/answer.ts'
import type { Repeat } from '../../http/retry.ts'
import type { Api } from '../api.ts'
import type { Caller } from '../catalogue.ts'
import { errorIn } from './answers.ts'
import { refusalOf } from './errors.ts'

export type Params = Readonly<Record<string, string>>

/** What a call came to. */
export interface Reply {
  body: unknown
  /** Told of elements of a list in it that nobody can read. */
  unreadable?: Api['unreadable']
}

/**
 * One call of OK's API, patient with what passes by itself.
 * @throws ShopRefused for what OK refuses, ProviderError for what breaks on the way
 */
export type Ask = (method: string, params: Params, repeat?: Repeat) => Promise<Reply>

/** Where calls go. */
export interface Market {
  url: string
  sleep: (ms: number) => Promise<void>
}

/** Milliseconds before the second try and those after it. */
const WAITS = [1000, 2000, 4000, 8000]

export const createAsk =
  ({ url, sleep }: Market, call: Caller): Ask =>
  async (method, params, repeat = 'safe') => {
    const form = { ...params, method }
    for (let tries = 0; ; tries += 1) {
      try {
        return await call(async (api) => {
          const body = readReply(await api.send({ url, form, repeat }))
          return { body, ...(api.unreadable && { unreadable: api.unreadable }) }
        })
      } catch (error) {
        const wait = WAITS[tries]
        if (wait === undefined || repeat !== 'safe' || !isPassing(error)) throw error
        await sleep(wait)
      }
    }
  }

function readReply(answer: Answer): unknown {
  const body = readJson(answer)
  const error = errorIn(body)
  if (error) throw refusalOf(error)
  if (answer.status >= 400) throw badResponse('refused without an error', answer)
  return body
}

/** Network and 5xx have been tried again by the client already. */
const isPassing = (error: unknown) => error instanceof ShopRefused && error.scope === 'temporary'

/** What OK promises and has not said. */
export const unreadable = (message: string) =>
  new ProviderError(message, { code: 'bad_response', kind: 'temporary' })
