import pLimit, { type LimitFunction } from 'p-limit'
import type { Context } from '../../context.ts'
import { Busy, NotFound } from '../../errors.ts'
import type { Run } from '../../store/sync-run-rows.ts'
import type { Link } from '../../store/sync-links.ts'
import type { PlannedRun } from './runs/plan-run.ts'
import { planRun } from './runs/plan-run.ts'
import { outlookOf } from './runs/prepare-run.ts'
import { connectedEndpoints } from './endpoints.ts'

/** Each holds a till and a community in memory. */
const AT_ONCE = 6
const MOST_WAITING = 50
const MOST_OF_A_PERSON = 5
const AGAIN_S = 30

interface UnderWay {
  userId: number
  run: Promise<Run>
}

/** Those under way by link: two tabs ask the platforms once. */
interface Previews {
  turns: LimitFunction
  underWay: Map<number, UnderWay>
}

/** By process; a test has several in one. */
const previews = new WeakMap<Context, Previews>()

/**
 * What a run would do now, kept as a draft for a person to look at; nothing is sent.
 * @throws NotFound when an end is not connected; ProviderError and ShopRefused as the platforms fail; Busy when too many
 * are made at once, or too many for this person
 */
export async function preview(ctx: Context, link: Link): Promise<Run> {
  const { turns, underWay } = previewsOf(ctx)
  const { id, userId } = link
  const shared = underWay.get(id)
  if (shared) return await shared.run
  const own = [...underWay.values()].filter((one) => one.userId === userId).length
  if (own >= MOST_OF_A_PERSON || turns.pendingCount >= MOST_WAITING)
    throw new Busy('previews_full', AGAIN_S)
  const run = turns(() => draft(ctx, link)).finally(() => underWay.delete(id))
  underWay.set(id, { userId, run })
  return await run
}

function previewsOf(ctx: Context): Previews {
  const known: Previews = previews.get(ctx) ?? { turns: pLimit(AT_ONCE), underWay: new Map() }
  previews.set(ctx, known)
  return known
}

async function draft(ctx: Context, link: Link): Promise<Run> {
  const way = await connectedEndpoints(ctx, link)
  if (!way) throw new NotFound('an end is not connected')
  const findings = await planRun(ctx, link, way, { whole: true, byHand: true })
  if (!findings) throw new Error('a whole look finds everything')
  const id = await ctx.syncRuns.draft(
    { linkId: link.id, linkRevision: link.revision, origin: 'manual', whole: true },
    outlookOf(findings),
  )
  if (id === undefined) throw new NotFound('the link is gone')
  await ctx.syncSteps.replace(id, findings.plan.steps)
  await noteShrinking(ctx, id, findings)
  const run = await ctx.syncRuns.find(id)
  if (!run) throw new NotFound('the draft is gone')
  return run
}

async function noteShrinking(ctx: Context, id: number, { plan }: PlannedRun): Promise<void> {
  if (plan.shrinks)
    await ctx.syncRuns.note(id, { code: 'catalog_shrunk', values: { ...plan.shrinks } })
}
