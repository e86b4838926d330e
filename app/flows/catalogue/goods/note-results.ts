import type { Context } from '../../../context.ts'
import { showingAfter } from '../../../catalogue/owner/showings.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import type { KeptStep } from '../../../store/sync-steps.ts'

/** A run is over: its products stand as it has left them. What it did not come to waits as before. */
export async function noteResults(
  ctx: Context,
  { id, linkId }: Pick<Run, 'id' | 'linkId'>,
): Promise<void> {
  for await (const steps of ctx.syncSteps.all(id))
    await ctx.syncGoods.restate(linkId, steps.flatMap(shownAfter))
}

function shownAfter({ step, state, itemId, reason }: KeptStep) {
  if (state !== 'done' && state !== 'failed') return []
  const after = showingAfter(step, { done: state === 'done', itemId, reason })
  return after ? [{ productId: step.productId, ...after }] : []
}
