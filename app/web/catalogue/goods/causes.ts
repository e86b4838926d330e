import type { Context } from '../../../context.ts'
import type { CountedState } from '../../../store/sync-goods.ts'
import { goods } from '../../kit/amounts.ts'
import { platformsOf } from '../pair.ts'
import { type Remedy, remedyFor, remedyOf } from '../remedies.ts'
import { isChosen } from '../step-words.ts'
import { wordsOf } from '../words.ts'
import { addressOf, type Asked } from './filter.ts'
import type { Till } from './tills.ts'

/** Why some products do not go: once, for all of them. */
export interface GoodsCause {
  code: string
  title: string
  count: string
  advice: string
  chosen: boolean
  /** Those products alone. */
  href: string
  current: boolean
  fix?: Remedy
}

/** What is wrong comes before what the owner has chosen; of each the most frequent first. */
export function causesOf(
  ctx: Context,
  { first }: Till,
  states: readonly CountedState[],
  asked: Asked,
  several: boolean,
): GoodsCause[] {
  const shop = platformsOf(ctx, first).target
  return states
    .flatMap(({ state, code, count }) =>
      state === 'out' && code && code !== 'set_aside' ? [{ code, count }] : [],
    )
    .sort((a, b) => Number(isChosen(a.code)) - Number(isChosen(b.code)) || b.count - a.count)
    .map(({ code, count }) => {
      const { title, what } = wordsOf(code, shop)
      const fix = remedyFor(code, first.id)
      return {
        ...{ code, title, count: goods(count), chosen: isChosen(code) },
        advice: remedyOf(code, shop).advice ?? what,
        href: addressOf({ ...asked, state: 'out', code, page: 1 }, several),
        current: asked.code === code,
        ...(fix && { fix }),
      }
    })
}
