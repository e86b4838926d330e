import type { Known } from '../../../store/sync-items.ts'
import type { KeptStep } from '../../../store/sync-steps.ts'
import type { Item, Reason } from '../../../catalogue/items.ts'
import { pictureKey, triedPhoto } from '../../../catalogue/pictures/spare-photos.ts'
import type { Picture } from '../../../pictures/index.ts'
import { type RunExecution, itemOf } from './step-results.ts'

/** What a step's card is to show. `key` is what is kept of it; `note` says that it is not the wanted picture. */
export type StepPicture =
  | { picture: Picture; more?: readonly Picture[]; key: string; note?: Reason }
  /** The card goes on showing what it has; the rest of the step is carried out. */
  | { left: Reason; key?: string }
  /** There is nothing to make the card with. */
  | { reason: Reason }

/** For the time being: it is tried again by the next run. */
const FOR_NOW = new Set(['photo_unreachable', 'photo_withheld', 'photo_not_now'])

/**
 * The picture of a step: the wanted one, or the owner's where the till's cannot be had. A card that is there does not wait
 * for its picture, and keeps the one it has when the till is only slow.
 */
export async function stepPicture(
  { pictures }: Pick<RunExecution, 'pictures'>,
  kept: KeptStep,
  known: Known | undefined,
): Promise<StepPicture> {
  const item = itemOf(kept)
  const { photo, drawing } = item
  if (photo === undefined) return { reason: { code: 'no_photo' } } // a card that is gone, made anew
  const found = await pictures({ photo, drawing, image: known?.product.image })
  if ('picture' in found) {
    const more = await morePictures(pictures, item)
    return { ...found, ...(more.length > 0 && { more }), key: pictureKey(item) }
  }
  const { reason } = found
  const isNew = kept.step.action === 'create'
  if (!isNew && FOR_NOW.has(reason.code)) return { left: reason }

  const spare = item.spare && (await pictures({ photo: item.spare.photo, drawing }))
  const key = triedPhoto(item)
  if (spare && 'picture' in spare) return { ...spare, key, note: insteadOf(reason, item) }
  return isNew ? { reason } : { left: { ...about(reason), code: 'photo_left' }, key }
}

/** One that cannot be had is left out: the card is not the poorer for the others. */
async function morePictures(
  pictures: RunExecution['pictures'],
  { more = [] }: Item,
): Promise<Picture[]> {
  const there: Picture[] = []
  for (const photo of more) {
    const found = await pictures({ photo })
    if ('picture' in found) there.push(found.picture)
  }
  return there
}

const insteadOf = (reason: Reason, { spare }: Item): Reason => ({
  ...about(reason),
  code: INSTEAD[spare?.of ?? 'all'],
})

const INSTEAD = { group: 'photo_of_group', all: 'photo_of_all', drawn: 'photo_drawn' } as const

/** The reason becomes the cause of another. */
const about = ({ code, values }: Reason) => ({ values: { ...values, cause: code } })
