import type { Context } from '../context.ts'
import { ProviderError } from '../errors.ts'
import { isOrphan, isUnavailable } from '../store/db.ts'
import type { Link } from '../store/sync-links.ts'
import { type Run, settledOf } from '../store/sync-run-rows.ts'
import type { Halt, Worker } from '../store/sync-runs.ts'
import { announceRun } from './announce-run.ts'
import { type Carrying, countAgain } from './carrying.ts'
import { consequenceOf } from './consequence.ts'
import { shopOf } from './look-around.ts'
import { listForFile } from './list-for-file.ts'
import { unready } from './not-ready.ts'
import { createPictures } from './picture-of.ts'
import { prepareRun } from './prepare-run.ts'
import { RunEnd, RunLost } from './run-end.ts'
import { type Hold, holdRun } from './run-worker.ts'
import { sendAlbums } from './send-albums.ts'
import { sendChanges } from './send-changes.ts'
import { sendNew } from './send-new.ts'
import { settleNew } from './settle-new.ts'
import { endsOf, type Way, wayOf } from './sync-ends.ts'

/** New cards are looked for and sent again so often; then the run rests. */
const ROUNDS = 3

/**
 * Carries a claimed run out, from wherever an earlier worker left it. Whatever goes wrong is kept with the run: it pauses,
 * or ends with its reason. Never throws for what a platform or a person does.
 */
export async function carryOut(
  ctx: Context,
  run: Run,
  worker: Worker,
  signal: AbortSignal,
): Promise<void> {
  const link = await ctx.syncLinks.get(run.linkId)
  if (!link) return
  const hold = holdRun(ctx, run, worker, signal)
  try {
    if (link.communityId === '') await listForFile(ctx, { run, link, worker })
    else await carryToShop(ctx, { run, link, worker }, hold)
    await end(ctx, run, link, worker)
  } catch (error) {
    await endBadly(ctx, { run, link, worker }, error)
  } finally {
    hold.release()
  }
}

async function carryToShop(ctx: Context, { run, link, worker }: Errand, hold: Hold): Promise<void> {
  const way = await wayOf(ctx, link.userId)
  if (!way) throw await unready(ctx, link)
  if (isUnprepared(run)) await prepareRun(ctx, { run, link, way, worker, hold })
  else await countAgain(ctx, run, worker)
  hold.check()
  const shop = shopOf(ctx, link, way)
  await send({ ctx, run, link, hold, shop, ...picturesOf(ctx, link, way) }, worker)
}

/** Until its steps are kept, a run begins from the beginning. */
const isUnprepared = ({ stage }: Run) => stage === 'source' || stage === 'target'

const picturesOf = (ctx: Context, { userId }: Link, { source, fromTill }: Way) => ({
  pictures: createPictures(ctx, { userId, fetch: (image) => source.image(fromTill, image) }),
})

async function send(carrying: Carrying, worker: Worker): Promise<void> {
  const { ctx, run } = carrying
  let again = true
  for (let round = 0; again; round += 1) {
    if (round === ROUNDS) throw unsettled()
    await sendChanges(carrying)
    await sendNew(carrying)
    again = await settleNew(carrying)
  }
  await ctx.syncRuns.setStage(run.id, worker, 'albums')
  await sendAlbums(carrying)
}

const unsettled = () =>
  new ProviderError('new cards do not appear', { code: 'provider_unavailable', kind: 'temporary' })

async function end(ctx: Context, run: Run, link: Link, worker: Worker): Promise<void> {
  const ended = await ctx.syncRuns.find(run.id)
  if (!ended) return
  if (ended.origin !== 'retry') await ctx.syncLinks.noteSettled(link.id, ended.changes)
  await ctx.syncLinks.endPassing(link.id)
  if (isEmptyLook(ended)) await ctx.syncRuns.drop(run.id, worker)
  else if (await ctx.syncRuns.finish(run.id, worker, 'done'))
    await announceRun(ctx, { link, run: ended, outcome: 'done' })
  await planNext(ctx, link)
}

/** Nobody asked for it, nothing came of it: the history is for what did. */
const isEmptyLook = (run: Run) =>
  !run.whole && (run.origin === 'schedule' || run.origin === 'hint') && settledOf(run) === 0

/** A run, the pair it is of, and who carries it out. */
interface Errand {
  run: Run
  link: Link
  worker: Worker
}

