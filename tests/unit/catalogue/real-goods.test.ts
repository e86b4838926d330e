import fc from 'fast-check'
import { expect, test } from 'vitest'
import { entryOf } from '../../../app/flows/catalogue/files/feed-entry.ts'
import { readProduct } from '../../../app/providers/evotor/product.ts'
import type { Entry } from '../../../app/catalogue/entry.ts'
import { goodsCsv } from '../../../app/catalogue/goods-csv.ts'
import type { Item } from '../../../app/catalogue/items.ts'
import { buildItem } from '../../../app/catalogue/build-item.ts'
import { unitOf } from '../../../app/catalogue/units.ts'
import { yml } from '../../../app/catalogue/yml.ts'
import { REAL_GOODS, type RealGood } from '../../support/catalogue/real-goods.ts'
import { faultsIn, faultsOfCut } from '../../support/readable.ts'
import { settings, shelf } from './sync-goods.ts'
import { type Node, readXml, textOf } from './xml.ts'

const SEED = 20_261_128

const productOf = ({ name, unit, quantity }: RealGood, more: Record<string, unknown> = {}) =>
  readProduct({
    ...{ id: '1f0c0000-0000-4000-8000-000000000001', name, price: 129.9 },
    ...{ measure_name: unit, quantity, description: '', ...more },
  })

/** The card it becomes. */
function carried(good: RealGood, more: Record<string, unknown> = {}, chosen = {}): Item {
  const verdict = buildItem(productOf(good, more), shelf(), settings(chosen))
  if (!('item' in verdict)) throw new Error(`${good.name}: ${JSON.stringify(verdict)}`)
  return verdict.item
}

test('there are three hundred of them, each with a name of its own', () => {
  expect(new Set(REAL_GOODS.map(({ name }) => name)).size).toBeGreaterThanOrEqual(300)
})

test.each(REAL_GOODS)('$name ($quantity $unit) is a card anybody would have written', (good) => {
  const { title, description } = carried(good)

  expect([...faultsIn(title, good.name), ...faultsIn(description, good.name)]).toEqual([])
})

test('there is some of everything that is not a piece, however little of it', () => {
  const out = REAL_GOODS.filter((good) => carried(good).hidden).map(({ name }) => name)

  expect(out).toEqual([])
})

test('what is weighed, poured or measured out has its measure in the name, once', () => {
  const titleOf = (name: string) =>
    carried(REAL_GOODS.find((good) => good.name === name) ?? { name, unit: '', quantity: 1 }).title

  expect(titleOf('Гвозди 2 кг.')).toBe('Гвозди 2 кг.')
  expect(titleOf('Творог 9% вес.')).toBe('Творог 9% вес, за кг')
  expect(titleOf('Семечки тыкв. вес.')).toBe('Семечки тыкв. вес, за 100 г')
  expect(titleOf('Квас разливной')).toBe('Квас разливной, за л')
  expect(titleOf('Плёнка техн. 100мкм')).toBe('Плёнка техн. 100мкм, за пог. м')
  expect(titleOf('Плитка керам. &quot;Керама Марацци&quot; 20×30')).toBe(
    'Плитка керам. "Керама Марацци" 20x30, за кв. м',
  )
  expect(titleOf('Дрова берёз. колотые')).toBe('Дрова берёз. колотые, за куб. м')
  expect(titleOf('Работа электрика')).toBe('Работа электрика, за час')
})

const good = fc.constantFrom(...REAL_GOODS)

test('names of any length are cut where a word ends', () => {
  const names = fc.array(good, { minLength: 2, maxLength: 6 })

  fc.assert(
    fc.property(names, good, (parts, { unit, quantity }) => {
      const name = parts.map((part) => part.name).join(' ')
      const { title } = carried({ name, unit, quantity })

      expect([...faultsIn(title, name), ...faultsOfCut(title, name)]).toEqual([])
      expect(title.length).toBeLessThanOrEqual(100)
    }),
    { numRuns: 2_000, seed: SEED },
  )
})

