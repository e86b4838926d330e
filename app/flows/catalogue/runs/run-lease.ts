import { setTimeout as pause } from 'node:timers/promises'
import type { Context } from '../../../context.ts'
import { ProviderError } from '../../../errors.ts'
import type { Permit } from '../../../http/http-options.ts'
import type { Claim, Run } from '../../../store/sync-run-rows.ts'
import { RunEnd, RunLost } from './run-errors.ts'
import { stopwatch } from './stopwatch.ts'

/** Also how soon a person's wish to stop is seen. */
const HOLD_EVERY_MS = 2_000
const LOOK_EVERY_MS = 200

/** A run held by this worker. */
export interface RunLease {
  /** Between two steps: @throws RunEnd when a person wants it stopped, RunLost when it is not ours any more or we go down */
  check(): void
  /** Asks the database, right before a call to a platform leaves. */
  permit: Permit
  /** Nobody knows how a sending of ours has ended. */
  noteUnknown(): void
  /** Rests until nothing can be under way any more: neither of those who held the run before us, nor of what was noted. */
  quiet(): Promise<void>
  release(): void
}

/** Prolongs the lease of a run until it is released. Nothing here goes by the clock. */
export function keepRunLease(ctx: Context, run: Run, signal: AbortSignal): RunLease {
  const { leaseMs, quietMs, freshMs } = ctx
  let found: 'held' | 'stop' | 'lost' = run.stopAsked ? 'stop' : 'held'
  let sinceHeld = stopwatch()
  let quietFrom = performance.now()
  const timer = setInterval(() => void prolong(), Math.min(HOLD_EVERY_MS, leaseMs / 4))

  async function prolong() {
    const since = stopwatch()
    try {
      found = await ctx.syncRuns.hold(run, leaseMs)
      sinceHeld = since
    } catch (error) {
      ctx.log.warn('run_hold_failed', { run: run.id, error })
    }
  }

  /** Without word of the database for two thirds of it, the lease may be somebody else's soon. */
  function check() {
    if (found === 'lost' || sinceHeld() > (leaseMs * 2) / 3) throw new RunLost('lease')
    if (found === 'stop') throw new RunEnd('stopped', 'stopped')
    if (signal.aborted) throw new RunLost('shutdown')
  }

  return {
    check,
    async permit() {
      const since = stopwatch()
      if (!(await ctx.syncRuns.proves(run))) {
        found = 'lost'
        throw new RunLost('fence')
      }
      return () => {
        if (since() > freshMs) throw stoodStill()
      }
    },
    noteUnknown() {
      quietFrom = performance.now()
    },
    async quiet() {
      for (;;) {
        check()
        const left = quietFrom + quietMs - performance.now()
        if (left <= 0) return
        await pause(Math.min(LOOK_EVERY_MS, left))
      }
    },
    release() {
      clearInterval(timer)
    },
  }
}

/** The process stood still between the database's word and the sending; nothing has left, and the word is asked for anew. */
const stoodStill = () =>
  new ProviderError('stood still before sending', {
    code: 'stood_still',
    kind: 'temporary',
    unsent: true,
  })

/**
 * Writes for a run, all together or not at all; for nobody's run, when somebody only looks.
 * @throws RunLost when it is somebody else's by now, and nothing is written
 */
export async function whileOurs<T>(
  ctx: Context,
  claim: Claim | undefined,
  write: (unit: Context) => Promise<T>,
): Promise<T> {
  if (!claim) return await write(ctx)
  return await ctx.inOne(async (unit) => {
    stillOurs(await unit.syncRuns.fix(claim))
    return await write(unit)
  })
}

/** @throws RunLost: what was to be written was not, because the run is somebody else's by now */
export function stillOurs(written: unknown): void {
  if (written === false || written === undefined) throw new RunLost('fence')
}
