import type { Context } from '../context.ts'
import type { Link } from '../store/sync-links.ts'
import type { Stop } from './stop-letters.ts'

/** Why a pair's goods do not go right now; undefined when they do, or may. */
export async function stopOf(ctx: Context, link: Link): Promise<Stop | undefined> {
  if (link.trouble) return { link, ...link.trouble }
  const run = (await ctx.syncRuns.active(link.id)) ?? (await ctx.syncRuns.last(link.id))
  if (!run?.reason || (run.state !== 'paused' && run.state !== 'failed')) return undefined
  return { link, code: run.reason, values: run.reasonValues }
}
