import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Link } from '../../store/sync-links.ts'
import type { Known } from '../../store/sync-items.ts'
import { isTried } from '../../catalogue/pictures/spare-photos.ts'
import { createPictures } from './load-picture.ts'
import type { Endpoints } from './endpoints.ts'

/** Pictures that are looked at again by one look, and for so long: somebody may be waiting for its page. */
const MOST = 40
const PATIENCE_MS = 5_000
const HOUR_MS = 3600_000

/**
 * Pictures of the till that could not be had when they were wanted may be there by now: where one is, its card counts as
 * one without, so that it is put in. Where there are many, others are tried every hour.
 */
export async function tryAgainPhotos(
  ctx: Context,
  { userId }: Link,
  { source, fromTill, target }: Endpoints,
  known: readonly Known[],
): Promise<Known[]> {
  const tried = known.filter(({ linked, product }) => linked && isTried(linked) && product.image)
  if (tried.length === 0) return [...known]
  const pictures = createPictures(ctx, {
    userId,
    fetch: (image) => source.image(fromTill, image),
    frame: target.capacity.picture,
  })
  const until = performance.now() + PATIENCE_MS
  const there = new Set<string>()
  for (const { product } of someOf(tried, Math.floor(Date.now() / HOUR_MS))) {
    if (performance.now() > until) break
    const { id, image } = product
    const found = await pictures({ photo: `till:${image?.version ?? ''}`, image }).catch(none)
    if ('picture' in found) there.add(id)
  }
  return known.map((one) => (there.has(one.product.id) ? withoutPhoto(one) : one))
}

function someOf(tried: readonly Known[], turn: number): Known[] {
  const from = tried.length > MOST ? (turn * MOST) % tried.length : 0
  return [...tried.slice(from), ...tried.slice(0, from)].slice(0, MOST)
}

/** Whatever it is, the look itself will say it. */
function none(error: unknown): { reason: { code: string } } {
  if (error instanceof ProviderError) return { reason: { code: error.code } }
  throw error
}

function withoutPhoto(known: Known): Known {
  if (!known.linked) return known
  const linked = { ...known.linked }
  delete linked.photo
  delete linked.photoHash
  return { ...known, linked }
}
