import { hostname } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../context.ts'
import type { Run } from '../store/sync-run-rows.ts'
import type { Worker } from '../store/sync-runs.ts'
import { RunEnd, RunLost } from './run-end.ts'

/** Longer than a request may take: whoever takes over finds nothing of the old one under way any more. */
export const LEASE_MS = 30_000
/** Also how soon a person's wish to stop is seen. */
const HOLD_EVERY_MS = 2_000
/** Without word of the database for so long, the lease may be somebody else's soon. */
const SURE_MS = 20_000
const LOOK_EVERY_MS = 200

/** This instance, and the process it is on this machine: `host:pid:start`. */
export const workerOf = ({ instance }: Context): Worker => ({
  instance,
  workplace: `${machine()}${process.pid}:${START}`,
})

/** Processes of this machine that hold runs and are not there any more: nobody has to wait for their leases. */
export async function deadWorkers(ctx: Context): Promise<string[]> {
  const holders = await ctx.syncRuns.processes(machine())
  return holders.filter((holder) => {
    const [pid = '', start] = holder.slice(machine().length).split(':')
    return Number(pid) === process.pid ? start !== START : !isAlive(Number(pid))
  })
}

/** Tells this process from an earlier one with its number, as containers have it. */
const START = performance.timeOrigin.toFixed()

const machine = () => `${hostname()}:`

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** A run held by this worker. */
export interface Hold {
  /** Between two steps: @throws RunEnd when a person wants it stopped, RunLost when it is not ours any more or we go down */
  check(): void
  /** Rests, and checks all the while; milliseconds. */
  rest(ms: number): Promise<void>
  release(): void
}

/** Prolongs the lease of a run until it is released. */
export function holdRun(ctx: Context, run: Run, worker: Worker, signal: AbortSignal): Hold {
  let found: 'held' | 'stop' | 'lost' = run.stopAsked ? 'stop' : 'held'
  let heldAt = performance.now()
  const timer = setInterval(() => {
    ctx.syncRuns.hold(run.id, worker, LEASE_MS).then(
      (state) => {
        found = state
        heldAt = performance.now()
      },
      (error: unknown) => {
        ctx.log.warn('run_hold_failed', { run: run.id, error })
      },
    )
  }, HOLD_EVERY_MS)

  function check() {
    if (found === 'lost' || performance.now() - heldAt > SURE_MS) throw new RunLost('lease')
    if (found === 'stop') throw new RunEnd('stopped', 'stopped')
    if (signal.aborted) throw new RunLost('shutdown')
  }

  return {
    check,
    async rest(ms) {
      for (const end = performance.now() + ms; performance.now() < end;) {
        check()
        await pause(Math.min(LOOK_EVERY_MS, end - performance.now()))
      }
    },
    release() {
      clearInterval(timer)
    },
  }
}
