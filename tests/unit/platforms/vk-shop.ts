import type { Caller, Habits } from '../../../app/providers/catalogue.ts'
import { vkMarket } from '../../../app/providers/vk/market.ts'
import { apiThat } from '../api.ts'

/** One call as it arrived: its method and what was sent. */
export interface Sent {
  method: string
  form: Record<string, string>
  /** What it takes about as long as. */
  kind?: string
}

/** What VK answers with: the whole body, or what is thrown. */
export type Answering = (sent: Sent, nth: number) => unknown

/** A community's shop at a VK that answers like this; it waits for nothing. `sent` is all it was asked. */
export function shopAt(answering: Answering, habits: Partial<Habits> = {}) {
  const sent: Sent[] = []
  const learnt: string[] = []
  const waits: number[] = []
  const api = apiThat(({ url, form, files, kind }) => {
    const one: Sent = { method: url.replace(/^.*\/method\//, ''), form: { ...form } }
    if (files) one.form = { names: files.map(({ name }) => name).join(',') }
    if (kind !== undefined) one.kind = kind
    sent.push(one)
    const answer = answering(one, sent.length)
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
    return Promise.resolve({ status: 200, headers: {}, text })
  })
  const call: Caller = (use) => use(api)
  const sleep = (ms: number) => Promise.resolve(void waits.push(ms))
  const target = vkMarket('https://api.vk.com/method', 'vk.com', sleep)
  const onSingly = () => Promise.resolve(void learnt.push('singly'))
  const shop = target.shop(call, '100', { singly: false, onSingly, ...habits })
  return { shop, target, call, sent, learnt, waits }
}

export const ok = (response: unknown) => ({ response })
export const refused = (error_code: number, error_msg = 'Refused', more: object = {}) => ({
  error: { error_code, error_msg, request_params: [{ key: 'name', value: 'hush' }], ...more },
})
