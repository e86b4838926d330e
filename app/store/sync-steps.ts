import { setImmediate as othersTurn } from 'node:timers/promises'
import { readStep } from '../catalogue/step-schema.ts'
import { type Action, actionsBy, cardIdOf, changeIn, type Step } from '../catalogue/steps.ts'
import type { Reason } from '../catalogue/items.ts'
import { type Db, fromNow, toDateIf } from './db.ts'
import { inPages } from './pages.ts'
import type { Claim } from './sync-run-rows.ts'
import { OPEN } from './sync-runs.ts'
import type { Read, SyncStepRow } from './tables.ts'
import { STEP_STATES, type StepState, wordIn } from './vocabulary.ts'

/** A step of a run, and what became of it. */
export interface KeptStep<S extends Step = Step> {
  id: number
  place: number
  state: StepState
  step: S
  /** What was to be done makes no sense to us, and `step` does nothing. */
  unreadable?: true
  /** The card it was carried out on. */
  itemId: string | undefined
  /** When a new card was first sent. */
  sentAt: Date | undefined
  /** Its album is seen to. */
  placed: boolean
  /** Why it failed or was skipped, or what did not work beside it. */
  reason: Reason | undefined
}

/** What became of a step. */
export interface Settled {
  id: number
  state: Extract<StepState, 'done' | 'failed'>
  itemId?: string
  reason?: Reason
}

/** Which steps of a run a page shows. */
export type StepFilter = Part | undefined
type Part = 'new' | 'update' | 'hide' | 'skip'

/** Rows read or written in one go: awaiting SQLite alone gives nobody else a turn. */
const AT_ONCE = 200

/** Which part of a list a step stands in. */
export const PARTS: Record<Action, Part> = {
  create: 'new',
  update: 'update',
  restore: 'update',
  hide: 'hide',
  delete: 'hide',
  skip: 'skip',
}
/** One of a newer version is none. */
function isAction(text: string): text is Action {
  return Object.hasOwn(PARTS, text)
}
/** One nobody knows does nothing. */
export const actionIn = (text: string): Action => (isAction(text) ? text : 'skip')
/** Every action there is. */
export const ACTIONS: readonly Action[] = Object.keys(PARTS).filter(isAction)
export const actionsOf = (part: Part) => ACTIONS.filter((action) => PARTS[action] === part)

