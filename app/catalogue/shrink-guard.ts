import type { Step } from './steps.ts'
import { type Card, isHidden } from './memory.ts'

/** More than 20 % and more than 10: no everyday change, and a person or a second look decides. */
export const tooMany = (part: number, whole: number): boolean => part > 10 && part * 5 > whole

/** Cards on display before and after, when so many would vanish that a person is asked first. */
export function shrinking(
  cards: Iterable<Card>,
  steps: readonly Step[],
): { before: number; after: number } | undefined {
  const displayed = new Set<string>()
  for (const card of cards) if (!isHidden(card)) displayed.add(card.shown.itemId)
  const vanishing = steps.filter(
    (step) => (step.action === 'hide' || step.action === 'delete') && displayed.has(step.itemId),
  ).length
  if (!tooMany(vanishing, displayed.size)) return undefined
  return { before: displayed.size, after: displayed.size - vanishing }
}
