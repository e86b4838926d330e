import { random } from '../vk.ts'
import type { Params } from './params.ts'
import { VkRefusal } from './refusal.ts'
import type { Trouble, VkMarket } from './state.ts'

/** What VK is to say: a code, its usual words unless told, and the fields that come with it. */
export interface Refusal {
  code: number
  msg?: string
  extras?: Record<string, unknown>
}

/** Which calls it hits: after so many, so many times (for ever when left out), of one card only. */
export interface Aim {
  times?: number
  after?: number
  itemId?: number
  /** The work is done before it is refused; so it is with 36 unless told. */
  worked?: boolean
}

/** Faults on command. `url` is known only when the simulator listens. */
export function createTroubles(market: VkMarket, url: () => string) {
  return {
    /** Refuses calls of a method, inside `execute` too. */
    refuse(method: string, { code, msg, extras = {} }: Refusal, aim: Aim = {}): void {
      const { times = Infinity, after = 0, itemId, worked = code === 36 } = aim
      const more = {
        ...(code === 14 && captcha(url())),
        ...(code === 17 && page(url())),
        ...extras,
      }
      const refusal = new VkRefusal(code, msg, more)
      market.troubles.push({ method, refusal, times, after, itemId, worked })
    },
    /** Requests of a method do their work, and the answer never arrives. */
    dropAfter(method: string, times = 1): void {
      market.dropped.set(method, times)
    },
    /** The person passed the captcha: nobody is asked any more. The token lets one through even if asked again. */
    solveCaptcha(): string {
      market.troubles = market.troubles.filter(({ refusal }) => refusal.code !== 14)
      const token = random(8)
      market.successTokens.add(token)
      return token
    },
    /** Ends all refusals. */
    calm(): void {
      market.troubles = []
      market.dropped.clear()
    },
  }
}

const page = (url: string) => ({
  redirect_uri: `${url}/not_robot_captcha?session_token=${random(6)}`,
})

const captcha = (url: string) => ({
  ...page(url),
  captcha_sid: '1',
  captcha_img: `${url}/captcha.png`,
  captcha_ts: Date.now() / 1000,
  captcha_attempt: 1,
})

/** The trouble that hits this call, used up by it. */
export function troubleFor(market: VkMarket, method: string, params: Params): Trouble | undefined {
  const passed = market.successTokens.has(params.success_token ?? '')
  for (const one of market.troubles) {
    if (one.method !== method || one.times < 1) continue
    if (one.itemId !== undefined && String(one.itemId) !== params.item_id) continue
    if (passed && one.refusal.code === 14) continue
    if (one.after > 0) {
      one.after -= 1
      continue
    }
    one.times -= 1
    return one
  }
  return undefined
}

/** The answer of this request is to be lost. */
export function isDropped({ dropped }: VkMarket, method: string): boolean {
  const left = dropped.get(method) ?? 0
  if (left > 0) dropped.set(method, left - 1)
  return left > 0
}
