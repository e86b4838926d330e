import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { bytesFrom } from './bytes.ts'
import { glyphNumbers } from './glyph-numbers.ts'
import { type Outline, outlinesIn } from './outlines.ts'
import { tablesOf } from './woff2.ts'

/** A letter as it is drawn: in units of the font's size, downwards. */
export interface Letter {
  width: number
  outline: Outline
}

/** Golos Text (SIL OFL 1.1) in parts by alphabet; what an earlier part has is not looked for in a later one. */
const PARTS = ['cyrillic', 'latin', 'latin-ext', 'cyrillic-ext']

/** The letter of the typeface of our pages; undefined where it has none. The same on every machine: none of its fonts is asked. */
export function letterOf(letter: string): Letter | undefined {
  font ??= readParts()
  return font.get(letter.codePointAt(0) ?? 0)
}

let font: ReadonlyMap<number, Letter> | undefined

function readParts(): ReadonlyMap<number, Letter> {
  const find = createRequire(import.meta.url)
  const all = new Map<number, Letter>()
  for (const part of PARTS) {
    const name = `@fontsource-variable/golos-text/files/golos-text-${part}-wght-normal.woff2`
    for (const [code, letter] of lettersOf(readFileSync(find.resolve(name))))
      if (!all.has(code)) all.set(code, letter)
  }
  return all
}

function lettersOf(file: Buffer): [number, Letter][] {
  const table = tablesOf(file)
  const size = table('head').bytes.readUInt16BE(18)
  const outlines = outlinesIn(table('glyf').bytes)
  const widths = widthsIn(table('hmtx'), table('hhea').bytes.readUInt16BE(34))
  const scaled = (outline: Outline): Outline =>
    outline.map((line) => line.map(({ x, y, off }) => ({ x: x / size, y: -y / size, off })))
  return [...glyphNumbers(table('cmap').bytes)].map(([code, glyph]) => [
    code,
    { width: (widths[glyph] ?? widths.at(-1) ?? 0) / size, outline: scaled(outlines[glyph] ?? []) },
  ])
}

/** `hmtx`, be it transformed or not (WOFF2, 5.4); those beyond `count` are as wide as the last. */
function widthsIn({ bytes, transformed }: { bytes: Buffer; transformed: boolean }, count: number) {
  const reader = bytesFrom(bytes, transformed ? 1 : 0)
  return Array.from({ length: count }, () => {
    const width = reader.u16()
    if (!transformed) reader.skip(2)
    return width
  })
}
