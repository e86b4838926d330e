import { msSince } from '../../clock.ts'
import type { Context } from '../../context.ts'
import type { Link } from '../../store/sync-links.ts'
import { executeRun } from './runs/execute-run.ts'
import { endpointsOf } from './endpoints.ts'
import { deadWorkers, workerOf } from './runs/dead-workers.ts'
import { isTried } from '../../store/vocabulary.ts'

/** Runs one process carries out at a time; each mostly waits for its platform. */
const MOST_RUNS = 20
const LINKS_AT_ONCE = 50
/** A link taken from the timetable comes back after this if its run was never begun. */
const PUT_OFF_MS = 10 * 60_000
/** At the latest so long after the last one, a run by the timetable lists everything. */
const WHOLE_EVERY_MS = 60 * 60_000

/**
 * Begins what is due and carries out what waits, is due to go on, or was left behind by a process that died. Returns when
 * there is nothing more to take; runs go on in `ctx.carrying`.
 */
export async function syncDue(ctx: Context, signal: AbortSignal): Promise<void> {
  await queueDue(ctx)
  const worker = workerOf(ctx)
  const dead = await deadWorkers(ctx)
  while (ctx.carrying.size < MOST_RUNS && !signal.aborted) {
    const run = await ctx.syncRuns.claim(worker, ctx.leaseMs, dead, [...ctx.carrying.keys()])
    if (!run) return
    const task = executeRun(ctx, run, signal).catch((error: unknown) => {
      ctx.log.error('run_failed', { run: run.id, error })
    })
    ctx.carrying.set(run.id, task)
    void task.finally(() => ctx.carrying.delete(run.id))
  }
}

async function queueDue(ctx: Context): Promise<void> {
  for (const link of await ctx.syncLinks.takeDue(LINKS_AT_ONCE, PUT_OFF_MS)) {
    if (!(await isConnected(ctx, link))) continue // its turn comes again and again until it is
    await ctx.syncRuns.queue({
      linkId: link.id,
      linkRevision: link.revision,
      origin: link.hinted ? 'hint' : 'schedule',
      whole: !link.hinted && isTimeForAll(link),
    })
  }
}

/** A run that can only fail is not begun by itself: the connection's own notice has told of it. */
async function isConnected(ctx: Context, link: Link): Promise<boolean> {
  const { source, target } = await endpointsOf(ctx, link.userId, link)
  const wanted = link.target === undefined ? [source] : [source, target]
  return wanted.every((end) => end?.connection !== undefined && isTried(end.connection))
}

const isTimeForAll = ({ listedWholeAt, settings }: Link) =>
  settings.everyMinutes * 60_000 >= WHOLE_EVERY_MS || msSince(listedWholeAt) >= WHOLE_EVERY_MS
