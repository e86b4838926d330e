import type { Context } from '../../../context.ts'
import type { RunOutcome } from '../../../observe/metrics.ts'
import { type Run, settledOf } from '../../../store/sync-run-rows.ts'
import type { Halt } from '../../../store/sync-runs.ts'
import type { Link } from '../../../store/sync-links.ts'
import { blamed } from '../../notices/blamed-side.ts'
import { runEvent } from '../../notices/webhook-events.ts'
import { toldCode } from '../../notices/failure-reason.ts'
import { toldStop } from '../../notices/sync-stop.ts'
import { stopWords } from '../../notices/sync-stop-letters.ts'

/** A run that has just ended, or rests. `asks`: it goes on only when a person has done something. */
export interface Ended {
  link: Link
  run: Run
  outcome: RunOutcome
  halt?: Halt
  asks?: boolean
}

/** Tells log, figures, journal and webhook of it, once of each incident, and has a letter written where one is needed. */
export async function announceRun(ctx: Context, given: Ended): Promise<void> {
  const { run, outcome, halt } = given
  const link = (await ctx.syncLinks.get(given.link.id)) ?? given.link // the run may have learnt new names
  const ended = { ...given, link }
  const { created, updated, hidden, removed, failed } = run
  ctx.afterCommit(() => {
    ctx.metrics.syncRuns.inc({ outcome })
    ctx.log.info('run_ended', {
      run: run.id,
      origin: run.origin,
      outcome,
      reason: halt?.code,
      ...{ created, updated, hidden, removed, failed },
    })
  })
  if (outcome === 'done') await tellChanges(ctx, ended)
  if (outcome === 'paused' && halt?.code === 'captcha') await tellCaptcha(ctx, ended, halt)
  if (outcome === 'failed' && halt) await tellFailure(ctx, ended, halt)
}

/** What has changed nothing is no news. */
async function tellChanges(ctx: Context, { link: { userId }, run }: Ended): Promise<void> {
  if (settledOf(run) === 0) return
  const { id, created, updated, hidden, removed, failed } = run
  const details = { run: id, created, updated, hidden, removed, failed }
  await ctx.events.add({ event: 'sync_done', userId, details })
  await ctx.deliveries.queue(userId, runEvent('sync.done', { title: 'Товары перенесены' }))
}

/** Once a run, however often it is asked for. */
async function tellCaptcha(ctx: Context, { link, run }: Ended, halt: Halt): Promise<void> {
  const { userId } = link
  const provider = shopKey(ctx, link)
  const last = await ctx.events.lastAt(userId, provider, 'sync_paused')
  if (last && run.startedAt && last >= run.startedAt) return
  await ctx.events.add({ event: 'sync_paused', userId, provider, details: { run: run.id } })
  await ctx.deliveries.queue(userId, runEvent('sync.paused', wordsOf(ctx, link, halt)))
  await ctx.notices.addStop(userId, provider, halt.code)
}

/** The timetable's next run often fails as the last one did. */
async function tellFailure(ctx: Context, { link, run, asks }: Ended, halt: Halt): Promise<void> {
  const [before] = await ctx.syncRuns.history([link.id], 1, { before: run.id })
  const byItself = run.origin === 'schedule' || run.origin === 'hint'
  if (byItself && before?.state === 'failed' && before.reason === halt.code) return
  const { userId } = link
  const details = { run: run.id, reason: halt.code }
  const provider = blamed(ctx, halt, link)?.key
  await ctx.events.add({ event: 'sync_failed', userId, provider, details })
  await ctx.deliveries.queue(userId, runEvent('sync.failed', wordsOf(ctx, link, halt)))
  if (asks) await ctx.notices.addStop(userId, shopKey(ctx, link), halt.code)
}

const wordsOf = (ctx: Context, link: Link, halt: Halt) => ({
  code: toldCode(halt),
  title: stopWords(toldStop(ctx, link, halt)).title,
})

/** Notices stand with the platform that the goods go to. */
const shopKey = ({ providers }: Context, { target }: Link): string =>
  target ?? providers.target()?.key ?? ''
