import { createHash } from 'node:crypto'
import { createDecoder } from './decoder.ts'
import { type Ask, DecoderGone } from './decoder-talk.ts'
import { drawnCard } from './drawn/card.ts'
import type { Drawing } from './drawn/drawing.ts'
import { PhotoRefused } from '../errors.ts'
import { type Frame, USUAL } from './frame.ts'
import {
  checkSize,
  type Fitted,
  missing,
  MOST_PIXELS,
  scaled,
  type PictureSeen,
  type Size,
} from './size.ts'

/** A picture fit for a shop: JPEG in sRGB without metadata. The same picture gives the same bytes. */
export interface Picture {
  jpeg: Uint8Array
  width: number
  height: number
  /** SHA-256 of `jpeg`, in hex. */
  hash: string
}

const STRICT = { limitInputPixels: MOST_PIXELS, sequentialRead: true, failOn: 'error' } as const
const SECONDS = 15
const QUALITY = 85

export interface PictureWish {
  /** One with both sides too short is enlarged instead of refused. */
  upscale?: boolean
  /** What it has to fit; a narrower one gets white at its sides. */
  frame?: Frame
  /** Nobody waits for it any more: what has not begun does not begin. */
  signal?: AbortSignal
}

/**
 * Makes a shop's picture of a JPEG, PNG, GIF (its first frame), WebP, AVIF or TIFF, whatever its file is called: turned as
 * the camera says, transparency made white, never cropped. One at a time in the whole process, whoever asks.
 * @throws PhotoRefused photo_unreadable, photo_not_now, photo_too_small with `w` and `h`, photo_too_many_pixels with `mp` and
 * `most`; the signal's reason
 */
export function toJpeg(
  bytes: Uint8Array,
  { upscale = false, frame = USUAL, signal }: PictureWish = {},
): Promise<Picture> {
  const name = JSON.stringify([upscale, frame, hashOf(bytes)])
  return inTurn(async () => {
    signal?.throwIfAborted()
    const known = refusals.get(name)
    if (known) throw known
    return await make(() => makeWith(bytes, { upscale, frame })).catch((error: unknown) => {
      remember(name, error)
      throw error
    })
  })
}

/**
 * A card drawn for a product without a photo: a square, in a process of its own like any picture. The same drawing gives
 * the same bytes.
 * @throws PhotoRefused photo_not_now
 */
export function toCard(drawing: Drawing, { shortest, longest }: Frame = USUAL): Promise<Picture> {
  const side = Math.min(Math.max(CARD_SIDE, shortest), longest)
  const svg = Buffer.from(drawnCard(drawing))
  return inTurn(() =>
    make(() =>
      decoder.use(async (ask) => {
        const paint = { side, quality: CARD_QUALITY, seconds: SECONDS }
        const { about, bytes } = await ask({ paint }, svg)
        return { ...(about as Size), jpeg: bytes, hash: hashOf(bytes) }
      }),
    ),
  )
}

const CARD_SIDE = 1000
/** Plain grounds and sharp letters show what a photo hides. */
const CARD_QUALITY = 92

/** Files that were refused lately: the same bytes are refused again, and need not be unpacked for that. */
const refusals = new Map<string, PhotoRefused>()
const MOST_REFUSALS = 500

function remember(name: string, error: unknown) {
  if (!(error instanceof PhotoRefused) || error.code === 'photo_not_now') return
  if (isLate(error.cause)) return
  refusals.set(name, error)
  const [oldest] = refusals.keys()
  if (refusals.size > MOST_REFUSALS && oldest !== undefined) refusals.delete(oldest)
}

/** The decoder was given no more time: with less to do it may be quicker. */
const isLate = (cause: unknown) => cause instanceof Error && cause.message.includes('timeout')

/** The picture under way, and all that wait for it. */
let last: Promise<unknown> = Promise.resolve()
const ignore = () => undefined

function inTurn(work: () => Promise<Picture>): Promise<Picture> {
  const turn = last.then(work)
  last = turn.then(ignore, ignore)
  return turn
}

async function make(work: () => Promise<Picture>): Promise<Picture> {
  try {
    return await work().catch(async (error: unknown) => {
      if (error instanceof DecoderGone) return await work() // it may have been somebody else's fault
      throw error
    })
  } catch (error) {
    if (error instanceof PhotoRefused) throw error
    const isOurs = error instanceof DecoderGone && !error.broken
    throw new PhotoRefused(isOurs ? 'photo_not_now' : 'photo_unreadable', {}, { cause: error })
  }
}

/** In a process of its own: what a decoder holds of memory is not ours, and goes with it. */
const decoder = createDecoder()

const makeWith = (bytes: Uint8Array, { upscale, frame }: Fitted): Promise<Picture> =>
  decoder.use(async (ask) => {
    const { about } = await ask({}, bytes)
    const metadata = about as PictureSeen
    checkSize(metadata, { upscale, frame })
    return await draw(ask, scaled(metadata.autoOrient, frame), frame)
  })

async function draw(ask: Ask, size: Size, frame: Frame): Promise<Picture> {
  const margin = (side: number, other: number) => missing(side, other, frame)
  const [across, along] = [margin(size.width, size.height), margin(size.height, size.width)]
  const margins = {
    left: Math.floor(across / 2),
    right: Math.ceil(across / 2),
    top: Math.floor(along / 2),
    bottom: Math.ceil(along / 2),
  }
  const wish = { open: STRICT, size, margins, quality: QUALITY, seconds: SECONDS }
  const { about, bytes } = await ask({ draw: wish })
  return { ...(about as Size), jpeg: bytes, hash: hashOf(bytes) }
}

const hashOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
