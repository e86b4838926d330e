import type { Action } from '../../catalogue/steps.ts'
import { ACTIONS } from '../../store/sync-steps.ts'
import { around } from '../kit/amounts.ts'

/** How many steps of each sort are still to be sent. */
export type Ahead = Partial<Record<Action, number>>

/** Requests a card takes: a new one brings a picture, five of which go up by two requests; changes go by 25. */
const REQUESTS: Record<Action, number> = {
  create: 1 + 2 / 5,
  update: 1 / 25,
  restore: 1 / 25,
  hide: 1 / 25,
  delete: 1 / 25,
  skip: 0,
}
/** Reading the till and the community comes first. */
const READING = 4

/** Seconds for what is still to be sent at so many requests a second. */
function secondsFor(ahead: Ahead, perSecond: number): number {
  const requests = ACTIONS.reduce((sum, one) => sum + (ahead[one] ?? 0) * REQUESTS[one], 0)
  return requests / perSecond
}

/** `Займёт около 2 минут.` */
export function takes(ahead: Ahead, perSecond: number): string {
  const seconds = secondsFor(ahead, perSecond) + READING / perSecond
  return seconds < 45 ? 'Займёт меньше минуты.' : `Займёт около ${around(seconds)}.`
}

/** `Осталось около 1 минуты`, by how it has gone so far; `ms` is how long that took. */
export const leftByRate = (far: { done: number; total: number; ms: number }): string =>
  left(((far.total - far.done) * far.ms) / 1000 / far.done)

/** The same before there is a rate, by the platform's limit. */
export const leftByLimit = (ahead: Ahead, perSecond: number): string =>
  left(secondsFor(ahead, perSecond))

const left = (seconds: number) =>
  seconds < 45 ? 'Осталось меньше минуты' : `Осталось около ${around(seconds)}`
