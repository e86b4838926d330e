import { pathOf, lengthOf } from '../letters/text-path.ts'
import { type Drawing, TONES } from './drawing.ts'
import { oneLine, squeezed, wrapped, writable } from './wrap.ts'

/** Pixels of the drawing; it is made as large as it has to be. */
const SIDE = 1000
const EDGE = 84
const WIDTH = SIDE - 2 * EDGE
/** From the largest that fits: a buyer first sees the card as large as a thumb. */
const SIZES = [190, 168, 150, 132, 116, 102, 90, 80] as const
const NAME_HEIGHT = 500
const LEADING = 1.14
const GROUP_SIZE = 48
const UNIT_SIZE = 50
const NAMELESS = 'Товар'

/**
 * A square card of a product without a photo, as SVG: shapes and numbers alone, texts being outlines, so that neither a name
 * nor a font of the machine has any say in it.
 */
export function drawnCard({ title, unit, group, tone }: Drawing): string {
  const ground = TONES[tone % TONES.length] ?? TONES[0]
  const name = writable(title) || NAMELESS
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}" viewBox="0 0 ${SIDE} ${SIDE}">`,
    `<rect width="${SIDE}" height="${SIDE}" fill="${ground}"/>`,
    initialOf(name),
    groupOf(writable(group ?? '')),
    nameOf(name),
    unitOf(writable(unit), ground),
    '</svg>',
  ].join('')
}

/** The first letter, behind everything. */
function initialOf(name: string): string {
  const first = (/[\p{L}\p{N}]/u.exec(name)?.[0] ?? '').toLocaleUpperCase('ru')
  const size = 1150
  const x = SIDE - lengthOf(first, size) * 0.86
  return `<path d="${pathOf(first, size, x, SIDE + 40)}" fill="#fff" fill-opacity=".07"/>`
}

function groupOf(group: string): string {
  if (group === '') return ''
  const y = EDGE + GROUP_SIZE
  const line = oneLine(group, GROUP_SIZE, WIDTH)
  const bar = `<rect x="${EDGE}" y="${y + 36}" width="96" height="10" rx="5" fill="#fff"/>`
  return bar + written(line, GROUP_SIZE, y, 'fill-opacity=".88"')
}

function nameOf(name: string): string {
  const spaceFor = (size: number) => ({
    width: WIDTH,
    lines: Math.floor(NAME_HEIGHT / (size * LEADING)),
  })
  const fitting = SIZES.find((size) => wrapped(name, size, spaceFor(size)))
  const size = fitting ?? SIZES[SIZES.length - 1] ?? 0
  const lines = wrapped(name, size, spaceFor(size)) ?? squeezed(name, size, spaceFor(size))
  const top = 258 + size
  return lines
    .map((line, nth) => written(line, size, top + nth * size * LEADING, BOLD(size)))
    .join('')
}

/** The typeface's own weight is that of running text; a rim makes it that of a heading. */
const BOLD = (size: number) =>
  `stroke="#fff" stroke-width="${(size * 0.034).toFixed(1)}" stroke-linejoin="round"`

function unitOf(unit: string, ground: string): string {
  if (unit === '') return ''
  const line = oneLine(unit, UNIT_SIZE, WIDTH - 80)
  const [width, height] = [lengthOf(line, UNIT_SIZE) + 72, 92]
  const y = SIDE - EDGE - height
  const box = `<rect x="${EDGE}" y="${y}" width="${width.toFixed(0)}" height="${height}" rx="${height / 2}" fill="#fff"/>`
  return `${box}<path d="${pathOf(line, UNIT_SIZE, EDGE + 36, y + 64)}" fill="${ground}"/>`
}

const written = (line: string, size: number, y: number, look: string) =>
  `<path d="${pathOf(line, size, EDGE, y)}" fill="#fff" ${look}/>`
