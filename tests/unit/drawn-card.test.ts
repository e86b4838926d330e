import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { drawnCard } from '../../app/pictures/drawn/card.ts'
import { TONES } from '../../app/pictures/drawn/drawing.ts'
import { oneLine, squeezed, wrapped, writable } from '../../app/pictures/drawn/wrap.ts'
import { letterOf } from '../../app/pictures/letters/font.ts'
import { lengthOf } from '../../app/pictures/letters/text-path.ts'

describe('The letters of the typeface', () => {
  test.each(Array.from('АБВЯабвяЁёЙй№«»—…ABCabc0123456789₽&%,.!?()Éñ'))('%s is there', (letter) => {
    const { width = 0, outline = [] } = letterOf(letter) ?? {}

    expect(width).toBeGreaterThan(0.1)
    expect(width).toBeLessThan(2)
    expect(outline.flat().length).toBeGreaterThan(2)
    for (const { x, y } of outline.flat()) {
      expect(Math.abs(x)).toBeLessThan(2)
      expect(Math.abs(y)).toBeLessThan(2)
    }
  })

  test.each(Array.from('🌹漢ا\u202e'))('%j is not', (letter) => {
    expect(letterOf(letter)).toBeUndefined()
  })

  test('Ё is Е with something above, and wider words are longer', () => {
    const height = (letter: string) => Math.min(...(letterOf(letter)?.outline.flat() ?? []).map(({ y }) => y)) // prettier-ignore

    expect(height('Ё')).toBeLessThan(height('Е') - 0.05)
    expect(lengthOf('Шмель', 100)).toBeGreaterThan(lengthOf('Оса', 100))
  })
})

describe('Lines of a name', () => {
  const space = { width: 400, lines: 2 }

  test('are whole words where those fit', () => {
    expect(wrapped('Роза белая', 80, { width: 400, lines: 2 })).toEqual(['Роза', 'белая'])
    expect(wrapped('Сверхдлинноеслово', 80, space)).toBeUndefined()
  })

  test('are broken and cut where they do not, and never wider than their space', () => {
    const lines = squeezed('Сверхдлинноесловобезпробелов и ещё много слов за ним', 60, space)

    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/…$/)
    for (const line of lines) expect(lengthOf(line, 60)).toBeLessThanOrEqual(400)
    expect(lengthOf(oneLine('Ж'.repeat(500), 60, 400), 60)).toBeLessThanOrEqual(400)
  })

  test('have no sign the typeface has not', () => {
    expect(writable(' Роза\t🌹\n красная\u0000\u202e ')).toBe('Роза красная')
    expect(writable('и\u0306')).toBe('й')
  })
})

describe('A drawn card', () => {
  const HOSTILE = [
    '',
    '🌹🌹',
    '"><script>alert(1)</script>',
    '</svg><image href="file:///etc/passwd"/>',
    '&lol;'.repeat(300),
    'Ы'.repeat(5000),
    'а '.repeat(3000),
    '\u202e\u0000\ud800',
  ]

  test.each(HOSTILE)('is shapes and numbers, whatever the name is: %j', async (text) => {
    const svg = drawnCard({ title: text, unit: text, group: text, tone: 3 })

    expect(svg).toMatch(/^<svg [^<>]+>(?:<(?:rect|path) [^<>]+\/>)+<\/svg>$/)
    expect(svg.replace(/^<svg [^>]+>/, '')).not.toMatch(/href|url|NaN|undefined|Infinity/)
    expect(svg.length).toBeLessThan(400_000)
    expect(await sharp(Buffer.from(svg)).metadata()).toMatchObject({ width: 1000, height: 1000 })
  })

  test.each(TONES)('can be read on %s: white has 4.5 : 1 and more', (ground) => {
    expect(contrastToWhite(ground)).toBeGreaterThan(6.5)
  })
})

/** WCAG 2.2, relative luminance. */
function contrastToWhite(colour: string): number {
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16) / 255)
  const [r = 0, g = 0, b = 0] = parts.map((c) =>
    c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4,
  )
  return 1.05 / (0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05)
}
