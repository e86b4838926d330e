import type { Context } from '../context.ts'
import { PhotoRefused } from '../errors.ts'
import { toJpeg } from '../pictures.ts'
import type { Photo } from '../store/photos.ts'
import type { Reason } from '../sync/items.ts'

/** A file as its owner sent it. */
export interface SentFile {
  name: string
  /** Absent: larger than we take, so that nobody has kept them. */
  bytes?: Uint8Array
}

/** Either the photo, or why not: codes of {@link PhotoRefused}. */
export type KeptPhoto = { photo: Photo } | { refusal: Reason }

const LONGEST_NAME = 255

/** Keeps a picture an owner has sent, made ready for a shop; the same one twice is one photo. */
export async function keepPhoto(
  { photos }: Pick<Context, 'photos'>,
  userId: number,
  { name, bytes }: SentFile,
): Promise<KeptPhoto> {
  try {
    if (!bytes) throw new PhotoRefused('photo_too_large')
    const picture = await toJpeg(bytes)
    return { photo: await photos.save(userId, { name: readable(name), ...picture }) }
  } catch (error) {
    if (!(error instanceof PhotoRefused)) throw error
    return { refusal: { code: error.code, values: error.values } }
  }
}

/** The name of a file is whatever somebody says it is; signs that databases and pages choke on go. */
function readable(name: string): string {
  const short = name.normalize('NFC').slice(0, LONGEST_NAME)
  return short.replace(/[\p{Cc}\p{Cs}]/gu, '').trim() || 'Фото'
}
