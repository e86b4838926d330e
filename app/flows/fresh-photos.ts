import { ShopRefused } from '../errors.ts'
import type { Picture } from '../pictures.ts'
import type { Known } from '../store/sync-items.ts'
import type { KeptStep, Settled } from '../store/sync-steps.ts'
import { type Carrying, itemOf } from './carrying.ts'

/** A photo that may be put into the step's card; `id` is missing when the card has this very picture already. */
export interface FreshPhoto {
  id: number | undefined
  hash: string
}

/** Photos by step, and steps that fail for want of one. */
export interface FreshPhotos {
  photos: Map<number, FreshPhoto>
  settled: Settled[]
}

/** Uploads the pictures of some steps, each once a card; a picture a card has already is not sent again. */
export async function freshPhotos(
  carrying: Carrying,
  steps: readonly KeptStep[],
  known: ReadonlyMap<string, Known>,
): Promise<FreshPhotos> {
  const fresh: FreshPhotos = { photos: new Map(), settled: [] }
  const { photosAtOnce } = carrying.shop
  for (let from = 0; from < steps.length; from += photosAtOnce)
    await uploadSome(carrying, steps.slice(from, from + photosAtOnce), known, fresh)
  return fresh
}

async function uploadSome(
  { shop, pictures }: Carrying,
  steps: readonly KeptStep[],
  known: ReadonlyMap<string, Known>,
  { photos, settled }: FreshPhotos,
): Promise<void> {
  const wanted: { id: number; picture: Picture }[] = []
  for (const kept of steps) {
    const product = known.get(kept.step.productId)
    const found = await pictures({ photo: itemOf(kept).photo, image: product?.product.image })
    if ('reason' in found) settled.push({ id: kept.id, state: 'failed', reason: found.reason })
    else if (kept.step.action !== 'create' && product?.linked?.photoHash === found.picture.hash)
      photos.set(kept.id, { id: undefined, hash: found.picture.hash })
    else wanted.push({ id: kept.id, picture: found.picture })
  }
  await uploadAll(shop, wanted, { photos, settled })
}

/** When the platform does not like one of them, each goes alone. */
async function uploadAll(
  shop: Carrying['shop'],
  wanted: readonly { id: number; picture: Picture }[],
  fresh: FreshPhotos,
): Promise<void> {
  if (wanted.length === 0) return
  try {
    const ids = await shop.upload(wanted.map(({ picture }) => picture.jpeg))
    for (const [index, { id, picture }] of wanted.entries())
      fresh.photos.set(id, { id: ids[index], hash: picture.hash })
  } catch (error) {
    if (!(error instanceof ShopRefused) || error.scope !== 'item') throw error
    const [only] = wanted
    if (wanted.length > 1) for (const one of wanted) await uploadAll(shop, [one], fresh)
    else if (only) fresh.settled.push({ id: only.id, state: 'failed', reason: reasonOf(error) })
  }
}

const reasonOf = ({ code, values }: ShopRefused) => ({ code, values })