/** What each run has to do, product by product, and what became of it. */
export function createSyncStepStore(db: Db) {
  const table = () => db('sync_steps')
  const ofRun = (runId: number, filter: StepFilter) =>
    table()
      .where({ run_id: runId })
      .where((q) => filter && q.whereIn('action', actionsOf(filter)))
  const unsettledBefore = ({ id, linkId }: { id: number; linkId: number }) =>
    table()
      .whereRaw("state = 'sending'") // as its index says it
      .whereNotNull('sent_at')
      .whereExists(
        db('sync_runs')
          .select(db.raw('1'))
          .where({ link_id: linkId })
          .whereNot({ id })
          .where('sync_runs.id', db.ref('sync_steps.run_id')),
      )
  /** Steps of a run, as long as the claim is the newest; a claim of another waits until this statement is over. */
  const held = ({ id, fence }: Claim) =>
    table()
      .where({ run_id: id })
      .whereExists(
        db('sync_runs').select(db.raw('1')).where({ id, fence, state: 'running' }).forShare(),
      )

  return {
    /** Instead of what the run had, in this order. */
    async replace(runId: number, steps: readonly Step[]): Promise<void> {
      await table().where({ run_id: runId }).delete()
      for (let from = 0; from < steps.length; from += AT_ONCE) {
        const some = steps.slice(from, from + AT_ONCE)
        await table().insert(some.map((step, index) => rowOf(runId, step, from + index)))
        await othersTurn()
      }
    },
    /** Steps that wait for their turn, in order, of these actions; those after a place only, and none that is in hand. */
    async pending(
      runId: number,
      actions: readonly Action[],
      most: number,
      { after = -1, inHand = [] }: { after?: number; inHand?: readonly number[] } = {},
    ): Promise<KeptStep[]> {
      const rows = await table()
        .where({ run_id: runId, state: 'pending' })
        .where('place', '>', after)
        .whereIn('action', actions)
        .whereNotIn('id', inHand)
        .orderBy('place')
        .limit(most)
      return rows.map(toKept)
    },
    /** Steps that wait for their turn and have none: nobody knows such an action. */
    async strange(runId: number, most: number): Promise<KeptStep[]> {
      const rows = await table()
        .where({ run_id: runId, state: 'pending' })
        .whereNotIn('action', [...actionsBy('add'), ...actionsBy('change')])
        .orderBy('place')
        .limit(most)
      return rows.map(toKept)
    },
    /** Some are still to be sent, or nobody knows what became of them. */
    async anyOpen(runId: number): Promise<boolean> {
      const row = await table().where({ run_id: runId }).whereIn('state', OPEN).first('id')
      return row !== undefined
    },
    /** New cards of which nobody knows whether they are there. */
    async unsettled(runId: number): Promise<KeptStep[]> {
      const rows = await table().where({ run_id: runId, state: 'sending' }).orderBy('place')
      return rows.map(toKept)
    },
    /** A run of the link before this one left cards behind whose fate nobody has looked into yet. */
    async anyUnsettledBefore({ id, linkId }: { id: number; linkId: number }): Promise<boolean> {
      return (await unsettledBefore({ id, linkId }).first('id')) !== undefined
    },
    /** All of the community was read, long enough after them: what there is of them is known. */
    async noteLookedFor({ id, linkId }: { id: number; linkId: number }): Promise<void> {
      await unsettledBefore({ id, linkId }).update({ sent_at: null })
    },
    /** Cards that are still to be put into their album, or taken out of one. */
    async unplaced(runId: number, most: number): Promise<KeptStep[]> {
      const rows = await table()
        .where({ run_id: runId, state: 'done', placed: false })
        .orderBy('place')
        .limit(most)
      return rows.map(toKept)
    },
    /** Takes a step to be sent: true for one caller only, and while the claim is the newest. */
    async take(claim: Claim, id: number): Promise<boolean> {
      const taken = await held(claim)
        .where({ id, state: 'pending' })
        .update({ state: 'sending', sent_at: fromNow(db) })
      return taken > 0
    },
    /** It is known that no card came of it: it is tried again. False: they are somebody else's by now. */
    async again(claim: Claim, ids: readonly number[]): Promise<boolean> {
      if (ids.length === 0) return true
      const back = await held(claim)
        .whereIn('id', ids)
        .where({ state: 'sending' })
        .update({ state: 'pending', sent_at: null })
      return back > 0
    },
    /** Each once, whoever says it again; gives those that were open before. */
    async settle(runId: number, settled: readonly Settled[]): Promise<Settled[]> {
      const fresh: Settled[] = []
      for (const one of settled) {
        const { id, state, itemId, reason } = one
        const changed = await table()
          .where({ id, run_id: runId })
          .whereIn('state', OPEN)
          .update({
            state,
            ...(itemId !== undefined && { item_id: itemId }),
            ...reasonColumns(reason),
          })
        if (changed > 0) fresh.push(one)
      }
      return fresh
    },
    async notePlaced(claim: Claim, ids: readonly number[], reason?: Reason): Promise<boolean> {
      if (ids.length === 0) return true
      const placed = await held(claim)
        .whereIn('id', ids)
        .update({ placed: true, ...(reason && reasonColumns(reason)) })
      return placed > 0
    },
    /** The card is gone: the step becomes the making of a new one. */
    async recreate(claim: Claim, id: number, step: Step): Promise<boolean> {
      const changed = await held(claim)
        .where({ id })
        .whereIn('state', OPEN)
        .update({
          action: step.action,
          body: JSON.stringify(step),
          state: 'pending',
          item_id: null,
          placed: isPlaced(step),
        })
      return changed > 0
    },

    async page(
      runId: number,
      { filter, page, size }: { filter?: StepFilter; page: number; size: number },
    ): Promise<KeptStep[]> {
      const rows = await ofRun(runId, filter)
        .orderBy('place')
        .limit(size)
        .offset((page - 1) * size)
      return rows.map(toKept)
    },
    /** How many of each action. */
    async actions(runId: number): Promise<Partial<Record<Action, number>>> {
      const rows = await table()
        .where({ run_id: runId })
        .groupBy('action')
        .select('action')
        .count<{ action: string; n: number | string }[]>({ n: '*' })
      return Object.fromEntries(rows.map(({ action, n }) => [action, Number(n)]))
    },
    /** How many of each action have come to what. */
    async tally(runId: number): Promise<{ action: Action; state: StepState; count: number }[]> {
      const rows = await table()
        .where({ run_id: runId })
        .groupBy('action', 'state')
        .select('action', 'state')
        .count<{ action: string; state: string; n: number | string }[]>({ n: '*' })
      return rows.map(({ action, n, ...row }) => ({
        action: actionIn(action),
        state: stepState(row.state),
        count: Number(n),
      }))
    },
    /** How many of each reason, for what failed, was skipped, or did not work wholly. */
    async reasons(runId: number): Promise<{ code: string; count: number }[]> {
      const rows = await table()
        .where({ run_id: runId })
        .whereNotNull('code')
        .groupBy('code')
        .select('code')
        .count<{ code: string; n: number | string }[]>({ n: '*' })
      return rows.map(({ code, n }) => ({ code, count: Number(n) }))
    },
    async withReason(runId: number, code: string, most: number): Promise<KeptStep[]> {
      const rows = await table().where({ run_id: runId, code }).orderBy('place').limit(most)
      return rows.map(toKept)
    },
    /** Products that did not go. */
    async failedProducts(runId: number): Promise<Set<string>> {
      const rows = await table()
        .where({ run_id: runId })
        .whereIn('state', ['failed', 'sending', 'pending'])
        .select('product_id')
      return new Set(rows.map(({ product_id }) => product_id))
    },
    /** All steps in order, some at a time. */
    async *all(runId: number): AsyncGenerator<KeptStep[]> {
      for await (const rows of inPages<Read<SyncStepRow>, 'place'>(
        () => table().where({ run_id: runId }),
        'place',
      ))
        yield rows.map(toKept)
    },
  }
}

