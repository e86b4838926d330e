import type { Action } from '../catalogue/steps.ts'
import type { Db } from './db.ts'
import {
  actionIn,
  actionsOf,
  type KeptStep,
  type StepFilter,
  stepState,
  toKept,
} from './sync-steps.ts'
import type { StepState } from './vocabulary.ts'

/** How many steps of one sort came to one end. */
export interface Tally {
  action: Action
  state: StepState
  count: number
}

/** How many steps have one reason and one end. */
export interface CountedCause {
  code: string
  state: StepState
  count: number
}

/** Counted by the database, in whatever type its driver has for that. */
type Counted<By extends string> = Record<By, string> & { n: number | string }

/** What pages ask about runs and what became of their steps; nothing is changed here. */
export function createSyncReportStore(db: Db) {
  const steps = (runId: number) => db('sync_steps').where({ run_id: runId })

  return {
    async tally(runId: number): Promise<Tally[]> {
      const rows = await steps(runId)
        .groupBy('action', 'state')
        .select('action', 'state')
        .count<Counted<'action' | 'state'>[]>({ n: '*' })
      return rows.map(({ action, state, n }) => ({
        action: actionIn(action),
        state: stepState(state),
        count: Number(n),
      }))
    },
    /** Most frequent first; reasons of hiding are none of them. */
    async causes(runId: number): Promise<CountedCause[]> {
      const rows = await steps(runId)
        .whereNotNull('code')
        .groupBy('code', 'state')
        .orderBy([{ column: 'n', order: 'desc' }, 'code'])
        .select('code', 'state')
        .count<Counted<'code' | 'state'>[]>({ n: '*' })
      return rows.map(({ code, state, n }) => ({
        code,
        state: stepState(state),
        count: Number(n),
      }))
    },
    async withCause(
      runId: number,
      { code, state }: Pick<CountedCause, 'code' | 'state'>,
      { page, size }: { page: number; size: number },
    ): Promise<KeptStep[]> {
      const rows = await steps(runId)
        .where({ code, state })
        .orderBy('place')
        .limit(size)
        .offset((page - 1) * size)
      return rows.map(toKept)
    },
    /** What was carried out of one part of a run, in its order. */
    async done(
      runId: number,
      part: NonNullable<StepFilter>,
      { page, size }: { page: number; size: number },
    ): Promise<KeptStep[]> {
      const rows = await steps(runId)
        .where({ state: 'done' })
        .whereIn('action', actionsOf(part))
        .orderBy('place')
        .limit(size)
        .offset((page - 1) * size)
      return rows.map(toKept)
    },
    /** The latest failures of a run that is still going. */
    async failures(runId: number, most: number): Promise<KeptStep[]> {
      const rows = await steps(runId)
        .where({ state: 'failed' })
        .orderBy('place', 'desc')
        .limit(most)
      return rows.map(toKept)
    },
    /** What is being sent, or will be next. */
    async current(runId: number): Promise<KeptStep | undefined> {
      const under = await steps(runId).where({ state: 'sending' }).orderBy('place').first()
      const row = under ?? (await steps(runId).where({ state: 'pending' }).orderBy('place').first())
      return row && toKept(row)
    },
    /** Run → products that did not go, but for these reasons; runs without any are missing. */
    async troubles(
      runIds: readonly number[],
      quiet: readonly string[],
    ): Promise<Map<number, number>> {
      const rows = await db('sync_steps')
        .whereIn('run_id', runIds)
        .whereIn('state', ['failed', 'skipped'])
        .where((q) => q.whereNull('code').orWhereNotIn('code', quiet))
        .groupBy('run_id')
        .select('run_id')
        .count<{ run_id: number; n: number | string }[]>({ n: '*' })
      return new Map(rows.map(({ run_id, n }) => [run_id, Number(n)]))
    },
  }
}
