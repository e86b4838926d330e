import type { Context } from '../../../context.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import type { Link } from '../../../store/sync-links.ts'

/** What a person was shown, whether they agree that many cards vanish, and their name. */
export interface RunWish {
  draft?: Run
  confirmed: boolean
  by: string
}

/** Begins a run soon. Undefined when one of this link is under way. */
export async function startRun(
  ctx: Context,
  link: Link,
  { draft, confirmed, by }: RunWish,
): Promise<number | undefined> {
  await ctx.syncLinks.setTrouble(link.id, undefined) // whoever presses the button has seen to it
  return await ctx.syncRuns.queue({
    linkId: link.id,
    linkRevision: link.revision,
    origin: 'manual',
    startedBy: by,
    whole: true,
    confirmed,
    ...(draft?.digest !== undefined && { digest: draft.digest }),
  })
}

/** A run that rests goes on; one that is over has a new one for the products that failed. Undefined: one is under way. */
export async function retryRun(
  ctx: Context,
  link: Link,
  run: Run,
  by: string,
): Promise<number | undefined> {
  if (await ctx.syncRuns.resume(run.id)) return run.id
  return await ctx.syncRuns.queue({
    linkId: link.id,
    linkRevision: link.revision,
    origin: 'retry',
    startedBy: by,
    parentId: run.id,
    whole: true,
  })
}

/**
 * Takes back what a run edited and hid, and stops the timetable, which would only do it again. Undefined: one is under
 * way.
 */
export async function undoRun(
  ctx: Context,
  link: Link,
  run: Run,
  by: string,
): Promise<number | undefined> {
  const id = await ctx.syncRuns.queue({
    linkId: link.id,
    linkRevision: link.revision,
    origin: 'undo',
    startedBy: by,
    parentId: run.id,
    whole: false,
  })
  if (id !== undefined) await ctx.syncLinks.setPaused(link.id, true)
  return id
}
