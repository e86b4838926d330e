import type { Context } from '../../../context.ts'
import type { Shop } from '../../../providers/catalogue.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Counts, Run } from '../../../store/sync-run-rows.ts'
import type { KeptStep, Settled } from '../../../store/sync-steps.ts'
import type { Capacity } from '../../../catalogue/capacity.ts'
import type { Item } from '../../../catalogue/items.ts'
import { COMPARED, type Compared, type Linked } from '../../../catalogue/linked.ts'
import { contentIn, type Step } from '../../../catalogue/steps.ts'
import type { createPictures } from '../load-picture.ts'
import { type RunLease, stillOurs } from './run-lease.ts'

/** Everything a step is carried out with. */
export interface RunExecution {
  ctx: Context
  run: Run
  link: Link
  shop: Shop
  /** What the shop can hold. */
  capacity: Capacity
  pictures: ReturnType<typeof createPictures>
  hold: RunLease
  /** Products whose cards this go has written, and which fields of them. */
  written: Map<string, readonly (Compared | 'album')[]>
}

/** What became of some steps: their results, the cards that are known by now, and those that are gone. */
export interface Result {
  settled: Settled[]
  links: Linked[]
  unlinked: string[]
}

export const noResult = (): Result => ({ settled: [], links: [], unlinked: [] })

/** Keeps results and counts them; nothing where nothing came of it. @throws RunLost */
export async function keepResult(
  { ctx, run }: RunExecution,
  steps: readonly KeptStep[],
  result: Result,
): Promise<void> {
  const { settled, links, unlinked } = result
  if (settled.length + links.length + unlinked.length === 0) return
  const actionOf = new Map(steps.map(({ id, step }) => [id, step.action]))
  const countOf = ({ id, state }: Settled) =>
    state === 'failed' ? 'failed' : COUNTED[actionOf.get(id) ?? 'skip']
  const fresh = await ctx.syncResults.keep(run, { ...result, countOf })
  stillOurs(fresh)
  for (const one of fresh ?? []) ctx.metrics.syncCards.inc({ outcome: countOf(one) })
}

/** What stands in the steps counts, whoever has settled them. */
export async function countAgain(ctx: Context, run: Run): Promise<void> {
  const counts = { created: 0, updated: 0, hidden: 0, removed: 0, failed: 0 }
  for (const { action, state, count } of await ctx.syncSteps.tally(run.id)) {
    const name = state === 'failed' ? 'failed' : COUNTED[action]
    if ((state === 'failed' || state === 'done') && name !== 'skipped') counts[name] += count
  }
  stillOurs(await ctx.syncRuns.setCounts(run, counts))
}

const COUNTED: Record<Step['action'], keyof Counts> = {
  create: 'created',
  update: 'updated',
  restore: 'updated',
  hide: 'hidden',
  delete: 'removed',
  skip: 'skipped',
}

/** The content of a card that is made or changed. */
export function itemOf({ step }: KeptStep): Item {
  const item = contentIn(step)
  if (!item) throw new Error(`a step to ${step.action} sends nothing`)
  return item
}

/** What is sent of a card but its picture: its words and numbers, or those `only`, and always whether it is hidden. */
export function contentOf(item: Item, only: readonly Compared[] = COMPARED) {
  const { hidden } = item
  const fields = only.filter((field) => item[field] !== undefined)
  return { ...Object.fromEntries(fields.map((field) => [field, item[field]])), hidden }
}
