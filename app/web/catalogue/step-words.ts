import { changeIn, contentIn, type Step } from '../../catalogue/steps.ts'
import type { KeptStep } from '../../store/sync-steps.ts'
import { named } from '../../texts/names.ts'
import type { PlatformName } from '../../texts/name-gaps.ts'
import { price } from '../kit/amounts.ts'
import { changesOf, type Surroundings } from './change-words.ts'
import { CHOSEN, type Remedy, remedyFor, remedyOf } from './remedies.ts'
import type { Looks } from './step-looks.ts'
import { inWords, wordsOf } from './words.ts'

/** A line of a list of products. */
export interface Line extends Looks {
  name: string
  /** Without a picture its place stays empty. */
  photo: boolean
  tag?: { look: 'new' | 'upd' | 'hide' | 'skip' | 'err'; word: string }
  /** The price before, where it changes. */
  was?: string
  price: string
  what: string
  fix?: Remedy
  /** It is over: `was` and `price` tell what it became. */
  past?: boolean
}

const TAGS: Record<KeptStep['step']['action'], NonNullable<Line['tag']>> = {
  create: { look: 'new', word: 'Новый' },
  update: { look: 'upd', word: 'Изменится' },
  restore: { look: 'upd', word: 'Вернём' },
  hide: { look: 'hide', word: 'Скроем' },
  delete: { look: 'hide', word: 'Удалим' },
  skip: { look: 'skip', word: 'Не перенесём' },
}

/** A step before anything is sent. */
export function lineAhead(
  kept: KeptStep,
  linkId: number,
  around: Surroundings,
  shop: PlatformName,
): Line {
  const { step } = kept
  const line = { ...lineBase(kept), tag: TAGS[step.action] }
  if (step.action !== 'skip') return { ...line, what: changesOf(step, around) }
  const { code = 'item_unknown', values = {} } = kept.reason ?? {}
  const { title, why } = wordsOf(code, shop, values)
  const what = remedyOf(code, shop).before ?? `${title}. ${why}`.trim()
  const stays = step.itemId === undefined ? '' : named(' Карточка {inP} останется как есть.', shop)
  const fix = remedyFor(code, linkId)
  return { ...line, what: what + stays, ...(fix && { fix }) }
}

/** A step nobody has kept yet. */
export const lineToCome = (step: Step, around: Surroundings): Line => ({
  ...lineBase({ step, reason: undefined }),
  tag: TAGS[step.action],
  what: changesOf(step, around),
})

/** A step that failed while the run is still going: its cause stands with it. `shop` is asked for nothing but its cards. */
export function lineOfFailure(kept: KeptStep, shop: PlatformName): Line {
  const { code = 'item_unknown', values = {} } = kept.reason ?? {}
  const { title, why } = wordsOf(code, shop, values)
  return {
    ...lineBase(kept),
    tag: { look: 'err', word: 'Ошибка' },
    what: `${title}. ${remedyOf(code, shop).each?.(inWords(values)) ?? why}`.trim(),
  }
}

/** A step below the heading of its cause. */
export function lineOfCause(kept: KeptStep, shop: PlatformName): Line {
  const { code = 'item_unknown', values = {} } = kept.reason ?? {}
  const what = remedyOf(code, shop).each?.(inWords(values)) ?? wordsOf(code, shop, values).why
  return { ...lineBase(kept), what }
}

/** Whether a product that does not go is nothing to worry about. */
export const isChosen = (code: string): boolean => CHOSEN.includes(code)

/** Name and price, before any words. */
export function lineBase({ step, reason }: Pick<KeptStep, 'step' | 'reason'>): Omit<Line, 'what'> {
  const was = step.fields.includes('price') ? changeIn(step).before?.price : undefined
  return {
    name: step.name,
    photo: reason?.code !== 'no_photo',
    price: price(contentIn(step)?.price ?? step.tillPrice),
    ...(was !== undefined && { was: price(was) }),
  }
}
