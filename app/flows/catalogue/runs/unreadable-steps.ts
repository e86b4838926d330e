import { type KeptStep, UNREADABLE } from '../../../store/sync-steps.ts'
import { keepResult, noResult, type RunExecution } from './step-results.ts'

const AT_ONCE = 200

/** Steps nobody can read have failed, and that is told; gives the others. */
export async function readableOf(
  carrying: RunExecution,
  steps: readonly KeptStep[],
): Promise<KeptStep[]> {
  await refuse(
    carrying,
    steps.filter(({ unreadable }) => unreadable),
  )
  return steps.filter(({ unreadable }) => !unreadable)
}

/** Steps whose turn never comes, because nobody knows what kind they are, hold no run up. */
export async function refuseStrange(carrying: RunExecution): Promise<void> {
  const { ctx, run } = carrying
  for (;;) {
    const steps = await ctx.syncSteps.strange(run.id, AT_ONCE)
    if (steps.length === 0) return
    await refuse(carrying, steps)
  }
}

async function refuse(carrying: RunExecution, steps: readonly KeptStep[]): Promise<void> {
  if (steps.length === 0) return
  const settled = steps.map(({ id }) => ({ id, state: 'failed' as const, reason: UNREADABLE }))
  await keepResult(carrying, steps, { ...noResult(), settled })
  carrying.ctx.log.warn('steps_unreadable', { run: carrying.run.id, steps: steps.length })
}
