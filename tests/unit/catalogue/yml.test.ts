import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Entry } from '../../../app/catalogue/entry.ts'
import type { Group } from '../../../app/catalogue/goods.ts'
import { yml } from '../../../app/catalogue/yml.ts'
import { readXml, type Node, textOf } from './xml.ts'
import { growthOf } from '../../support/catalogue/growth.ts'

const SHOP = {
  name: 'Цветы у дома',
  company: 'ИП Ковалёва',
  url: 'https://vk.com/flowers',
  now: new Date('2026-11-21T21:30:00Z'),
  timeZone: 'Europe/Moscow',
}
const ENTRY: Entry = {
  productId: '7f4b2c9e-0000-4000-8000-0001',
  offerId: '7f4b2c9e0000',
  title: 'Роза',
  description: 'Красная',
  price: 12_050,
  hidden: false,
  unit: 'шт',
}
const FLOWERS: Group = { id: 'g1', name: 'Цветы', attributes: [] }
const ROSES: Group = { id: 'g2', parentId: 'g1', name: 'Розы', attributes: [] }

test('a catalogue is what Yandex’s manual says', async () => {
  const entry = { groupId: 'g2', article: 'R-1', stock: 5, picture: 'https://a.ru/1.jpg?a=1&b=2' }

  const text = await written([{ ...ENTRY, ...entry }], [FLOWERS, ROSES])

  expect(text.replace(/(?<=Id="|y id="|Id>)\d{10,15}/g, 'N').split('\n')).toEqual([
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<yml_catalog date="2026-11-22 00:30">',
    '<shop>',
    '<name>Цветы у дома</name>',
    '<company>ИП Ковалёва</company>',
    '<url>https://vk.com/flowers</url>',
    '<currencies><currency id="RUB" rate="1"/></currencies>',
    '<categories>',
    '<category id="1">Без группы</category>',
    '<category id="N">Цветы</category>',
    '<category id="N" parentId="N">Розы</category>',
    '</categories>',
    '<offers>',
    '<offer id="7f4b2c9e0000" available="true">',
    '<name>Роза</name>',
    '<price>120.50</price>',
    '<currencyId>RUB</currencyId>',
    '<categoryId>N</categoryId>',
    '<picture>https://a.ru/1.jpg?a=1&amp;b=2</picture>',
    '<vendorCode>R-1</vendorCode>',
    '<description>Красная</description>',
    '<count>5</count>',
    '</offer>',
    '</offers>',
    '</shop>',
    '</yml_catalog>',
    '',
  ])
})

test('groups ten thousand deep are written in time that grows with them', async () => {
  const chainOf = (length: number) =>
    Array.from({ length }, (_, n) => ({ ...FLOWERS, id: `g${n}`, parentId: `g${n - 1}` }))
  const [short, chain] = [chainOf(1_000), chainOf(10_000)]

  expect((await written([], chain)).match(/parentId=/g)).toHaveLength(9_999)
  expect(
    await growthOf(
      () => written([], short),
      () => written([], chain),
    ),
  ).toBeLessThan(40)
})

test('the numbers of groups lead to each other, and stay', async () => {
  const root = readXml(await written([{ ...ENTRY, groupId: 'g2' }], [FLOWERS, ROSES]))
  const [, flowers, roses] = all(root, 'category')

  expect(roses?.attributes.parentId).toBe(flowers?.attributes.id)
  expect(value(root, 'categoryId')).toBe(roses?.attributes.id)
  const again = readXml(await written([], [ROSES, FLOWERS]))
  expect(all(again, 'category')[1]?.attributes.id).toBe(roses?.attributes.id)
})

test.each<[string, Partial<Entry>, string, string | undefined]>([
  ['the till does not tell', {}, 'true', undefined],
  ['it never runs out', { stock: -1 }, 'true', undefined],
  ['some are left', { stock: 3 }, 'true', '3'],
  ['none is left', { stock: 0 }, 'false', '0'],
  ['it is hidden', { stock: 3, hidden: true }, 'false', '3'],
])('available, when %s', async (_name, changes, available, count) => {
  const root = readXml(await written([{ ...ENTRY, ...changes }]))

  expect(all(root, 'offer')[0]?.attributes.available).toBe(available)
  expect(value(root, 'count')).toBe(count)
})