/** What owners type: with and without room for what is missing, and twice where once would do. */
const TEMPLATES = [
  '{название}. Цена за 1 {единица}. Наличие уточняйте в сообщениях сообщества.',
  '{название}, арт. {артикул}. Цена {цена} руб. за {единица}.',
  '{название} ({артикул}), {цена}',
  '{название} [арт. {артикул}] — {цена}.',
  'Артикул: {артикул}. {название}. Цена: {цена} за 1 {единица}!',
  '«{название}» – {цена}/{единица}, код {артикул}',
  '{артикул}, {название}, {цена} ₽ за {единица}..',
  '{название} ;  {артикул} ;  {цена} рублей',
  'Код товара: {артикул}\n{название}.\nЦена: {цена} р.\n\n(арт. {артикул})',
  '{Название} , {единица},, {цена}. . Звоните!',
  'Цена за 1 {единица}.\nАрт. № {артикул}; {название}',
]

test('templates of owners meet real goods', () => {
  const articles = fc.constantFrom('', 'А-1', 'арт. 5.', 'GL&nbsp;40')

  fc.assert(
    fc.property(good, fc.constantFrom(...TEMPLATES), articles, (one, template, article) => {
      const { description } = carried(one, { article_number: article }, { template })

      expect(faultsIn(description, `${one.name} ${article}`)).toEqual([])
      expect(description, template).not.toMatch(/руб\.?,? ?(руб|р\.|₽)/)
      if (article === '')
        expect(description, template).not.toMatch(/(?<!\p{L})(?:арт|артикул|код)(?!\p{L})/iu)
    }),
    { numRuns: 4_000, seed: SEED },
  )
})

test('a template says about a product without an article what it says about others', () => {
  const told = (template: string, name = 'Масло, 0,5 л.') =>
    carried({ name, unit: 'шт', quantity: 1 }, {}, { template }).description

  expect(TEMPLATES.map((template) => told(template))).toEqual([
    'Масло, 0,5 л. Цена за 1 шт. Наличие уточняйте в сообщениях сообщества.',
    'Масло, 0,5 л. Цена 129,90 руб. за шт.',
    'Масло, 0,5 л., 129,90 руб.',
    'Масло, 0,5 л. — 129,90 руб.',
    'Масло, 0,5 л. Цена: 129,90 руб. за 1 шт!',
    '«Масло, 0,5 л.» – 129,90 руб./шт',
    'Масло, 0,5 л., 129,90 руб. за шт.',
    'Масло, 0,5 л.; 129,90 руб.',
    'Масло, 0,5 л.\nЦена: 129,90 руб.',
    'Масло, 0,5 л., шт, 129,90 руб. Звоните!',
    'Цена за 1 шт.\nМасло, 0,5 л.',
  ])
})

test('files have the same names, real units and quantities', async () => {
  const places = { cardAt: () => undefined, base: 'https://a.ru/feeds/key' }
  const entries = REAL_GOODS.map((one, at): Entry => {
    const known = { product: productOf(one, { id: String(at) }), misses: 0, linked: undefined }
    const entry = entryOf(known, { settings: settings() }, shelf(), places)
    if (!entry) throw new Error(one.name)
    return { ...entry, offerId: String(at) }
  })
  const front = { name: 'Лавка', company: 'ИП', url: 'https://a.ru', timeZone: 'UTC' }

  const xml = readXml(await collected(yml({ ...front, now: new Date(0) }, [], entries)))
  const [, ...table] = (await collected(goodsCsv([], entries))).trim().split('\r\n')

  const offers = all(xml, 'offer')
  expect([offers.length, table.length]).toEqual([REAL_GOODS.length, REAL_GOODS.length])
  for (const [at, good] of REAL_GOODS.entries()) {
    const [offer, row = '', entry] = [offers[at], table[at], entries[at]]
    const texts = ['name', 'description'].flatMap((name) => all(offer, name).map(textOf))
    const cells = row.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/)
    expect(texts.flatMap((text) => faultsIn(text, good.name))).toEqual([])
    expect(texts[0]).toBe(entry?.title)
    expect(offer?.attributes.available).toBe('true')
    expect(cells[4], good.unit).toBe(unitOf(good.unit).name)
    expect(cells[5]).toBe(String(good.quantity).replace('.', ','))
    expect(row).not.toMatch(/&(?:#\d+|[a-z]+);/i)
  }
})

const all = (node: Node | undefined, name: string): Node[] =>
  (node?.children ?? []).flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...all(child, name)],
  )

async function collected(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}
