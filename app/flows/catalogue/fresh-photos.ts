import { ShopRefused } from '../../errors.ts'
import type { Picture } from '../../pictures/index.ts'
import { sha256 } from '../../catalogue/hashes.ts'
import type { Known } from '../../store/sync-items.ts'
import type { KeptStep, Settled } from '../../store/sync-steps.ts'
import type { Reason } from '../../catalogue/items.ts'
import type { RunExecution } from './runs/step-results.ts'
import { whileOurs } from './runs/run-lease.ts'
import { stepPicture } from './runs/step-picture.ts'

/** A photo that may be put into the step's card; `id` is missing when the card has this very picture already. */
export interface FreshPhoto {
  id: string | undefined
  /** The others of its card, in their order. */
  more?: readonly string[] | undefined
  hash: string
  /** It was uploaded some time ago: a refusal may be for its age. */
  waited?: true
  /** What is kept of it. */
  key: string
  /** Said of the step when it is done: which picture it is, and why. */
  note?: Reason | undefined
}

/** A card that goes on showing what it has; `key` is kept of it, if there is one. */
export interface LeftPhoto {
  reason: Reason
  key?: string | undefined
}

/** Photos by step, cards that keep theirs, and steps that fail for want of one. */
export interface FreshPhotos {
  photos: Map<number, FreshPhoto>
  left: Map<number, LeftPhoto>
  settled: Settled[]
}

/** A picture on its way, and the step it is for. */
interface Wanted {
  kept: KeptStep
  picture: Picture
  more?: readonly Picture[]
  key: string
  note?: Reason | undefined
}

/** Uploads the pictures of some steps, each once a card; one a card has already, or that waits for it, is not sent again. */
export async function freshPhotos(
  carrying: RunExecution,
  steps: readonly KeptStep[],
  known: ReadonlyMap<string, Known>,
): Promise<FreshPhotos> {
  const fresh: FreshPhotos = { photos: new Map(), left: new Map(), settled: [] }
  const { photosAtOnce } = carrying.shop
  for (let from = 0; from < steps.length; from += photosAtOnce)
    await uploadSome(carrying, steps.slice(from, from + photosAtOnce), known, fresh)
  return fresh
}

async function uploadSome(
  carrying: RunExecution,
  steps: readonly KeptStep[],
  known: ReadonlyMap<string, Known>,
  fresh: FreshPhotos,
): Promise<void> {
  const wanted: Wanted[] = []
  const waited: string[] = []
  for (const kept of steps) {
    carrying.hold.check()
    const product = known.get(kept.step.productId)
    const found = await stepPicture(carrying, kept, product)
    if ('left' in found) fresh.left.set(kept.id, { reason: found.left, key: found.key })
    else if ('reason' in found)
      fresh.settled.push({ id: kept.id, state: 'failed', reason: found.reason })
    else if (kept.step.action !== 'create' && product?.linked?.photoHash === hashOf(found))
      fresh.photos.set(kept.id, { id: undefined, ...aside(found), hash: hashOf(found) })
    else if (product?.ahead?.hash === hashOf(found)) {
      fresh.photos.set(kept.id, { ...fromAhead(product.ahead, found), ...aside(found) })
      waited.push(kept.step.productId)
    } else wanted.push({ kept, ...found })
  }
  const { ctx, run, link, shop } = carrying
  if (waited.length > 0)
    await whileOurs(ctx, run, ({ syncItems }) => syncItems.takeAhead(link.id, waited))
  await uploadAll(shop, wanted, fresh)
}

/** Photos of steps that came to nothing for now are used by whoever goes on. */
export async function keepUnused(
  { ctx, run, link }: RunExecution,
  steps: Iterable<KeptStep>,
  { photos }: Pick<FreshPhotos, 'photos'>,
): Promise<void> {
  const ahead = [...steps].flatMap(({ id, step: { productId } }) => {
    const photo = photos.get(id)
    return photo?.id === undefined ? [] : [{ productId, id: idsOf(photo), hash: photo.hash }]
  })
  if (ahead.length > 0)
    await whileOurs(ctx, run, ({ syncItems }) => syncItems.saveAhead(link.id, ahead))
}

/** Of all pictures of a card, in their order. */
const hashOf = ({ picture, more = [] }: Pick<Wanted, 'picture' | 'more'>): string =>
  more.length === 0 ? picture.hash : sha256([picture, ...more].map(({ hash }) => hash).join())

/** Photos of one card wait together. */
const idsOf = ({ id = '', more = [] }: FreshPhoto): string => [id, ...more].join()

function fromAhead({ id, hash }: { id: string; hash: string }, { more }: Pick<Wanted, 'more'>) {
  const [first = id, ...rest] = more ? id.split(',') : [id]
  return { id: first, ...(more && { more: rest }), hash, waited: true as const }
}

const aside = ({ key, note }: Pick<Wanted, 'key' | 'note'>) => ({ key, note })

/** When the platform does not like one of them, each goes alone. */
async function uploadAll(
  shop: RunExecution['shop'],
  wanted: readonly Wanted[],
  fresh: FreshPhotos,
): Promise<void> {
  if (wanted.length === 0) return
  try {
    const all = wanted.flatMap(({ picture, more = [] }) => [picture, ...more])
    const ids = await shop.upload(all.map(({ jpeg }) => jpeg))
    for (const one of wanted) {
      const [id, ...more] = ids.splice(0, 1 + (one.more?.length ?? 0))
      fresh.photos.set(one.kept.id, {
        id,
        ...(one.more && { more }),
        ...aside(one),
        hash: hashOf(one),
      })
    }
  } catch (error) {
    if (!(error instanceof ShopRefused) || error.scope !== 'item') throw error
    const [only] = wanted
    if (wanted.length > 1) for (const one of wanted) await uploadAll(shop, [one], fresh)
    else if (only?.more)
      await uploadAll(shop, [{ ...only, more: only.more.slice(0, -1) }].map(asOne), fresh)
    else if (only) refuse(only, error, fresh)
  }
}

/** Of several pictures the last goes first, until the platform likes the rest. */
function asOne({ more, ...one }: Wanted): Wanted {
  return more && more.length > 0 ? { ...one, more } : one
}

/** A card that is there takes everything else. */
function refuse({ kept }: Wanted, { code, values }: ShopRefused, { left, settled }: FreshPhotos) {
  const reason = { code, values }
  if (kept.step.action === 'create') settled.push({ id: kept.id, state: 'failed', reason })
  else left.set(kept.id, { reason })
}
