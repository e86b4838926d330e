import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type Cell, csv } from '../../../app/catalogue/csv.ts'
import { goodsCsv } from '../../../app/catalogue/goods-csv.ts'

describe('A table for people', () => {
  test('opens in a spreadsheet: UTF-8 told, semicolons, commas in numbers', async () => {
    const text = await written(
      ['Название', 'Цена, ₽'],
      [
        ['Роза', 120.5],
        ['Роза; "Аваланж"\nбелая', undefined],
      ],
    )

    expect(text).toBe('\ufeffНазвание;Цена, ₽\r\nРоза;120,5\r\n"Роза; ""Аваланж""\nбелая";\r\n')
  })

  test.each(['=1+1', '+7 900', '-скидка', '@sum', '\t=1', '\0=1', '\r\t=1'])(
    '%j is no formula',
    async (text) => {
      const [[cell = ''] = []] = readCsv(await written([text], []))

      expect(cell).toMatch(/^'|^\n/)
    },
  )

  test('a number below zero stays a number', async () => {
    expect(readCsv(await written([], [[-5.5]]))).toEqual([[''], ['-5,5']])
  })

  test('whatever is in it comes back, cell by cell', async () => {
    const row = fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 5 })
    await fc.assert(
      fc.asyncProperty(row, fc.array(row), async (titles, rows) => {
        const read = readCsv(await written(titles, rows))

        expect(read.map((cells) => cells.map(plain))).toEqual(
          [titles, ...rows].map((cells) => cells.map((cell) => plain(kept(cell)))),
        )
      }),
      { numRuns: 100 },
    )
  })

  test('of the catalogue has a line for each product', async () => {
    const entry = {
      productId: 'p1',
      offerId: '1',
      groupId: 'g1',
      title: 'Роза',
      description: 'Красная',
      price: 12_050,
      unit: 'шт',
      hidden: false,
    }
    const groups = [
      { id: 'g1', name: 'Цветы', attributes: [] },
      { id: 'g2', parentId: 'g1', name: ' ', attributes: [] },
    ]
    const entries = [
      { ...entry, article: 'R-1', stock: 0, picture: 'https://a.ru/1.jpg' },
      { ...entry, productId: 'p2', groupId: 'gone', stock: -1 },
      { ...entry, productId: 'p3', groupId: 'g2', stock: -1, quantity: 0.35, unit: 'кг' },
    ]

    const rows = readCsv(await collect(goodsCsv(groups, entries)))

    expect(rows).toEqual([
      expect.arrayContaining(['Название', 'Цена, ₽', 'Код товара']),
      [
        'Роза',
        'R-1',
        'Цветы',
        '120,5',
        'шт',
        '0',
        'нет',
        'Красная',
        'https://a.ru/1.jpg',
        '',
        'p1',
      ],
      ['Роза', '', '', '120,5', 'шт', '', 'да', 'Красная', '', '', 'p2'],
      ['Роза', '', 'Цветы', '120,5', 'кг', '0,35', 'да', 'Красная', '', '', 'p3'],
    ])
    expect(new Set(rows.map(({ length }) => length)).size).toBe(1)
  })
})

/** What a table can hold of a text. */
const kept = (text: string) => text.replace(/\r\n?/g, '\n').replace(/[^\t\n\P{Cc}]|\p{Cs}/gu, '')

/** Without the apostrophe that keeps a formula from being one. */
const plain = (cell: string) => cell.replace(/^'(?=[=+\-@\t])/, '')

const written = (titles: string[], rows: Cell[][]) => collect(csv(titles, rows))

async function collect(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

/** RFC 4180 with semicolons; @throws Error for what is none. */
function readCsv(text: string): string[][] {
  if (!text.startsWith('\ufeff') || !text.endsWith('\r\n')) throw new Error('no table')
  const cell = /(?:"((?:[^"]|"")*)"|([^";\r\n]*))(;|\r\n)/y
  cell.lastIndex = 1
  const rows: string[][] = [[]]
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const found = cell.exec(text)
    if (!found) throw new Error(`no cell: ${text.slice(at, at + 40)}`)
    const [, quoted, bare = '', end] = found
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end === '\r\n') rows.push([])
  }
  return rows.slice(0, -1)
}
