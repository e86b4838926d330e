import { createTask } from 'node-cron'
import { CLOCK } from './clock.ts'
import type { Context } from './context.ts'
import { checkDue } from './flows/connections/check-due.ts'
import { sendNoticeLetters } from './flows/notices/send-letters.ts'
import { backUp } from './flows/back-up.ts'
import { showAlive } from './flows/show-alive.ts'
import { sweep } from './flows/sweep.ts'
import { syncDue } from './flows/catalogue/sync-due.ts'
import { deliverWebhooks } from './flows/notices/deliver-webhooks.ts'
import { createTicker } from './ticker.ts'

/** When it runs, and what. `tick` is the second it was scheduled for. */
interface Job {
  at: string
  /** Also once when the process starts: a machine may be off at the hour. */
  atStart?: boolean
  run: (ctx: Context, tick: Date, signal: AbortSignal) => Promise<void>
  /** Also on an instance that serves pages and nothing else. */
  everywhere?: boolean
}

/** What is noticed outside of a health tick waits so long for more of it, and then for the job. */
const TOGETHER_MS = 60_000
/** So soon a clock that was set, or a machine that has slept, is noticed. */
const LOOK_EVERY_MS = 1000

/** A worker alone is told of letters by the outbox: who presses a button elsewhere waits no longer than this. */
const LETTERS_AT = { all: '*/30 * * * * *', worker: '*/5 * * * * *' }

/** Everything that happens by itself. */
const timetable = ({
  healthCheckCron,
  syncCron,
  backupCron,
  role,
}: Context['config']): Record<string, Job> => ({
  'check-health': { at: healthCheckCron, run: checkDue },
  'tell-owners': {
    at: role === 'worker' ? LETTERS_AT.worker : LETTERS_AT.all,
    run: (ctx, _tick, signal) => sendNoticeLetters(ctx, new Date(Date.now() - TOGETHER_MS), signal),
  },
  'send-news': { at: '*/15 * * * * *', run: (ctx, _tick, signal) => deliverWebhooks(ctx, signal) },
  'sync-catalogue': {
    at: syncCron,
    run: (ctx, _tick, signal) => syncDue(ctx, signal),
  },
  ...(backupCron && { 'back-up': { at: backupCron, run: backUp } }),
  sweep: { at: '17 * * * *', atStart: true, run: (ctx) => sweep(ctx, new Date()) },
  'show-alive': { at: '*/10 * * * * *', atStart: true, everywhere: true, run: showAlive },
})

/** What this instance does of it. */
const jobsOf = (config: Context['config']) =>
  Object.entries(timetable(config)).filter(
    ([, { everywhere = false }]) => everywhere || config.role !== 'web',
  )

/** Starts the timetable. A job that fails is logged, and its next tick starts clean; none overlaps itself. */
export function startJobs(ctx: Context): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const running = new Map<string, Promise<void>>()
  const ends = jobsOf(ctx.config).map(([name, job]) => begin(name, job))

  function begin(name: string, { at, atStart = false, run }: Job) {
    const tick = (date: Date) => {
      if (running.has(name)) return
      const measured = measure(ctx, name)
      const work = run(ctx, date, stopping.signal)
        .then(
          () => measured('succeeded'),
          (error: unknown) => {
            measured('failed')
            ctx.log.error('job_failed', { job: name, error })
          },
        )
        .finally(() => running.delete(name))
      running.set(name, work)
    }
    const end = keepTime(ctx, name, at, tick)
    if (atStart) tick(new Date())
    return end
  }

  return {
    /** No new ticks; running ones end at their next step. */
    async stop() {
      stopping.abort()
      for (const end of ends) end()
      await Promise.all([...running.values(), ...ctx.carrying.values()])
    },
  }
}

/** Calls `tick` at each date of a cron expression; gives what ends it. */
function keepTime(ctx: Context, name: string, at: string, tick: (date: Date) => void): () => void {
  const dates = createTask(at, ignore, { timezone: ctx.config.timeZone })
  const ticker = createTicker((count) => dates.getNextRuns(count), CLOCK)
  let timer: NodeJS.Timeout

  function look() {
    const due = ticker.take()
    ctx.ticks.expect(name, ticker.periodMs())
    if (due) tick(due)
    timer = setTimeout(look, Math.ceil(Math.min(ticker.waitMs(), LOOK_EVERY_MS)))
  }

  look()
  return () => {
    clearTimeout(timer)
    void dates.destroy()
  }
}

const ignore = () => undefined

function measure({ metrics, ticks }: Context, task: string) {
  const begun = performance.now()
  ticks.began(task)
  return (outcome: 'succeeded' | 'failed') => {
    ticks.ended(task)
    metrics.jobRuns.inc({ task })
    metrics.jobSeconds.observe({ task }, (performance.now() - begun) / 1000)
    if (outcome === 'failed') metrics.jobFailures.inc({ task })
    else metrics.jobSucceeded.setToCurrentTime({ task })
  }
}
