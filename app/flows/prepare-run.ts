import type { Context } from '../context.ts'
import type { Outlook, Worker } from '../store/sync-runs.ts'
import type { Run } from '../store/sync-run-rows.ts'
import type { Link } from '../store/sync-links.ts'
import type { Plan, Step } from '../sync/steps.ts'
import { type Findings, lookAround } from './look-around.ts'
import { RunEnd } from './run-end.ts'
import type { Hold } from './run-worker.ts'
import type { Way } from './sync-ends.ts'
import { quietSince } from './settle-new.ts'
import { undoSteps } from './undo-steps.ts'

/**
 * Finds out what a run has to do and keeps it as its steps; nothing is sent.
 * @throws RunEnd when there is nothing to do, when it is not what a person was shown, or when a person has to agree first
 */
export async function prepareRun(
  ctx: Context,
  { run, link, way, worker, hold }: { run: Run; link: Link; way: Way; worker: Worker; hold: Hold },
): Promise<void> {
  if (run.origin === 'undo') {
    const steps = await undoSteps(ctx, run)
    await begin(ctx, run, worker, { ...NOTHING, total: steps.length }, steps)
    return
  }
  await quietSince({ ctx, hold }, await ctx.syncSteps.lastUnsettled(link.id))
  const findings = await lookAround(ctx, link, way, { whole: run.whole, counts: true }, () =>
    ctx.syncRuns.setStage(run.id, worker, 'target'),
  )
  if (!findings) throw new RunEnd('nothing')
  const { plan, forgotten } = findings
  await ctx.syncItems.saveLinks(link.id, plan.links)
  await ctx.syncItems.unlink(link.id, plan.unlink)
  await ctx.syncItems.forget(link.id, forgotten)
  refuseUnseen(run, plan)
  refuseShrinking(run, plan)

  const steps = await wantedOf(ctx, run, plan)
  await begin(ctx, run, worker, outlookOf(findings, steps), steps)
}

/** The figures of what was found. */
export function outlookOf(
  { plan, shown, changes }: Findings,
  steps: readonly Step[] = plan.steps,
): Outlook {
  const skipped = steps.filter(({ action }) => action === 'skip').length
  return {
    changes,
    products: plan.products,
    shownBefore: shown,
    unchanged: plan.unchanged,
    total: steps.length - skipped,
    skipped,
    digest: plan.digest,
  }
}

const NOTHING: Outlook = {
  changes: 0,
  products: 0,
  shownBefore: 0,
  unchanged: 0,
  total: 0,
  skipped: 0,
  digest: '',
}

function refuseUnseen({ digest }: Run, plan: Plan) {
  if (digest !== undefined && digest !== plan.digest) throw new RunEnd('failed', 'snapshot_stale')
}

function refuseShrinking({ confirmed }: Run, { shrinks }: Plan) {
  if (shrinks && !confirmed) throw new RunEnd('failed', 'catalog_shrunk', { ...shrinks })
}

/** A repetition is about what had failed. */
async function wantedOf(ctx: Context, run: Run, plan: Plan): Promise<readonly Step[]> {
  if (run.origin !== 'retry' || run.parentId === undefined) return plan.steps
  const failed = await ctx.syncSteps.failedProducts(run.parentId)
  return plan.steps.filter(({ productId }) => failed.has(productId))
}

async function begin(
  ctx: Context,
  run: Run,
  worker: Worker,
  outlook: Outlook,
  steps: readonly Step[],
): Promise<void> {
  await ctx.syncSteps.replace(run.id, steps)
  await ctx.syncRuns.setOutlook(run.id, worker, outlook)
}
