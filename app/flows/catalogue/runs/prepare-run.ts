import type { Context } from '../../../context.ts'
import type { Outlook } from '../../../store/sync-runs.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Plan, Step } from '../../../catalogue/steps.ts'
import { type PlannedRun, planRun } from './plan-run.ts'
import { refreshNames } from './refresh-names.ts'
import { RunEnd } from './run-errors.ts'
import { type RunLease, stillOurs, whileOurs } from './run-lease.ts'
import type { Endpoints } from '../endpoints.ts'
import { undoSteps } from './undo-steps.ts'

/**
 * Finds out what a run has to do and keeps it as its steps; nothing is sent.
 * @throws RunEnd when there is nothing to do, when it is not what a person was shown, or when a person has to agree first
 */
export async function prepareRun(
  ctx: Context,
  { run, link, way, hold }: { run: Run; link: Link; way: Endpoints; hold: RunLease },
): Promise<void> {
  if (run.origin === 'undo') {
    const steps = await undoSteps(ctx, run)
    stillOurs(await ctx.syncResults.begin(run, { ...NOTHING, total: steps.length }, steps))
    return
  }
  if (await ctx.syncSteps.anyUnsettledBefore(run)) await hold.quiet()
  const look = { whole: run.whole, run, byHand: wasShown(run) }
  const findings = await planRun(ctx, link, way, look, async () => {
    stillOurs(await ctx.syncRuns.setStage(run, 'target'))
  })
  if (!findings) throw new RunEnd('nothing')
  if (run.whole) await refreshNames(ctx, { run, link }, way)
  const { plan, forgotten } = findings
  stillOurs(
    await ctx.syncResults.adopt(run, { links: plan.links, unlinked: plan.unlink, forgotten }),
  )
  await whileOurs(ctx, run, ({ syncSteps }) => syncSteps.noteLookedFor(run))
  refuseUnseen(run, plan)
  refuseShrinking(run, plan)

  const steps = await wantedOf(ctx, run, plan)
  stillOurs(await ctx.syncResults.begin(run, outlookOf(findings, steps), steps))
}

/** The figures of what was found. */
export function outlookOf(
  { plan, shown, changes }: PlannedRun,
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

/** A person was told what is missing from the till, and has pressed the button. */
const wasShown = ({ digest }: Run) => digest !== undefined

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
