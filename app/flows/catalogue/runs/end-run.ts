import type { Context } from '../../../context.ts'
import { ProviderError } from '../../../errors.ts'
import { isOrphan, isUnavailable } from '../../../store/db-errors.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { RunEnding } from '../../../store/sync-results.ts'
import { type Run, settledOf } from '../../../store/sync-run-rows.ts'
import type { Halt } from '../../../store/sync-runs.ts'
import { noteResults } from '../goods/note-results.ts'
import { endpointsOf } from '../endpoints.ts'
import { announceRun } from './announce-run.ts'
import { policyFor } from './failure-policy.ts'
import { RunEnd, RunLost } from './run-errors.ts'

export async function end(ctx: Context, errand: Errand): Promise<void> {
  const { run, link } = errand
  const ended = await ctx.syncRuns.find(run.id)
  if (!ended) return
  const state = isEmptyLook(ended) ? 'dropped' : 'done'
  const carried = ended.origin === 'retry' ? {} : { carried: ended.changes }
  await close(ctx, errand, { state, worked: true, ...carried }, (unit) =>
    state === 'done' ? announceRun(unit, { link, run: ended, outcome: 'done' }) : undefined,
  )
}

/** Nobody asked for it, nothing came of it: the history is for what did. */
const isEmptyLook = (run: Run) =>
  !run.whole &&
  (run.origin === 'schedule' || run.origin === 'hint') &&
  settledOf(run) + run.renamed === 0

/** A run, and the pair it is of. */
export interface Errand {
  run: Run
  link: Link
}

export async function endBadly(ctx: Context, errand: Errand, error: unknown): Promise<void> {
  const { run } = errand
  if (error instanceof RunLost) await ctx.syncRuns.release(run)
  else if (error instanceof RunEnd) await endEarly(ctx, errand, error)
  else if (error instanceof ProviderError) await endByFailure(ctx, errand, error)
  else if (isUnavailable(error)) {
    ctx.log.warn('run_left', { run: run.id, error }) // whoever finds the lease over goes on
  } else if (isOrphan(error)) {
    ctx.log.warn('run_gone', { run: run.id }) // the pair, or its owner, was deleted meanwhile
  } else {
    ctx.log.error('run_broken', { run: run.id, error })
    const now = (await ctx.syncRuns.find(run.id)) ?? run
    const halt = { code: 'our_fault', values: progressOf(now) }
    await close(ctx, errand, { state: 'failed', halt })
  }
}

async function endEarly(ctx: Context, errand: Errand, end: RunEnd): Promise<void> {
  const { run, link } = errand
  const now = (await ctx.syncRuns.find(run.id)) ?? run
  if (end.ending === 'nothing') {
    await close(ctx, errand, { state: 'dropped' })
    return
  }
  const halt: Halt = {
    code: end.code ?? end.ending,
    values: { ...progressOf(now), ...end.values },
    ...(end.platform && { platform: end.platform }),
  }
  const outcome = end.ending === 'stopped' ? 'stopped' : 'failed'
  const asks = end.code === 'catalog_shrunk'
  const trouble = end.code === 'not_ready' ? { trouble: troubleOf(halt) } : {}
  await close(ctx, errand, { state: outcome, halt, ...trouble }, (unit) =>
    announceRun(unit, { link, run: now, outcome, halt, asks }),
  )
}

const troubleOf = ({ code, values = {}, platform }: Halt) => ({
  code,
  values: { ...values },
  ...(platform && { platform }),
})

async function endByFailure(ctx: Context, errand: Errand, failure: ProviderError): Promise<void> {
  const { run, link } = errand
  const now = (await ctx.syncRuns.find(run.id)) ?? run
  const gotOn = settledOf(now) > settledOf(run)
  const patience = gotOn ? { pauses: 0, failingSince: undefined } : run
  const named = await withSide(ctx, link, now, failure)
  const consequence = policyFor(named, patience, link, new Date())
  if ('pause' in consequence && now.stopAsked) {
    await endEarly(ctx, errand, new RunEnd('stopped', 'stopped'))
    return
  }
  if ('pause' in consequence) {
    const { pause, resumeAt } = consequence
    await ctx.inOne(async (unit) => {
      if (gotOn) await unit.syncRuns.noteProgress(run)
      if (await unit.syncRuns.pause(run, pause, resumeAt))
        await announceRun(unit, { link, run: now, outcome: 'paused', halt: pause })
    })
    return
  }
  const halt = { ...consequence.fail, values: { ...progressOf(now), ...consequence.fail.values } }
  const trouble = consequence.trouble && { ...consequence.trouble, values: halt.values }
  const asks = trouble !== undefined
  await close(ctx, errand, { state: 'failed', halt, ...(trouble && { trouble }) }, (unit) =>
    announceRun(unit, { link, run: now, outcome: 'failed', halt, asks }),
  )
}

/** Whose failure it was, where nobody near the call has said: the stage tells which side was asked. */
async function withSide(
  ctx: Context,
  link: Link,
  { stage }: Run,
  failure: ProviderError,
): Promise<ProviderError> {
  const { source, target } = await endpointsOf(ctx, link.userId, link)
  const side = stage === 'source' || link.target === undefined ? source : target
  return side ? failure.of(side.provider.key) : failure
}

const progressOf = (run: Run) => ({ done: settledOf(run), total: run.total })

/** Ends a run with all that follows, together or not at all; the timetable counts from here. Nothing where it is not ours any more. */
async function close(
  ctx: Context,
  { run, link: { id } }: Errand,
  ending: Omit<RunEnding, 'nextRunAt'>,
  tell: (unit: Context) => Promise<void> | undefined = () => undefined,
): Promise<void> {
  await noteResults(ctx, run)
  const link = await ctx.syncLinks.get(id)
  const everyMinutes = link?.settings.everyMinutes ?? 0
  const nextRunAt = everyMinutes === 0 ? undefined : new Date(Date.now() + everyMinutes * 60_000)
  await ctx.inOne(async (unit) => {
    if (await unit.syncResults.end(run, { ...ending, nextRunAt })) await tell(unit)
  })
}
