import type { SharpOptions } from 'sharp'

/** What is asked of a picture: what it is, or to be drawn anew, or to be made of our own drawing. */
interface Question {
  draw?: {
    open: SharpOptions
    size: { width: number; height: number }
    margins: { left: number; right: number; top: number; bottom: number }
    quality: number
    seconds: number
  }
  /** The picture is SVG of our own making, and nobody else's: it becomes a square of so many pixels. */
  paint?: { side: number; quality: number; seconds: number }
}

/** `bytes` is what was drawn. */
export interface Answer {
  about: unknown
  bytes: Buffer
}

/** The picture comes with the first question about it. */
export type Ask = (question: Question, picture?: Uint8Array) => Promise<Answer>

/** The decoder's process is not there any more; `broken` when it broke by itself, most likely over the picture. */
export class DecoderGone extends Error {
  override readonly name = 'DecoderGone'
  readonly broken: boolean

  constructor(broken: boolean, options?: ErrorOptions) {
    super('the decoder has gone', options)
    this.broken = broken
  }
}
