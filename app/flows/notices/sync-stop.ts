import type { Context } from '../../context.ts'
import type { Link, Trouble } from '../../store/sync-links.ts'
import type { Halt } from '../../store/sync-runs.ts'
import { toldOf } from './blamed-side.ts'
import type { Stop } from './sync-stop-letters.ts'

/** Why a pair's goods do not go right now; undefined when they do, or may. */
export async function stopOf(ctx: Context, link: Link): Promise<Stop | undefined> {
  if (link.trouble) return toldStop(ctx, link, link.trouble)
  const run = (await ctx.syncRuns.active(link.id)) ?? (await ctx.syncRuns.last(link.id))
  if (!run?.reason || (run.state !== 'paused' && run.state !== 'failed')) return undefined
  const { reason: code, reasonValues: values, reasonPlatform: platform, reasonLink: proof } = run
  const halt = { code, values, ...(platform && { platform }), ...(proof && { link: proof }) }
  return toldStop(ctx, link, halt, run.state === 'paused')
}

/** A halt or a trouble with what its words need: the name of the platform whose it is, and what goes on by itself. */
export function toldStop(ctx: Context, link: Link, halt: Halt | Trouble, resumes = false): Stop {
  const { code, values } = halt
  const platform = toldOf(ctx, halt, link)
  return {
    link,
    code,
    resumes,
    scheduled: link.nextRunAt !== undefined && !link.paused,
    ...(values && { values }),
    ...(platform && { platform }),
    ...('passes' in halt && halt.passes && { passes: true }),
    ...('link' in halt && halt.link && { proof: halt.link }),
  }
}
