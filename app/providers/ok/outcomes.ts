import { ProviderError } from '../../errors.ts'
import type { Outcome } from '../catalogue.ts'
import { asRefusal } from './errors.ts'

export const DONE: Outcome = { done: true, same: false }
export const SAME: Outcome = { done: true, same: true }

/** Does things one after the other; after a pause or a stop nothing more is asked. */
export async function oneByOne<T>(
  all: readonly T[],
  act: (one: T) => Promise<Outcome>,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  let stop: Outcome | undefined
  for (const one of all) {
    const outcome = stop ?? (await attempt(() => act(one)))
    outcomes.push(outcome)
    if (isHalting(outcome)) stop = outcome
  }
  return outcomes
}

async function attempt(act: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { done: false, refusal: asRefusal(error) }
  }
}

/** It is not about one card: asking for others would end the same. */
const isHalting = (outcome: Outcome) =>
  !outcome.done && outcome.refusal.scope !== 'item' && outcome.refusal.scope !== 'missing'
