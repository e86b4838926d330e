import type { Change, Outcome } from '../../../providers/catalogue.ts'
import type { ShopRefused } from '../../../errors.ts'
import type { KeptStep } from '../../../store/sync-steps.ts'
import type { Item } from '../../../catalogue/items.ts'
import type { Linked } from '../../../catalogue/linked.ts'
import {
  actionsBy,
  type ChangeStep,
  type CreateStep,
  type DeleteStep,
  isChange,
} from '../../../catalogue/steps.ts'
import { hasMore } from '../../../catalogue/pictures/spare-photos.ts'
import { afterSending, newLink } from '../../../catalogue/sent-state.ts'
import { type RunExecution, contentOf, keepResult, noResult, type Result } from './step-results.ts'
import { type FreshPhotos, freshPhotos, keepUnused } from '../fresh-photos.ts'
import { noteWritten } from './read-back.ts'
import { stillOurs } from './run-lease.ts'
import { createStepQueue, runPool } from './step-queue.ts'

/** A card that is refused for the time being so often is given up until the next run. */
const TRIES = 3

/** Requests under way at once: while one is answered, the next is on its way. */
const ROWS = 3

/** Changes cards that are there, as many in a request as the platform takes. */
export async function sendChanges(carrying: RunExecution): Promise<void> {
  const { shop, hold } = carrying
  const tries = new Map<number, number>()
  const withNext = createStepQueue(carrying, actionsBy('change'))
  await runPool(ROWS, () =>
    withNext(shop.atOnce, async (steps) => {
      hold.check()
      await changeSome(carrying, steps, tries)
    }),
  )
}

async function changeSome(
  carrying: RunExecution,
  all: readonly KeptStep[],
  tries: Map<number, number>,
): Promise<void> {
  const { ctx, link, shop } = carrying
  const known = await ctx.syncItems.of(
    link.id,
    all.map(({ step }) => step.productId),
  )
  const pictured = all.filter(({ step }) => step.fields.includes('photo'))
  const fresh = await freshPhotos(carrying, pictured, known)
  const { settled } = fresh
  const failed = new Set(settled.map(({ id }) => id))
  const steps = all.filter(isOnCard).filter(({ id }) => !failed.has(id))
  const outcomes =
    steps.length > 0
      ? await shop.change(
          steps.map((kept) => changeOf(kept, fresh, known.get(kept.step.productId)?.linked)),
        )
      : []

  const there = await stillThere(carrying, steps, outcomes)
  const result: Result = { ...noResult(), settled }
  const refusals: ShopRefused[] = []
  const waiting: KeptStep[] = []
  for (const [index, kept] of steps.entries()) {
    const outcome = outcomes[index]
    if (!outcome) throw new Error('an outcome for each change')
    const linked = known.get(kept.step.productId)?.linked
    if (outcome.done) succeed(carrying, result, { kept, linked, fresh })
    else if (outcome.refusal.scope === 'missing') {
      if (there.has(kept.step.itemId)) again(result, kept, outcome.refusal, tries)
      else await miss(carrying, result, kept)
    } else if (outcome.refusal.scope === 'item') {
      const isAged = fresh.photos.get(kept.id)?.waited // the next pass sends a photo of now
      if (!isAged) fail(result, kept, outcome.refusal)
    } else {
      waiting.push(kept)
      if (isAboutThisCard(outcome.refusal)) again(result, kept, outcome.refusal, tries)
      else refusals.push(outcome.refusal)
    }
  }
  await keepResult(carrying, all, result)
  await keepUnused(carrying, waiting, fresh)
  if (refusals[0]) throw refusals[0]
}

/** Cards that are called missing and can be read all the same: made anew they would be there twice. */
async function stillThere(
  { shop }: RunExecution,
  steps: readonly StepOnCard[],
  outcomes: readonly Outcome[],
): Promise<Set<string>> {
  const missing = steps.filter((_, at) => {
    const outcome = outcomes[at]
    return outcome && !outcome.done && outcome.refusal.scope === 'missing'
  })
  if (missing.length === 0) return new Set()
  const found = await shop.find(missing.map(({ step }) => step.itemId))
  return new Set(found.map(({ itemId }) => itemId))
}

/** Answered, so that another may fare better: a platform that is down makes the run rest. */
const isAboutThisCard = ({ scope, outage, unsent }: ShopRefused) =>
  scope === 'temporary' && !outage && !unsent

/** A step about a card that is there. */
type StepOnCard = KeptStep<ChangeStep | DeleteStep>

const isOnCard = (kept: KeptStep): kept is StepOnCard =>
  isChange(kept.step) || kept.step.action === 'delete'

function changeOf(
  { id, step }: StepOnCard,
  { photos }: FreshPhotos,
  linked: Linked | undefined,
): Change {
  const { itemId } = step
  if (step.action === 'delete') return { itemId, remove: true }
  const { id: photoId, more = linked && hasMore(linked) ? [] : undefined } = photos.get(id) ?? {}
  const content = contentOf(step.item, step.only)
  if (photoId === undefined) return { itemId, set: content }
  return { itemId, set: { ...content, photoId, ...(more && { morePhotoIds: more }) } }
}

function succeed(
  carrying: RunExecution,
  result: Result,
  { kept, linked, fresh }: { kept: StepOnCard; linked: Linked | undefined; fresh: FreshPhotos },
) {
  const { id, step } = kept
  const { itemId } = step
  const reason = fresh.left.get(id)?.reason ?? fresh.photos.get(id)?.note
  result.settled.push({ id, state: 'done', itemId, ...(reason && { reason }) })
  if (step.action === 'delete') result.unlinked.push(step.productId)
  else {
    noteWritten(carrying, step)
    const before = linked ?? newLink(step.productId, itemId)
    result.links.push(nowKnown(kept.id, step, before, fresh))
  }
}

/** A changed card: with its new picture, or with the one it was left with. */
function nowKnown(
  id: number,
  { item, only }: ChangeStep,
  before: Linked,
  { photos, left }: FreshPhotos,
): Linked {
  const kept = left.get(id)
  const sent = afterSending(before, kept ? withoutPhoto(item) : item, only)
  const photo = photos.get(id)
  if (photo) return { ...sent, photo: photo.key, photoHash: photo.hash }
  return kept?.key === undefined ? sent : { ...sent, photo: kept.key }
}

function withoutPhoto(item: Item): Item {
  const rest = { ...item }
  delete rest.photo
  return rest
}

/** Somebody has deleted the card: taking leave of it or undoing is done, everything else makes it anew. */
async function miss({ ctx, run }: RunExecution, result: Result, kept: StepOnCard): Promise<void> {
  const { id, step } = kept
  result.unlinked.push(step.productId)
  if (step.action === 'delete' || step.action === 'hide' || step.only || run.origin === 'undo') {
    result.settled.push({ id, state: 'done' })
    return
  }
  const { productId, name, item } = step
  const anew: CreateStep = {
    action: 'create',
    productId,
    name,
    fields: item.album ? ['album'] : [],
    item,
    reason: { code: 'item_gone' },
  }
  stillOurs(await ctx.syncSteps.recreate(run, id, anew))
}

function fail(result: Result, { id, itemId }: KeptStep, { code, values }: ShopRefused) {
  result.settled.push({
    id,
    state: 'failed',
    ...(itemId !== undefined && { itemId }),
    reason: { code, values },
  })
}

function again(result: Result, kept: KeptStep, refusal: ShopRefused, tries: Map<number, number>) {
  const count = (tries.get(kept.id) ?? 0) + 1
  tries.set(kept.id, count)
  if (count >= TRIES) fail(result, kept, refusal)
}
