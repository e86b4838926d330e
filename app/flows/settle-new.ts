import type { KeptStep } from '../store/sync-steps.ts'
import { afterSending, newLink } from '../sync/sending.ts'
import { endingOf } from '../sync/sku.ts'
import { type Carrying, itemOf, keepResult, noResult } from './carrying.ts'

/**
 * Looks for the cards of which nobody knows whether they were made: by their sku, once nothing of the request can be under
 * way any more. True: some were not there, and wait to be sent again.
 */
export async function settleNew(carrying: Carrying): Promise<boolean> {
  const { ctx, run, shop, hold } = carrying
  const steps = await ctx.syncSteps.unsettled(run.id)
  if (steps.length === 0) return false
  await quietSince(carrying, newest(steps))
  hold.check()
  const { items } = await shop.read()
  const byEnding = new Map<string, number>()
  for (const { itemId, sku } of items.toReversed()) {
    const ending = endingOf(sku)
    if (ending) byEnding.set(ending, itemId)
  }

  const result = noResult()
  const absent: number[] = []
  for (const kept of steps) {
    const item = itemOf(kept)
    const itemId = byEnding.get(endingOf(item.sku) ?? '')
    if (itemId === undefined) absent.push(kept.id)
    else {
      result.settled.push({ id: kept.id, state: 'done', itemId })
      const linked = newLink(kept.step.productId, itemId)
      result.links.push(afterSending(linked, item, undefined, false))
    }
  }
  await keepResult(carrying, steps, result)
  await ctx.syncSteps.again(absent)
  return absent.length > 0
}

/** Waits until whatever was sent then has arrived or never will. */
export async function quietSince(
  { ctx, hold }: Pick<Carrying, 'ctx' | 'hold'>,
  sentAt: Date | undefined,
): Promise<void> {
  if (sentAt) await hold.rest(sentAt.getTime() + ctx.quietMs - Date.now())
}

const newest = (steps: readonly KeptStep[]) =>
  new Date(Math.max(...steps.map(({ sentAt }) => sentAt?.getTime() ?? 0)))
