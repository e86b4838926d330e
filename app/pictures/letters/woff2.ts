import { brotliDecompressSync } from 'node:zlib'
import { bytesFrom } from './bytes.ts'

/** A table of a font; `transformed` is not as OpenType has it, but as WOFF2 packs it. */
interface Table {
  bytes: Buffer
  transformed: boolean
}

const HEADER = 48
/** The names whose numbers we need (WOFF2, 4.1); others get one nobody asks for. */
const NAMES = ['cmap', 'head', 'hhea', 'hmtx', 'maxp', 'name', 'OS/2', 'post', 'cvt ', 'fpgm', 'glyf', 'loca'] // prettier-ignore
const ANY = 63

/**
 * The tables of a font in WOFF2 (W3C Recommendation, chapter 4), for which the decoder of pictures has no reader.
 * @throws Error for a file that is none
 */
export function tablesOf(file: Buffer): (name: string) => Table {
  const bytes = bytesFrom(file)
  if (bytes.text(4) !== 'wOF2') throw new Error('not a font in WOFF2')
  bytes.skip(8)
  const count = bytes.u16()
  bytes.skip(6)
  const packed = bytes.u32()
  bytes.skip(HEADER - bytes.at())

  const entries = Array.from({ length: count }, () => {
    const flags = bytes.u8()
    const name = (flags & ANY) === ANY ? bytes.text(4) : (NAMES[flags & ANY] ?? '')
    const version = flags >> 6
    const length = bytes.base128()
    const transformed = name === 'glyf' || name === 'loca' ? version !== 3 : version !== 0
    return { name, transformed, length: transformed ? bytes.base128() : length }
  })
  const whole = brotliDecompressSync(file.subarray(bytes.at(), bytes.at() + packed))
  return tableIn(whole, entries)
}

function tableIn(
  whole: Buffer,
  entries: readonly { name: string; transformed: boolean; length: number }[],
) {
  const tables = new Map<string, Table>()
  let at = 0
  for (const { name, transformed, length } of entries) {
    tables.set(name, { bytes: whole.subarray(at, at + length), transformed })
    at += length
  }
  return (name: string) => {
    const table = tables.get(name)
    if (!table) throw new Error(`a font without ${name}`)
    return table
  }
}
