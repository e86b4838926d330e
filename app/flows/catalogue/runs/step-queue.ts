import type { KeptStep } from '../../../store/sync-steps.ts'
import type { Step } from '../../../catalogue/steps.ts'
import type { RunExecution } from './step-results.ts'
import { readableOf } from './unreadable-steps.ts'

/**
 * Does `work` in several rows at once, in each again and again until it says that nothing is left. A failure in one ends
 * the others at their next turn.
 * @throws the first failure, once all rows have ended
 */
export async function runPool(rows: number, work: () => Promise<boolean>): Promise<void> {
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

/**
 * Hands out the steps of a run that wait, in their order and then from the beginning, for some were put back; until none
 * is left. Nobody is handed what another has in hand.
 */
export function createStepQueue(carrying: RunExecution, actions: readonly Step['action'][]) {
  const { ctx, run } = carrying
  const inHand = new Set<number>()
  let after = -1
  let turn: Promise<unknown> = Promise.resolve()

  async function next(most: number): Promise<KeptStep[]> {
    const waiting = (from: number) =>
      ctx.syncSteps.pending(run.id, actions, most, { after: from, inHand: [...inHand] })
    let steps = await waiting(after)
    if (steps.length === 0 && after >= 0) steps = await waiting((after = -1))
    after = steps.at(-1)?.place ?? after
    for (const { id } of steps) inHand.add(id)
    return steps
  }

  function take(most: number): Promise<KeptStep[]> {
    const taken = turn.then(() => next(most))
    turn = taken.catch(() => undefined)
    return taken
  }

  /** Does `work` with the next of them. False: none is left. */
  return async (most: number, work: (steps: KeptStep[]) => Promise<void>): Promise<boolean> => {
    const steps = await take(most)
    if (steps.length === 0) return false
    await work(await readableOf(carrying, steps))
    for (const { id } of steps) inHand.delete(id)
    return true
  }
}
