import { cardsOf } from '../../../catalogue/cards.ts'
import type { Linked } from '../../../catalogue/linked.ts'
import { contentIn } from '../../../catalogue/steps.ts'
import { afterSending, newLink } from '../../../catalogue/sent-state.ts'
import { type RunExecution, keepResult, noResult } from './step-results.ts'
import { stillOurs } from './run-lease.ts'

/**
 * Looks for the cards of which nobody knows whether they were made: by their sku, once nothing of the request can be under
 * way any more. True: some were not there, and wait to be sent again.
 */
export async function findUnconfirmed(carrying: RunExecution): Promise<boolean> {
  const { ctx, run, shop, hold } = carrying
  const steps = await ctx.syncSteps.unsettled(run.id)
  if (steps.length === 0) return false
  await hold.quiet()
  const { items } = await shop.read()
  const wanted = steps.map(({ step }) => step.productId)
  const cards = cardsOf(wanted, await linkedOf(carrying), items)

  const result = noResult()
  const absent: number[] = []
  for (const kept of steps) {
    const item = contentIn(kept.step)
    const itemId = cards.of.get(kept.step.productId)?.linked.itemId
    if (itemId === undefined) absent.push(kept.id)
    else {
      result.settled.push({ id: kept.id, state: 'done', itemId })
      const linked = newLink(kept.step.productId, itemId)
      result.links.push(item ? afterSending(linked, item) : linked) // of one nobody can read it is ours, no more
    }
  }
  await keepResult(carrying, steps, result)
  stillOurs(await ctx.syncSteps.again(run, absent))
  return absent.length > 0
}

/** A card of one product is none of another's, although their ids begin alike. */
async function linkedOf({ ctx, link }: RunExecution): Promise<Linked[]> {
  const all: Linked[] = []
  for await (const page of ctx.syncItems.knownPages(link.id))
    all.push(...page.flatMap(({ linked }) => linked ?? []))
  return all
}
