import type { Point } from './outlines.ts'
import { letterOf } from './font.ts'

/** How long a line is in this size; what the typeface has no letter for takes no room. */
export const lengthOf = (text: string, size: number): number =>
  Array.from(text).reduce((sum, letter) => sum + (letterOf(letter)?.width ?? 0), 0) * size

/** A line of text as an SVG path, its base line beginning at `x`, `y`: numbers alone, whatever the text is. */
export function pathOf(text: string, size: number, x: number, y: number): string {
  let at = x
  return Array.from(text)
    .map((letter) => {
      const { outline = [], width = 0 } = letterOf(letter) ?? {}
      const placed = outline.map((line) =>
        line.map((point) => ({ ...point, x: at + point.x * size, y: y + point.y * size })),
      )
      at += width * size
      return placed.map(lineOf).join('')
    })
    .join('')
}

/** A closed line of quadratic curves: between two points that are off it lies one that is on (OpenType, `glyf`). */
function lineOf(points: readonly Point[]): string {
  const whole = points.flatMap((point, nth) => {
    const next = points[(nth + 1) % points.length] ?? point
    return point.off && next.off ? [point, between(point, next)] : [point]
  })
  const first = whole.findIndex(({ off }) => !off)
  const line = [...whole.slice(first), ...whole.slice(0, first + 1)]
  let path = ''
  for (const [nth, point] of line.entries()) {
    if (nth === 0) path += `M${inFigures(point)}`
    else if (point.off) path += `Q${inFigures(point)} `
    else path += line[nth - 1]?.off ? inFigures(point) : `L${inFigures(point)}`
  }
  return `${path}Z`
}

const between = (a: Point, b: Point): Point => ({
  x: (a.x + b.x) / 2,
  y: (a.y + b.y) / 2,
  off: false,
})

const inFigures = ({ x, y }: Point) => `${x.toFixed(1)} ${y.toFixed(1)}`
