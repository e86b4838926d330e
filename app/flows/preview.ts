import type { Context } from '../context.ts'
import { NotFound } from '../errors.ts'
import type { Run } from '../store/sync-run-rows.ts'
import type { Link } from '../store/sync-links.ts'
import type { Findings } from './look-around.ts'
import { lookAround } from './look-around.ts'
import { outlookOf } from './prepare-run.ts'
import { wayOf } from './sync-ends.ts'

/** Previews under way in this process, by link: two tabs ask the platforms once. */
const underWay = new WeakMap<Context, Map<number, Promise<Run>>>()

/**
 * What a run would do now, kept as a draft for a person to look at; nothing is sent.
 * @throws NotFound when an end is not connected; ProviderError and ShopRefused as the platforms fail
 */
export async function preview(ctx: Context, link: Link): Promise<Run> {
  const running = underWay.get(ctx) ?? new Map<number, Promise<Run>>()
  underWay.set(ctx, running)
  const shared = running.get(link.id)
  if (shared) return await shared
  const task = draft(ctx, link).finally(() => running.delete(link.id))
  running.set(link.id, task)
  return await task
}

async function draft(ctx: Context, link: Link): Promise<Run> {
  const way = await wayOf(ctx, link.userId)
  if (!way) throw new NotFound('an end is not connected')
  const findings = await lookAround(ctx, link, way, { whole: true, byHand: true })
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

async function noteShrinking(ctx: Context, id: number, { plan }: Findings): Promise<void> {
  if (plan.shrinks)
    await ctx.syncRuns.note(id, { code: 'catalog_shrunk', values: { ...plan.shrinks } })
}
