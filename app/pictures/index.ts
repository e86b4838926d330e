import { createHash } from 'node:crypto'
import type { Metadata } from 'sharp'
import { type Ask, createDecoder, DecoderGone } from './decoder.ts'
import { PhotoRefused } from '../errors.ts'
import { type Frame, USUAL } from './frame.ts'

/** A picture fit for a shop: JPEG in sRGB without metadata. The same picture gives the same bytes. */
export interface Picture {
  jpeg: Uint8Array
  width: number
  height: number
  /** SHA-256 of `jpeg`, in hex. */
  hash: string
}

/** A small file may claim to be a huge picture; a telephone's is 50 megapixels at the most. */
const MOST_PIXELS = 50_000_000
/** Memory for one picture that has to be unpacked whole, in bytes. */
const MOST_BYTES = 100_000_000
const STRICT = { limitInputPixels: MOST_PIXELS, sequentialRead: true, failOn: 'error' } as const
const SECONDS = 15
const QUALITY = 85

/**
 * Bytes a pixel takes in formats that come layer by layer, or that the decoder unpacks whole, as measured. The others are
 * read from the top to the bottom, a strip at a time.
 */
const WHOLE: Partial<Record<string, number>> = { webp: 7, gif: 9, heif: 20, tiff: 6 }
const INTERLACED_PNG = { uchar: 7, ushort: 13 }
const PROGRESSIVE_JPEG = { '4:2:0': 6.5, '4:4:4': 11 }

interface Wish {
  /** One with both sides too short is enlarged instead of refused. */
  upscale?: boolean
  /** What it has to fit; a narrower one gets white at its sides. */
  frame?: Frame
  /** Nobody waits for it any more: what has not begun does not begin. */
  signal?: AbortSignal
}

type Fitted = Required<Pick<Wish, 'upscale' | 'frame'>>

/**
 * Makes a shop's picture of a JPEG, PNG, GIF (its first frame), WebP, AVIF or TIFF, whatever its file is called: turned as
 * the camera says, transparency made white, never cropped. One at a time in the whole process, whoever asks.
 * @throws PhotoRefused photo_unreadable, photo_not_now, photo_too_small with `w` and `h`, photo_too_many_pixels with `mp` and
 * `most`; the signal's reason
 */
export function toJpeg(
  bytes: Uint8Array,
  { upscale = false, frame = USUAL, signal }: Wish = {},
): Promise<Picture> {
  const name = JSON.stringify([upscale, frame, hashOf(bytes)])
  const turn = last.then(async () => {
    signal?.throwIfAborted()
    const known = refusals.get(name)
    if (known) throw known
    return await make(bytes, { upscale, frame }).catch((error: unknown) => {
      remember(name, error)
      throw error
    })
  })
  last = turn.then(ignore, ignore)
  return turn
}

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

async function make(bytes: Uint8Array, wish: Fitted): Promise<Picture> {
  try {
    return await makeWith(bytes, wish).catch(async (error: unknown) => {
      if (error instanceof DecoderGone) return await makeWith(bytes, wish) // it may have been somebody else's fault
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
    const metadata = about as Seen
    checkSize(metadata, { upscale, frame })
    return await draw(ask, scaled(metadata.autoOrient, frame), frame)
  })

/** Of what the decoder says of a picture. */
type Seen = Pick<
  Metadata,
  'format' | 'isProgressive' | 'depth' | 'chromaSubsampling' | 'autoOrient'
>

interface Size {
  width: number
  height: number
}

/** As a person sees it, that is turned as the camera says. */
function checkSize(metadata: Seen, { upscale, frame }: Fitted) {
  const { width, height } = metadata.autoOrient
  const most = Math.min(MOST_PIXELS, Math.floor(MOST_BYTES / weightOf(metadata)))
  if (width * height > most)
    throw new PhotoRefused('photo_too_many_pixels', {
      mp: Math.ceil((width * height) / 1_000_000),
      most: Math.floor(most / 1_000_000),
    })
  if (!upscale && Math.max(width, height) < frame.shortest)
    throw new PhotoRefused('photo_too_small', { w: width, h: height })
}

function weightOf({ format, isProgressive, depth, chromaSubsampling }: Seen): number {
  if (format === 'png' && isProgressive) return INTERLACED_PNG[depth === 'uchar' ? depth : 'ushort']
  if (format === 'jpeg' && isProgressive)
    return PROGRESSIVE_JPEG[chromaSubsampling === '4:2:0' ? chromaSubsampling : '4:4:4']
  return WHOLE[format] ?? 1
}

/** Contained in the largest; enlarged only where even the long side is too short. */
function scaled({ width, height }: Size, { shortest, longest }: Frame): Size {
  const long = Math.max(width, height)
  const by = Math.min(Math.max(long, shortest), longest) / long
  const side = (pixels: number) => Math.max(1, Math.round(pixels * by))
  return { width: side(width), height: side(height) }
}

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

/** How many white pixels a side needs, so that it is neither too short nor too short beside the other. */
const missing = (side: number, other: number, { shortest, narrowest }: Frame) =>
  Math.max(0, shortest - side, Math.ceil(other / narrowest) - side)