test.each([
  [12_000, '120'],
  [12_050, '120.50'],
  [5, '0.05'],
  [1_000_000_000, '10000000'],
])('%i kopecks are %s roubles', async (price, roubles) => {
  expect(value(readXml(await written([{ ...ENTRY, price }])), 'price')).toBe(roubles)
})

test('groups that lie in each other, or nowhere, are on the top', async () => {
  const odd: Group[] = [
    { id: 'a', parentId: 'b', name: 'А', attributes: [] },
    { id: 'b', parentId: 'a', name: 'Б', attributes: [] },
    { id: 'c', parentId: 'a', name: 'В', attributes: [] },
    { id: 'd', parentId: 'd', name: 'Г', attributes: [] },
    { id: 'e', parentId: 'gone', name: 'Д', attributes: [] },
  ]

  const root = readXml(await written([{ ...ENTRY, groupId: 'gone' }], odd))

  const inside = all(root, 'category').map(({ attributes }) => 'parentId' in attributes)
  expect(inside).toEqual([false, false, false, true, false, false])
  expect(value(root, 'categoryId')).toBe('1')
})

test('a group that nobody can read is none: what is in it is in the one above', async () => {
  const unseen: Group[] = [
    FLOWERS,
    { id: 'a', parentId: 'g1', name: '', attributes: [] },
    { id: 'b', parentId: 'a', name: '\u00a0\u200b ', attributes: [] },
    { id: 'c', parentId: 'b', name: 'Розы', attributes: [] },
    { id: 'd', name: '', attributes: [] },
    { id: 'e', parentId: 'f', name: ' ', attributes: [] },
    { id: 'f', parentId: 'e', name: '', attributes: [] },
  ]
  const entries = ['a', 'b', 'c', 'd', 'e'].map((groupId) => ({ ...ENTRY, groupId }))

  const root = readXml(await written(entries, unseen))

  const [none, flowers, roses, ...more] = all(root, 'category').map(({ attributes }) => attributes)
  expect(all(root, 'category').map(textOf)).toEqual(['Без группы', 'Цветы', 'Розы'])
  expect([more, roses?.parentId]).toEqual([[], flowers?.id])
  expect(all(root, 'categoryId').map(textOf)).toEqual([
    ...[flowers?.id, flowers?.id, roses?.id, none?.id, none?.id],
  ])
})

test('any text stays a well-formed catalogue, and the same text', async () => {
  const anything = fc.string({ unit: 'binary', maxLength: 40 })
  await fc.assert(
    fc.asyncProperty(anything, anything, anything, async (a, b, c) => {
      const groups = [{ ...FLOWERS, id: a, name: b }]
      const entry = { ...ENTRY, title: a, description: b, article: c, groupId: a }

      const root = readXml(await written([entry, ENTRY], groups, { ...SHOP, name: c, company: a }))

      expect([value(root, 'company'), all(root, 'offer').length]).toEqual([allowed(a), 2])
      const [offer] = all(root, 'offer')
      expect(offer && value(offer, 'name')).toBe(allowed(a))
      expect(offer && value(offer, 'description')).toBe(allowed(b))
    }),
    { numRuns: 100 },
  )
})

test('an entry is written when it comes, not when all are there', async () => {
  let asked = 0
  function* endless() {
    for (;;) {
      asked += 1
      yield ENTRY
    }
  }

  for await (const text of yml(SHOP, [], endless())) if (text.includes('<offer ')) break

  expect(asked).toBe(1)
})

/** What XML can hold of a text, line ends as it reads them. */
const allowed = (text: string) =>
  text.replace(/\r\n?/g, '\n').replace(/[^\t\n\P{Cc}]|[\p{Cs}\ufffe\uffff]/gu, '')

async function written(entries: Entry[], groups: Group[] = [], shop = SHOP): Promise<string> {
  let text = ''
  for await (const piece of yml(shop, groups, entries)) text += piece
  return text
}

const all = (node: Node, name: string): Node[] =>
  node.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...all(child, name)],
  )

function value(node: Node, name: string): string | undefined {
  const [found] = all(node, name)
  return found && textOf(found)
}
