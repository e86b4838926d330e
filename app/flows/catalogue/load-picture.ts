import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Context } from '../../context.ts'
import { PhotoRefused, ProviderError } from '../../errors.ts'
import type { Drawing } from '../../pictures/drawn/drawing.ts'
import { type Picture, toCard, toJpeg } from '../../pictures/index.ts'
import { type Frame, fits } from '../../pictures/frame.ts'
import type { Image } from '../../catalogue/goods.ts'
import type { Reason } from '../../catalogue/items.ts'
import { isOurs, toldCode } from '../notices/failure-reason.ts'

/** What a card's picture is to be found by. */
export interface PictureQuestion {
  /** `own:<id>`, `till:<version>` or `drawn:<hash>`, as in an item. */
  photo: string
  /** What it is drawn of. */
  drawing?: Drawing | undefined
  /** The product's, for the till's. */
  image?: Image | undefined
}

/** Either the picture, or why there is none: `no_photo`, or what is the matter with the till's. */
export type FoundPicture = { picture: Picture } | { reason: Reason }

interface Sources {
  userId: number
  /** Bytes of the till's picture. A ProviderError `image_…` says what is the matter with it; others go on to the caller. */
  fetch: (image: Image) => Promise<Uint8Array>
  /** What they have to fit. */
  frame: Frame
}

const MOST_KEPT = 8
const MOST_BYTES = 16 * 1024 * 1024

/**
 * Finds pictures of one owner's cards for the length of a run. The last few are remembered: many products share the
 * owner's default, and a step is repeated at times.
 */
export function createPictures(
  { photos }: Pick<Context, 'photos'>,
  { userId, fetch, frame }: Sources,
): (question: PictureQuestion) => Promise<FoundPicture> {
  const kept = createPictureCache()

  async function find({ photo, image, drawing }: PictureQuestion): Promise<Picture | undefined> {
    const [, own] = /^own:(\d{1,9})$/.exec(photo) ?? []
    if (own) return await fitted(await photos.picture(userId, Number(own)))
    if (photo.startsWith('drawn:')) return drawing && (await toCard(drawing, frame))
    if (!photo.startsWith('till:')) return undefined
    return image && (await opened(await fetch(image)))
  }

  /** An owner's photo is kept as it suits most shops. */
  async function fitted(picture: Picture | undefined): Promise<Picture | undefined> {
    if (!picture || fits(picture, frame)) return picture
    return await toJpeg(picture.jpeg, { upscale: true, frame })
  }

  /** The same bytes at another address, or of another product, are unpacked once. */
  async function opened(bytes: Uint8Array): Promise<Picture> {
    const name = createHash('sha256').update(bytes).digest('hex')
    const picture = kept.get(name) ?? (await toJpeg(bytes, { upscale: true, frame }))
    kept.set(name, picture)
    return picture
  }

  return async (question) => {
    const name = JSON.stringify([question.photo, question.image?.url])
    try {
      const picture = kept.get(name) ?? (await find(question))
      if (!picture) return { reason: { code: 'no_photo' } }
      kept.set(name, picture)
      return { picture }
    } catch (error) {
      return { reason: reasonFor(error) }
    }
  }
}

/** @throws what is no fault of the picture's */
function reasonFor(error: unknown): Reason {
  if (error instanceof PhotoRefused) return { code: error.code, values: error.values }
  if (!(error instanceof ProviderError)) throw error
  const about = IMAGES[error.code]
  if (about) return about
  if (error.kind !== 'temporary' || isOurs(error)) throw error
  const isSilent = toldCode(error) === 'provider_unavailable'
  return { code: isSilent ? 'photo_unreachable' : 'photo_withheld' } // the others need not wait for it
}

/** What may be the matter with a till's picture (see `CatalogueSource.image`), as reasons. */
const IMAGES: Partial<Record<string, Reason>> = {
  image_missing: { code: 'photo_missing' },
  image_too_large: { code: 'photo_too_large', values: { n: 5 } },
  image_elsewhere: { code: 'photo_elsewhere' },
}

/** The last few pictures, by name; the one not wanted for longest goes first. */
const createPictureCache = () =>
  new LRUCache<string, Picture>({
    max: MOST_KEPT,
    maxSize: MOST_BYTES,
    sizeCalculation: ({ jpeg }) => Math.max(1, jpeg.length),
  })
