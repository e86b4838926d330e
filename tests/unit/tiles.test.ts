import { describe, expect, test } from 'vitest'
import { platforms } from '../../app/providers/index.ts'

const tiles = platforms.flatMap(({ key, create }) => {
  const { tile } = create({}, 'http://localhost:3000')
  return tile ? [{ key, ...tile }] : []
})

test('there are tiles to look at', () => {
  expect(tiles.length).toBeGreaterThan(10)
})

describe.each(tiles)('the tile of $key', ({ ground, ink }) => {
  test('is written as CSS writes colours', () => {
    for (const colour of [ground, ink]) expect(colour).toMatch(/^#[\da-f]{6}$/)
  })

  test('has an icon that can be seen (WCAG 1.4.11: 3:1)', () => {
    const [bright = 0, dark = 0] = [ground, ink].map(luminance).sort((a, b) => b - a)
    expect((bright + 0.05) / (dark + 0.05)).toBeGreaterThan(3)
  })
})

/** Relative luminance (WCAG 2.2, definitions). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
