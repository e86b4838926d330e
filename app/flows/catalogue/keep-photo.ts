import { createHash } from 'node:crypto'
import type { Context } from '../../context.ts'
import { PhotoRefused } from '../../errors.ts'
import { toJpeg } from '../../pictures/index.ts'
import type { Limit } from '../../store/limits.ts'
import type { Photo } from '../../store/photos.ts'
import type { Reason } from '../../catalogue/items.ts'

/** A file as its owner sent it. */
export interface SentPhoto {
  name: string
  /** Absent: it is larger than we take. */
  bytes?: Uint8Array
}

/** Either the photo, or why not: codes of {@link PhotoRefused}. */
export type KeptPhoto = { photo: Photo } | { refusal: Reason }

/** Files unpacked for one person: twice what a large shop brings at once. Of each form one is unpacked at a time. */
export const UNPACKINGS: Limit = { name: 'unpack', most: 600, windowMs: 3600_000 }
const LONGEST_NAME = 255
/** A form that is still open may have sent photos which stand in no settings yet. */
const UNUSED_MS = 24 * 3600_000

type Room = Pick<Context, 'photos' | 'limits' | 'syncLinks' | 'syncGoodPhotos'>
/** Of one file, as forms take it. */
const LARGEST_MB = 10

/**
 * Keeps a picture an owner has sent, made ready for a shop; the same one twice is one photo. What is known by its bytes,
 * or is over a limit, is not unpacked.
 * @throws the signal's reason when nobody waits any more
 */
export async function keepPhoto(
  ctx: Room,
  userId: number,
  file: SentPhoto,
  signal?: AbortSignal,
): Promise<KeptPhoto> {
  signal?.throwIfAborted()
  try {
    return { photo: await keep(ctx, userId, file, signal) }
  } catch (error) {
    if (!(error instanceof PhotoRefused)) throw error
    return { refusal: { code: error.code, values: error.values } }
  }
}

async function keep(
  ctx: Room,
  userId: number,
  { name, bytes }: SentPhoto,
  signal: AbortSignal | undefined,
): Promise<Photo> {
  const { photos, limits } = ctx
  if (!bytes) throw new PhotoRefused('photo_too_large', { n: LARGEST_MB })
  const source = createHash('sha256').update(bytes).digest('hex')
  const known = await photos.findBySource(userId, source)
  if (known) return known

  if (await photos.isFull(userId)) await clearRoom(ctx, userId)
  await photos.checkRoom(userId)
  const { exceeded, resetsInMs } = await limits.hit(UNPACKINGS, String(userId))
  if (exceeded) throw new PhotoRefused('photo_too_often', { n: Math.ceil(resetsInMs / 60_000) })
  const picture = await toJpeg(bytes, { ...(signal && { signal }) })
  return await photos.save(userId, { name: readable(name), source, ...picture })
}

/** What stands in no settings any more gives its room to what is new. */
async function clearRoom(
  { photos, syncLinks, syncGoodPhotos }: Room,
  userId: number,
): Promise<void> {
  const used = (await syncLinks.list(userId)).flatMap(({ settings }) => [
    ...(settings.photoId === undefined ? [] : [settings.photoId]),
    ...Object.values(settings.photos),
  ])
  used.push(...(await syncGoodPhotos.usedBy(userId)))
  await photos.removeOthers(userId, used, new Date(Date.now() - UNUSED_MS))
}

/** The name of a file is whatever somebody says it is; signs that databases and pages choke on go. */
function readable(name: string): string {
  const short = name.normalize('NFC').slice(0, LONGEST_NAME)
  return short.replace(/[\p{Cc}\p{Cs}]/gu, '').trim() || 'Фото'
}
