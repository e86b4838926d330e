import { createHash } from 'node:crypto'
import type { Sharp } from 'sharp'
import { PhotoRefused } from './errors.ts'

/** A picture fit for a shop: JPEG in sRGB without metadata. The same picture gives the same bytes. */
export interface Picture {
  jpeg: Uint8Array
  width: number
  height: number
  /** SHA-256 of `jpeg`, in hex. */
  hash: string
}

/** Pixels on a side; VK wants 400 at least and less than 14000 of width and height together (vk.md §8.3). */
const SHORTEST = 400
const LONGEST = 2560
/** Long side to short side: a narrower picture gets white at its sides. */
const NARROWEST = 2
/** A small file may claim to be a huge picture; a telephone's is 50 megapixels at the most. */
const MOST_PIXELS = 50_000_000
const STRICT = { limitInputPixels: MOST_PIXELS, sequentialRead: true, failOn: 'error' } as const
const SECONDS = 20

/** What is decoded, by content; the rest of what the decoder knows stays shut. */
const LOADERS = ['Jpeg', 'Png', 'Webp', 'Nsgif'].map((name) => `VipsForeignLoad${name}Buffer`)

/**
 * Makes a shop's picture of a JPEG, PNG, GIF (its first frame) or WebP, whatever its file is called: turned as the camera
 * says, transparency made white, never cropped. One with both sides under 400 is refused, unless it may be enlarged.
 * @throws PhotoRefused photo_unreadable, photo_too_small with `w` and `h`, photo_too_large
 */
export async function toJpeg(bytes: Uint8Array, { upscale = false } = {}): Promise<Picture> {
  const sharp = await loadSharp()
  try {
    const size = await readSize(sharp(bytes, { limitInputPixels: false }))
    checkSize(size, upscale)
    return await draw(sharp(bytes, STRICT), scaled(size))
  } catch (error) {
    if (error instanceof PhotoRefused) throw error
    throw new PhotoRefused('photo_unreadable', {}, { cause: error })
  }
}

/**
 * Loaded at the first picture, so that the start does not pay for it, and set up once: while loaders are barred and let
 * in, a picture under way finds none. One thread and no cache: memory stays small.
 */
let loaded: ReturnType<typeof prepareSharp> | undefined
const loadSharp = () => (loaded ??= prepareSharp())

async function prepareSharp() {
  const { default: sharp } = await import('sharp')
  sharp.cache(false)
  sharp.concurrency(1)
  sharp.block({ operation: ['VipsForeignLoad'] })
  sharp.unblock({ operation: LOADERS })
  return sharp
}

interface Size {
  width: number
  height: number
}

/** As a person sees it, that is turned as the camera says. */
async function readSize(picture: Sharp): Promise<Size> {
  const { autoOrient } = await picture.metadata()
  return autoOrient
}

function checkSize({ width, height }: Size, upscale: boolean) {
  if (width * height > MOST_PIXELS) throw new PhotoRefused('photo_too_large')
  if (!upscale && Math.max(width, height) < SHORTEST)
    throw new PhotoRefused('photo_too_small', { w: width, h: height })
}

/** Contained in the largest; enlarged only where even the long side is too short. */
function scaled({ width, height }: Size): Size {
  const longest = Math.max(width, height)
  const by = Math.min(Math.max(longest, SHORTEST), LONGEST) / longest
  const side = (pixels: number) => Math.max(1, Math.round(pixels * by))
  return { width: side(width), height: side(height) }
}

async function draw(picture: Sharp, size: Size): Promise<Picture> {
  const across = margin(size.width, size.height)
  const along = margin(size.height, size.width)
  const { data, info } = await picture
    .timeout({ seconds: SECONDS })
    .autoOrient()
    .flatten({ background: 'white' })
    .resize({ ...size, fit: 'fill' })
    .extend({
      left: Math.floor(across / 2),
      right: Math.ceil(across / 2),
      top: Math.floor(along / 2),
      bottom: Math.ceil(along / 2),
      background: 'white',
    })
    .toColourspace('srgb')
    .jpeg({ quality: 85 })
    .toBuffer({ resolveWithObject: true })
  const hash = createHash('sha256').update(data).digest('hex')
  return { jpeg: data, width: info.width, height: info.height, hash }
}

/** How many white pixels a side needs, so that it is neither too short nor too short beside the other. */
const margin = (side: number, other: number) =>
  Math.max(0, SHORTEST - side, Math.ceil(other / NARROWEST) - side)
