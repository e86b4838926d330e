import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

/** A file as it may be sent: as it is, and smaller for browsers that can unpack it. */
export interface Packed {
  plain: Buffer
  /** By what `Accept-Encoding` calls it, the smallest first; none for what is packed already, as typefaces are. */
  smaller: readonly (readonly [Encoding, Buffer])[]
}

export type Encoding = 'br' | 'gzip'

/** As small as it gets; takes its time, and is done once a build. */
export function pack(name: string, plain: Buffer): Packed {
  if (/\.(woff2|png)$/.test(name)) return { plain, smaller: [] }
  const params = {
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT,
    [constants.BROTLI_PARAM_SIZE_HINT]: plain.length,
  }
  const br = brotliCompressSync(plain, { params })
  const gzip = gzipSync(plain, { level: constants.Z_BEST_COMPRESSION })
  return {
    plain,
    smaller: [
      ['br', br],
      ['gzip', gzip],
    ],
  }
}
