import { schedule, type ScheduledTask, type TaskContext } from 'node-cron'
import type { Context } from './context.ts'
import { checkDue } from './flows/check-due.ts'
import { tellOwners } from './flows/notify.ts'
import { sweep } from './flows/sweep.ts'
import { syncDue } from './flows/sync-due.ts'
import { sendNews } from './flows/webhooks.ts'

/** When it runs, and what. `tick` is the second it was scheduled for. */
interface Job {
  at: string
  /** Also once when the process starts: a machine may be off at the hour. */
  atStart?: boolean
  run: (ctx: Context, tick: Date, signal: AbortSignal) => Promise<void>
}

/** What is noticed outside of a health tick waits so long for more of it, and then for the job. */
const TOGETHER_MS = 60_000

/** Everything that happens by itself. */
const timetable = ({ healthCheckCron, syncCron }: Context['config']): Record<string, Job> => ({
  'check-health': { at: healthCheckCron, run: checkDue },
  'tell-owners': {
    at: '*/30 * * * * *',
    run: (ctx, _tick, signal) => tellOwners(ctx, new Date(Date.now() - TOGETHER_MS), signal),
  },
  'send-news': { at: '*/15 * * * * *', run: (ctx, _tick, signal) => sendNews(ctx, signal) },
  'sync-catalogue': {
    at: syncCron,
    run: (ctx, _tick, signal) => syncDue(ctx, signal),
  },
  sweep: { at: '17 * * * *', atStart: true, run: (ctx) => sweep(ctx, new Date()) },
})

/** Starts the timetable. A job that fails is logged, and its next tick starts clean; none overlaps itself. */
export function startJobs(ctx: Context): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const running = new Set<Promise<void>>()
  const tasks = Object.entries(timetable(ctx.config)).map(([name, job]) => begin(name, job))

  function begin(name: string, { at, atStart = false, run }: Job): ScheduledTask {
    const tick = ({ date }: Pick<TaskContext, 'date'>) => {
      const measured = measure(ctx, name)
      const work = run(ctx, date, stopping.signal).then(
        () => measured('succeeded'),
        (error: unknown) => {
          measured('failed')
          ctx.log.error('job_failed', { job: name, error })
        },
      )
      running.add(work)
      return work.finally(() => running.delete(work))
    }
    if (atStart) void tick({ date: new Date() })
    const { timeZone: timezone } = ctx.config
    return schedule(at, tick, { name, timezone, noOverlap: true, logger: quiet(ctx) })
  }

  return {
    /** No new ticks; running ones end at their next step. */
    async stop() {
      stopping.abort()
      for (const task of tasks) await task.destroy()
      await Promise.all([...running, ...ctx.carrying])
    },
  }
}

function measure({ metrics }: Context, task: string) {
  const begun = performance.now()
  return (outcome: 'succeeded' | 'failed') => {
    metrics.jobRuns.inc({ task })
    metrics.jobSeconds.observe({ task }, (performance.now() - begun) / 1000)
    if (outcome === 'failed') metrics.jobFailures.inc({ task })
    else metrics.jobSucceeded.setToCurrentTime({ task })
  }
}

/** node-cron speaks to the console by itself; a late or skipped tick is worth a line of our log, no more. */
function quiet({ log }: Context) {
  const say = (message: string | Error) => {
    log.debug('cron', { message: String(message) })
  }
  return { info: say, warn: say, error: say, debug: say }
}
