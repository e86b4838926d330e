import type { Context } from '../../../context.ts'
import type { Showing } from '../../../catalogue/owner/in-window.ts'
import { showingAfter } from '../../../catalogue/owner/showings.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import type { KeptStep } from '../../../store/sync-steps.ts'

/**
 * A run is over: its products stand as it has left them. What it did not come to waits as before; nothing is written where
 * the run is not ours any more. The run's end, which follows, is what a power cut must not take.
 */
export async function noteResults(ctx: Context, run: Run): Promise<void> {
  for await (const steps of ctx.syncSteps.all(run.id)) {
    const showings = steps.flatMap(shownAfter)
    if (showings.length > 0 && !(await restate(ctx, run, showings))) return
  }
}

const restate = (ctx: Context, run: Run, showings: readonly Showing[]): Promise<boolean> =>
  ctx.inOne(async (unit) => {
    if (!(await unit.syncRuns.fix(run))) return false
    await unit.syncGoods.restate(run.linkId, showings)
    return true
  }, 'relaxed')

function shownAfter({ step, state, itemId, reason }: KeptStep) {
  if (state !== 'done' && state !== 'failed') return []
  const after = showingAfter(step, { done: state === 'done', itemId, reason })
  return after ? [{ productId: step.productId, ...after }] : []
}