async function endBadly(ctx: Context, errand: Errand, error: unknown): Promise<void> {
  const { run, link, worker } = errand
  if (error instanceof RunLost) await ctx.syncRuns.release(run.id, worker)
  else if (error instanceof RunEnd) await endEarly(ctx, errand, error)
  else if (error instanceof ProviderError) await endByFailure(ctx, errand, error)
  else if (isUnavailable(error)) {
    ctx.log.warn('run_left', { run: run.id, error }) // whoever finds the lease over goes on
  } else if (isOrphan(error)) {
    ctx.log.warn('run_gone', { run: run.id }) // the pair, or its owner, was deleted meanwhile
  } else {
    ctx.log.error('run_broken', { run: run.id, error })
    await ctx.syncRuns.finish(run.id, worker, 'failed', {
      code: 'our_fault',
      values: progressOf((await ctx.syncRuns.find(run.id)) ?? run),
    })
    await planNext(ctx, link)
  }
}

async function endEarly(ctx: Context, { run, link, worker }: Errand, end: RunEnd): Promise<void> {
  const now = (await ctx.syncRuns.find(run.id)) ?? run
  if (end.ending === 'nothing') await ctx.syncRuns.drop(run.id, worker)
  else {
    const halt: Halt = {
      code: end.code ?? end.ending,
      values: { ...progressOf(now), ...end.values },
      ...(end.platform && { platform: end.platform }),
    }
    const outcome = end.ending === 'stopped' ? 'stopped' : 'failed'
    const asks = end.code === 'catalog_shrunk'
    if (end.code === 'not_ready') await ctx.syncLinks.setTrouble(link.id, troubleOf(halt))
    if (await ctx.syncRuns.finish(run.id, worker, outcome, halt))
      await announceRun(ctx, { link, run: now, outcome, halt, asks })
  }
  await planNext(ctx, link)
}

const troubleOf = ({ code, values = {}, platform }: Halt) => ({
  code,
  values: { ...values },
  ...(platform && { platform }),
})

async function endByFailure(
  ctx: Context,
  { run, link, worker }: Errand,
  failure: ProviderError,
): Promise<void> {
  const now = (await ctx.syncRuns.find(run.id)) ?? run
  const gotOn = settledOf(now) > settledOf(run)
  const patience = gotOn ? { pauses: 0, failingSince: undefined } : run
  const named = await withSide(ctx, link, now, failure)
  const consequence = consequenceOf(named, patience, link, new Date())
  if ('pause' in consequence && now.stopAsked) {
    await endEarly(ctx, { run, link, worker }, new RunEnd('stopped', 'stopped'))
    return
  }
  if ('pause' in consequence) {
    const { pause, resumeAt } = consequence
    if (gotOn) await ctx.syncRuns.noteProgress(run.id, worker)
    await ctx.syncRuns.pause(run.id, worker, pause, resumeAt)
    await announceRun(ctx, { link, run: now, outcome: 'paused', halt: pause })
    return
  }
  const halt = { ...consequence.fail, values: { ...progressOf(now), ...consequence.fail.values } }
  const asks = consequence.trouble !== undefined
  if (consequence.trouble) {
    const { trouble } = consequence
    await ctx.syncLinks.setTrouble(link.id, { ...trouble, values: halt.values })
  }
  if (await ctx.syncRuns.finish(run.id, worker, 'failed', halt))
    await announceRun(ctx, { link, run: now, outcome: 'failed', halt, asks })
  await planNext(ctx, link)
}

/** Whose failure it was, where nobody near the call has said: the stage tells which side was asked. */
async function withSide(
  ctx: Context,
  { userId, communityId }: Link,
  { stage }: Run,
  failure: ProviderError,
): Promise<ProviderError> {
  const { source, target } = await endsOf(ctx, userId)
  const side = stage === 'source' || communityId === '' ? source : target
  return side ? failure.of(side.provider.key) : failure
}

const progressOf = (run: Run) => ({ done: settledOf(run), total: run.total })

/** The timetable counts from the end of a run. */
async function planNext(ctx: Context, { id }: Link): Promise<void> {
  const link = await ctx.syncLinks.get(id)
  if (!link) return
  const { everyMinutes } = link.settings
  const next = everyMinutes === 0 ? undefined : new Date(Date.now() + everyMinutes * 60_000)
  await ctx.syncLinks.setNextRun(id, next)
}
