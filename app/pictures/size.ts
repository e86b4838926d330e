import type { Metadata } from 'sharp'
import type { Frame } from './frame.ts'
import { PhotoRefused } from '../errors.ts'

/** A small file may claim to be a huge picture; a telephone's is 50 megapixels at the most. */
export const MOST_PIXELS = 50_000_000
/** Memory for one picture that has to be unpacked whole, in bytes. */
const MOST_BYTES = 100_000_000

/**
 * Bytes a pixel takes in formats that come layer by layer, or that the decoder unpacks whole, as measured. The others are
 * read from the top to the bottom, a strip at a time.
 */
const WHOLE: Partial<Record<string, number>> = { webp: 7, gif: 9, heif: 20, tiff: 6 }
const INTERLACED_PNG = { uchar: 7, ushort: 13 }
const PROGRESSIVE_JPEG = { '4:2:0': 6.5, '4:4:4': 11 }

/** What a picture is made to fit; `upscale`: a small one is enlarged instead of refused. */
export interface Fitted {
  upscale: boolean
  frame: Frame
}

/** Of what the decoder says of a picture. */
export type PictureSeen = Pick<
  Metadata,
  'format' | 'isProgressive' | 'depth' | 'chromaSubsampling' | 'autoOrient'
>

export interface Size {
  width: number
  height: number
}

/** As a person sees it, that is turned as the camera says. */
export function checkSize(metadata: PictureSeen, { upscale, frame }: Fitted) {
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

function weightOf({ format, isProgressive, depth, chromaSubsampling }: PictureSeen): number {
  if (format === 'png' && isProgressive) return INTERLACED_PNG[depth === 'uchar' ? depth : 'ushort']
  if (format === 'jpeg' && isProgressive)
    return PROGRESSIVE_JPEG[chromaSubsampling === '4:2:0' ? chromaSubsampling : '4:4:4']
  return WHOLE[format] ?? 1
}

/** Contained in the largest; enlarged only where even the long side is too short. */
export function scaled({ width, height }: Size, { shortest, longest }: Frame): Size {
  const long = Math.max(width, height)
  const by = Math.min(Math.max(long, shortest), longest) / long
  const side = (pixels: number) => Math.max(1, Math.round(pixels * by))
  return { width: side(width), height: side(height) }
}

/** How many white pixels a side needs, so that it is neither too short nor too short beside the other. */
export const missing = (side: number, other: number, { shortest, narrowest }: Frame) =>
  Math.max(0, shortest - side, Math.ceil(other / narrowest) - side)