function rowOf(runId: number, step: Step, place: number) {
  return {
    run_id: runId,
    place,
    product_id: step.productId,
    action: step.action,
    body: JSON.stringify(step),
    state: step.action === 'skip' ? ('skipped' as const) : ('pending' as const),
    item_id: cardIdOf(step) ?? null,
    placed: isPlaced(step),
    ...reasonColumns(step.action === 'skip' ? step.reason : undefined),
  }
}

const isPlaced = (step: Step) =>
  !step.fields.includes('album') && changeIn(step).leaveAlbum === undefined

const reasonColumns = (reason: Reason | undefined) => ({
  code: reason?.code ?? null,
  code_values: reason ? JSON.stringify(reason.values ?? {}) : null,
})

/** Of a state we do not know nobody can tell what it came to. */
export const stepState = (text: string): StepState => wordIn(STEP_STATES, text) ?? 'sending'

export function toKept(row: Read<SyncStepRow>): KeptStep {
  const step = stepIn(row)
  return {
    id: row.id,
    place: row.place,
    state: stepState(row.state),
    step: step ?? nothing(row),
    ...(!step && { unreadable: true }),
    itemId: row.item_id ?? undefined,
    sentAt: toDateIf(row.sent_at),
    placed: Boolean(row.placed),
    reason: row.code
      ? { code: row.code, values: JSON.parse(row.code_values ?? '{}') as Record<string, string> }
      : step
        ? undefined
        : UNREADABLE,
  }
}

/** Why a step is not carried out that nobody can read. */
export const UNREADABLE: Reason = { code: 'step_unreadable' }

/** What the row was found by is what it says. */
function stepIn({ body, action, product_id }: Read<SyncStepRow>): Step | undefined {
  const step = readStep(body)
  return step?.action === action && step.productId === product_id ? step : undefined
}

const nothing = ({ product_id }: Read<SyncStepRow>): Step => ({
  action: 'skip',
  productId: product_id,
  name: product_id,
  fields: [],
  reason: UNREADABLE,
})
