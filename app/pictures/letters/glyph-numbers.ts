import { bytesFrom } from './bytes.ts'

const UNICODE = new Set(['0/3', '0/4', '3/1', '3/10'])

/** Letter → its glyph's number, out of `cmap` (OpenType, formats 4 and 12). */
export function glyphNumbers(table: Buffer): Map<number, number> {
  const found = new Map<number, number>()
  const head = bytesFrom(table, 2)
  const count = head.u16()
  for (let nth = 0; nth < count; nth += 1) {
    const kind = `${head.u16()}/${head.u16()}`
    const from = head.u32()
    if (!UNICODE.has(kind)) continue
    const format = table.readUInt16BE(from)
    const pairs = format === 4 ? segments(table, from) : format === 12 ? groups(table, from) : []
    for (const [letter, glyph] of pairs) if (glyph > 0) found.set(letter, glyph)
  }
  return found
}

function* segments(table: Buffer, from: number): Generator<[number, number]> {
  const length = table.readUInt16BE(from + 6)
  const ends = from + 14
  const [starts, deltas, offsets] = [1, 2, 3].map((nth) => ends + nth * length + 2)
  if (starts === undefined || deltas === undefined || offsets === undefined) return
  for (let at = 0; at < length; at += 2) {
    const [first, last] = [table.readUInt16BE(starts + at), table.readUInt16BE(ends + at)]
    const [delta, offset] = [table.readUInt16BE(deltas + at), table.readUInt16BE(offsets + at)]
    for (let letter = first; letter <= last && letter < 0xffff; letter += 1) {
      const place = offsets + at + offset + (letter - first) * 2
      const glyph = offset === 0 ? letter : table.readUInt16BE(place)
      yield [letter, offset !== 0 && glyph === 0 ? 0 : (glyph + delta) & 0xffff]
    }
  }
}

function* groups(table: Buffer, from: number): Generator<[number, number]> {
  const bytes = bytesFrom(table, from + 12)
  const count = bytes.u32()
  for (let nth = 0; nth < count; nth += 1) {
    const [first, last, glyph] = [bytes.u32(), bytes.u32(), bytes.u32()]
    for (let letter = first; letter <= last; letter += 1) yield [letter, glyph + letter - first]
  }
}
