import { type FailureKind, type RefusalScope, ShopRefused } from '../../errors.ts'
import type { Outcome } from '../catalogue.ts'

/** VK calls things by whole numbers; outside of this folder they are text. Undefined for what VK cannot have given. */
export function numberIn(id: string): number | undefined {
  const number = /^-?[1-9]\d{0,15}$/.test(id) ? Number(id) : NaN
  return Number.isSafeInteger(number) ? number : undefined
}

interface Refusal {
  scope: RefusalScope
  code: string
  kind: FailureKind
}

const refusal = (scope: RefusalScope, code: string): Refusal => ({
  scope,
  code,
  kind: 'configuration',
})
const NO_CARD = refusal('missing', 'item_gone')
const NO_ALBUM = refusal('missing', 'album_gone')
const NO_CATEGORY = refusal('item', 'category_missing')
const NO_PHOTO = refusal('item', 'photo_refused')

/** The number of an id, as a call has it. @throws ShopRefused: VK has nothing of that id */
const reader = (refused: Refusal) => (id: string) => {
  const number = numberIn(id)
  if (number === undefined) throw new ShopRefused('no id of VK', refused)
  return number
}

export const cardNumber = reader(NO_CARD)
export const albumNumber = reader(NO_ALBUM)
export const categoryNumber = reader(NO_CATEGORY)
export const photoNumber = reader(NO_PHOTO)

/** Sends what can be read, together; outcomes in the order of all. `read` may throw ShopRefused, which is that one's outcome. */
export async function sendReadable<T, Call>(
  all: readonly T[],
  read: (one: T) => Call,
  send: (calls: readonly Call[]) => Promise<Outcome[]>,
): Promise<Outcome[]> {
  const found = all.map((one) => attempt(() => read(one)))
  const outcomes = await send(found.flatMap((one) => ('call' in one ? [one.call] : [])))
  let next = 0
  return found.flatMap((one) => ('call' in one ? outcomes.slice(next, (next += 1)) : [one]))
}

function attempt<Call>(read: () => Call): { call: Call } | Extract<Outcome, { done: false }> {
  try {
    return { call: read() }
  } catch (error) {
    if (!(error instanceof ShopRefused)) throw error
    return { done: false, refusal: error }
  }
}
