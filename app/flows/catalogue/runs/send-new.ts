import { ProviderError, ShopRefused } from '../../../errors.ts'
import type { KeptStep } from '../../../store/sync-steps.ts'
import { actionsBy } from '../../../catalogue/steps.ts'
import { afterSending, newLink } from '../../../catalogue/sent-state.ts'
import { type RunExecution, itemOf, keepResult, noResult } from './step-results.ts'
import { type FreshPhoto, freshPhotos, keepUnused } from '../fresh-photos.ts'
import { noteWritten } from './read-back.ts'
import { stillOurs } from './run-lease.ts'
import { createStepQueue, runPool } from './step-queue.ts'
import { readableOf } from './unreadable-steps.ts'

/** Groups of new cards under way at once: while one uploads, others are added, so that no second is idle. */
const ROWS = 4

/**
 * Makes the cards that are not there yet. One whose making ends nobody knows how stays `sending`, for
 * {@link findUnconfirmed}. After a pause the first goes alone, to see whether the platform takes it.
 */
export async function sendNew(carrying: RunExecution): Promise<void> {
  const { ctx, run, shop } = carrying
  const actions = actionsBy('add')
  if (run.pauses > 0) {
    const [first] = await ctx.syncSteps.pending(run.id, actions, 1)
    if (first) await addSome(carrying, await readableOf(carrying, [first]))
  }
  const withNext = createStepQueue(carrying, actions)
  await runPool(ROWS, () => withNext(shop.photosAtOnce, (steps) => addSome(carrying, steps)))
}

/** Photos together, cards one after the other: little is open when something goes wrong. */
async function addSome(carrying: RunExecution, steps: readonly KeptStep[]): Promise<void> {
  if (steps.length === 0) return
  const { ctx, run, link, hold } = carrying
  hold.check()
  const known = await ctx.syncItems.of(
    link.id,
    steps.map(({ step }) => step.productId),
  )
  const { photos, settled } = await freshPhotos(carrying, steps, known)
  await keepResult(carrying, steps, { ...noResult(), settled })

  const left = new Map(steps.flatMap((kept) => withPhoto(kept, photos.get(kept.id))))
  try {
    for (const [kept, photo] of left) {
      hold.check()
      stillOurs(await ctx.syncSteps.take(run, kept.id))
      await addOne(carrying, kept, photo)
      left.delete(kept)
    }
  } finally {
    await keepUnused(carrying, left.keys(), { photos })
  }
}

/** One the platform has taken. */
type NewPhoto = FreshPhoto & { id: string }

const withPhoto = (kept: KeptStep, photo: FreshPhoto | undefined): [KeptStep, NewPhoto][] =>
  photo?.id === undefined ? [] : [[kept, { ...photo, id: photo.id }]]

async function addOne(carrying: RunExecution, kept: KeptStep, photo: NewPhoto): Promise<void> {
  const { productId } = kept.step
  const item = itemOf(kept)
  try {
    const itemId = await carrying.shop.add(item, photo.id, photo.more)
    const link = afterSending(newLink(productId, itemId), item)
    const { hash: photoHash, key, note: reason } = photo
    noteWritten(carrying, kept.step)
    await keepResult(carrying, [kept], {
      ...noResult(),
      settled: [{ id: kept.id, state: 'done', itemId, ...(reason && { reason }) }],
      links: [{ ...link, photo: key, photoHash }],
    })
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    await judgeFailure(carrying, kept, error, photo)
  }
}

/** What is refused was not made; what was never sent neither. Anything else may have been. */
async function judgeFailure(
  carrying: RunExecution,
  kept: KeptStep,
  error: ProviderError,
  photo: NewPhoto,
): Promise<void> {
  const { ctx, run, hold } = carrying
  const aboutOne =
    error instanceof ShopRefused && (error.scope === 'item' || error.scope === 'missing')
  if (aboutOne && photo.waited) {
    stillOurs(await ctx.syncSteps.again(run, [kept.id])) // with a photo of now
    return
  }
  if (aboutOne) {
    const { code, values } = error
    const settled = [{ id: kept.id, state: 'failed' as const, reason: { code, values } }]
    await keepResult(carrying, [kept], { ...noResult(), settled })
    return
  }
  const refused = error instanceof ShopRefused && error.scope !== 'temporary'
  const known = refused || error.unsent || error.kind === 'dead' || error.kind === 'permission'
  if (!known) {
    hold.noteUnknown() // it may be there: findUnconfirmed looks
    return
  }
  stillOurs(await ctx.syncSteps.again(run, [kept.id]))
  throw error
}
