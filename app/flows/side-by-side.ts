import type { KeptStep } from '../store/sync-steps.ts'
import type { Step } from '../sync/steps.ts'
import type { Carrying } from './carrying.ts'

/**
 * Does `work` in several rows at once, in each again and again until it says that nothing is left. A failure in one ends
 * the others at their next turn.
 * @throws the first failure, once all rows have ended
 */
export async function sideBySide(rows: number, work: () => Promise<boolean>): Promise<void> {
  let going = true
  async function row() {
    try {
      while (going) if (!(await work())) return
    } catch (error) {
      going = false
      throw error
    }
  }
  const ended = await Promise.allSettled(Array.from({ length: rows }, row))
  for (const end of ended) if (end.status === 'rejected') throw end.reason
}

/** Goes once through the steps of a run that wait, in their order; nobody else is handed the same ones. */
export function createPass({ ctx, run }: Carrying, actions: readonly Step['action'][]) {
  let after = -1
  let turn: Promise<unknown> = Promise.resolve()

  async function next(most: number): Promise<KeptStep[]> {
    const steps = await ctx.syncSteps.pending(run.id, actions, most, after)
    after = steps.at(-1)?.place ?? after
    return steps
  }

  return (most: number): Promise<KeptStep[]> => {
    const taken = turn.then(() => next(most))
    turn = taken.catch(() => undefined)
    return taken
  }
}
