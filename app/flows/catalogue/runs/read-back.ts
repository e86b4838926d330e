import { ProviderError } from '../../../errors.ts'
import { COMPARED } from '../../../catalogue/linked.ts'
import { afterReading } from '../../../catalogue/sent-state.ts'
import { changeIn, contentIn, type Step } from '../../../catalogue/steps.ts'
import { type RunExecution, keepResult, noResult } from './step-results.ts'

/** As many as a platform tells of in one answer; each of its requests is a change that waits. */
const AT_ONCE = 2000

/** A card was written just now: how it comes back tells how the platform keeps what we sent. */
export function noteWritten({ written }: Pick<RunExecution, 'written'>, step: Step): void {
  const { only = COMPARED } = changeIn(step)
  const placed = step.fields.includes('album') && contentIn(step)?.album !== undefined
  written.set(step.productId, [...only, ...(placed ? (['album'] as const) : [])])
}

/**
 * Reads what this go has written once more. Only now is it the platform's answer: whatever is read later may be somebody's
 * hand. A reading that fails costs a write at the next run, and nothing else.
 */
export async function readBack(carrying: RunExecution): Promise<void> {
  const { ctx, run, written } = carrying
  const products = [...written.keys()]
  try {
    for (let from = 0; from < products.length; from += AT_ONCE)
      await readSome(carrying, products.slice(from, from + AT_ONCE))
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    ctx.log.info('not_read_back', { run: run.id, code: error.code })
  }
}

async function readSome(carrying: RunExecution, products: readonly string[]): Promise<void> {
  const { ctx, link, shop, hold, written } = carrying
  hold.check()
  const known = [...(await ctx.syncItems.of(link.id, products)).values()]
  const linked = known.flatMap((one) => one.linked ?? [])
  const shown = await shop.find(linked.map(({ itemId }) => itemId))
  const cards = new Map(shown.map((card) => [card.itemId, card]))
  const links = linked.flatMap((one) => {
    const card = cards.get(one.itemId)
    return (card && afterReading(one, card, written.get(one.productId) ?? [])) ?? []
  })
  await keepResult(carrying, [], { ...noResult(), links })
}
