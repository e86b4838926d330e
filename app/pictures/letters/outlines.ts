import { type Bytes, bytesFrom } from './bytes.ts'

/** A point of an outline, in the font's units, upwards; one that is `off` bends the line towards it. */
export interface Point {
  x: number
  y: number
  off: boolean
}
export type Outline = Point[][]

/** Another glyph as a part of one, moved. */
interface Part {
  glyph: number
  x: number
  y: number
}

const WORDS = 0x1
const ARE_OFFSETS = 0x2
const SCALED = 0x8 | 0x40 | 0x80
const MORE = 0x20
const INSTRUCTED = 0x100

/** Outlines of all glyphs out of a transformed `glyf` (WOFF2, 5.1). */
export function outlinesIn(table: Buffer): Outline[] {
  const head = bytesFrom(table, 4)
  const count = head.u16()
  head.skip(2)
  const lengths = Array.from({ length: 7 }, () => head.u32())
  let from = head.at()
  const [contours, points, flags, glyphs, composites] = lengths.map((length) => {
    from += length
    return bytesFrom(table, from - length)
  })
  if (!contours || !points || !flags || !glyphs || !composites) throw new Error('no glyphs')

  const found = Array.from({ length: count }, () => {
    const lines = contours.i16()
    if (lines < 0) return partsIn(composites, glyphs)
    return lines === 0 ? [] : simple(lines, { points, flags, glyphs })
  })
  return found.map((one) => joined(one, found))
}

function simple(
  lines: number,
  { points, flags, glyphs }: Record<'points' | 'flags' | 'glyphs', Bytes>,
): Outline {
  const counts = Array.from({ length: lines }, () => points.short255())
  let [x, y] = [0, 0]
  const outline = counts.map((length) =>
    Array.from({ length }, () => {
      const flag = flags.u8()
      const [dx, dy] = moved(flag & 0x7f, glyphs)
      x += dx
      y += dy
      return { x, y, off: flag >= 0x80 }
    }),
  )
  glyphs.short255() // its instructions lie elsewhere
  return outline
}

const signed = (flag: number, value: number) => (flag & 1 ? value : -value)

/** A triplet (WOFF2, 5.2). */
function moved(flag: number, bytes: Bytes): [number, number] {
  const first = bytes.u8()
  if (flag < 10) return [0, signed(flag, ((flag & 14) << 7) + first)]
  if (flag < 20) return [signed(flag, (((flag - 10) & 14) << 7) + first), 0]
  const both = (x: number, y: number): [number, number] => [signed(flag, x), signed(flag >> 1, y)]
  if (flag < 84) {
    const rest = flag - 20
    return both(1 + (rest & 0x30) + (first >> 4), 1 + ((rest & 0x0c) << 2) + (first & 0x0f))
  }
  const second = bytes.u8()
  if (flag < 120) {
    const rest = flag - 84
    return both(1 + (Math.floor(rest / 12) << 8) + first, 1 + (((rest % 12) >> 2) << 8) + second)
  }
  const third = bytes.u8()
  if (flag < 124) return both((first << 4) + (second >> 4), ((second & 0x0f) << 8) + third)
  return both((first << 8) + second, (third << 8) + bytes.u8())
}

/** Parts of one that is put together of others (OpenType, `glyf`). */
function partsIn(bytes: Bytes, glyphs: Bytes): Part[] {
  const parts: Part[] = []
  let instructed = false
  for (let more = true; more;) {
    const flags = bytes.u16()
    const glyph = bytes.u16()
    if ((flags & SCALED) > 0 || !(flags & ARE_OFFSETS)) throw new Error('a part that is not moved')
    const next = flags & WORDS ? bytes.i16 : bytes.i8
    parts.push({ glyph, x: next(), y: next() })
    more = (flags & MORE) > 0
    instructed ||= (flags & INSTRUCTED) > 0
  }
  if (instructed) glyphs.short255()
  return parts
}

/** Parts of parts are few: no font nests them without end, and ours not at all. */
const DEEPEST = 4

function joined(one: Outline | Part[], all: readonly (Outline | Part[])[], depth = 0): Outline {
  return one.flatMap((line) => {
    if (Array.isArray(line)) return [line]
    const part = all[line.glyph]
    if (!part || depth === DEEPEST) return []
    return joined(part, all, depth + 1).map((points) =>
      points.map(({ x, y, off }) => ({ x: x + line.x, y: y + line.y, off })),
    )
  })
}
