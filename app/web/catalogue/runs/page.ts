import type { Context } from '../../../context.ts'
import { communityAddress } from '../../../flows/catalogue/card-address.ts'
import type { Link } from '../../../store/sync-links.ts'
import { isActive, type Run, settledOf } from '../../../store/sync-run-rows.ts'
import { number } from '../../kit/amounts.ts'
import { drawnOffer } from '../drawn.ts'
import { deedsOf } from './deeds.ts'
import { groupsOf, sortCauses, sumOf } from './groups.ts'
import { progressOf } from './progress.ts'
import { receiptOf } from './receipt.ts'
import { lineOfFailure } from '../step-words.ts'
import { pairOf, platformsOf } from '../pair.ts'
import { troubleOf } from '../trouble.ts'
import { HEADINGS, headOf, type Locals, outcomeOf, timesOf } from './outcome.ts'

/** Failures that are listed while a run is going; the others are counted. */
const FAILURES_SHOWN = 20
const REFRESH_S = 10

/** A run that is not over: queued, going or resting. */
export async function goingPage(ctx: Context, link: Link, run: Run, locals: Locals) {
  const progress = await progressOf(ctx, link, run)
  const failures = await ctx.syncReport.failures(run.id, FAILURES_SHOWN)
  const shop = platformsOf(ctx, link).target
  const rests = run.state === 'paused'
  const figures = run.total > 0 ? `: ${number(progress.done)} из ${number(run.total)}` : ''
  return {
    title: `${rests ? 'Синхронизация на паузе' : 'Идёт синхронизация'}${figures}`,
    heading: HEADINGS[run.state],
    pair: pairOf(ctx, link),
    run,
    progress,
    failures: failures.map((step) => lineOfFailure(step, shop)),
    moreFailures: run.failed - failures.length,
    trouble: rests ? troubleIn(ctx, link, run, locals) : undefined,
    refreshEvery: REFRESH_S,
  }
}

/** A run that is over, with everything that did not go. */
export async function donePage(ctx: Context, link: Link, run: Run, locals: Locals) {
  const [causes, tally] = await Promise.all([
    ctx.syncReport.causes(run.id),
    ctx.syncReport.tally(run.id),
  ])
  const sorted = sortCauses(causes)
  const troubles = sumOf(sorted.failed)
  const shop = platformsOf(ctx, link).target
  const groups = (of: typeof causes) => groupsOf(ctx, link, run, of)
  return {
    ...headOf(run, troubles, locals),
    pair: pairOf(ctx, link),
    run,
    link,
    target: shop,
    draw: await drawnOffer(ctx, link, run.id, causes),
    ...outcomeOf(run, troubles, tally.length === 0, shop),
    deeds: await deedsOf(ctx, link, run, tally),
    shopUrl: communityAddress(ctx, link),
    groups: await groups(sorted.failed),
    chosen: await groups(sorted.chosen),
    partly: await groups(sorted.partly),
    receipt: receiptOf(run, tally, sumOf(sorted.chosen), shop),
    ...timesOf(run, locals),
    trouble: troubleIn(ctx, link, run, locals),
    empty: tally.length === 0,
    retry: run.failed > 0 && !(await ctx.syncRuns.active(link.id)),
    undo: await canUndo(ctx, link, run),
  }
}

function troubleIn(ctx: Context, link: Link, run: Run, locals: Locals) {
  const { reason: code, reasonPlatform: platform, reasonLink: proof, resumeAt: resumesAt } = run
  if (!code) return undefined
  const values = { done: number(settledOf(run)), total: number(run.total), ...run.reasonValues }
  return troubleOf(ctx, link, { code, values, platform, link: proof, resumesAt }, locals)
}

/** Only the newest run, and only what can be taken back: changes and hidings. */
export async function canUndo(ctx: Context, link: Link, run: Run): Promise<boolean> {
  if (isActive(run) || run.origin === 'undo' || run.updated + run.hidden === 0) return false
  const [last, active] = await Promise.all([
    ctx.syncRuns.last(link.id),
    ctx.syncRuns.active(link.id),
  ])
  return last?.id === run.id && !active
}
