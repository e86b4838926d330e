import { CAPACITY } from '../../../app/providers/vk/capacity.ts'
import { letters } from '../../../app/providers/vk/letters.ts'
import { describe, expect, test } from 'vitest'
import { buildItem } from '../../../app/catalogue/build-item.ts'
import { TABLE, YML } from '../../../app/catalogue/file-capacity.ts'
import type { Product } from '../../../app/catalogue/goods.ts'
import { createGroupIndex } from '../../../app/catalogue/group-index.ts'
import { clean, cleanLines } from '../../../app/catalogue/clean.ts'
import { cut } from '../../../app/catalogue/cut.ts'
import { descriptionOf } from '../../../app/catalogue/description.ts'
import { nameOf } from '../../../app/catalogue/name.ts'
import { inRoubles, priceOf } from '../../../app/catalogue/price.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { createOfferIds, endingFor, endingOf, skuOf } from '../../../app/catalogue/sku.ts'
import { amountOf, stockFor, stockOf } from '../../../app/catalogue/stock.ts'
import { idOf, product, settings, shelf, shoes } from './sync-goods.ts'

test.each([
  ['Труба 20×30', 'Труба 20x30'],
  ['Скидка 10₽', 'Скидка 10 руб.'],
  ['Набор ②', 'Набор 2'],
  ['Коробка 2️⃣', 'Коробка 2'],
  ['Плитка, м²', 'Плитка, м2'],
  ['Ткань 1½ м', 'Ткань 1 1/2 м'],
  ['Роза🌹красная', 'Роза красная'],
  ['Семья 👨‍👩‍👧 и чай', 'Семья и чай'],
  ['Мёд\u00a0и  \tчай\u200b\n', 'Мёд и чай'],
  ['за\u0301мок', 'замок'],
  ['чаи\u0306', 'чай'],
  ['Café crème', 'Cafe creme'],
  ['«Ёлка» – “№ 1” — 5 °C… ±', '«Ёлка» – “№ 1” — 5 °C… ±'],
  ['<b>&amp;</b>', '<b>&amp;</b>'],
  ['Әпә', 'Апа'],
  ['日本 茶', ''],
  ['пере\u00adнос \ud83d', 'перенос'],
])('%j is told as %j', (text, told) => {
  expect(clean(text, letters)).toBe(told)
})

test('a description keeps its lines, with one empty line at the most', () => {
  expect(cleanLines(' Мёд \r\n\r\n\n\n и  чай\u2028воск ', letters)).toBe('Мёд\n\nи чай\nвоск')
})

test('long text is cut at a word', () => {
  expect(cut('Мёд липовый, светлый', 18)).toBe('Мёд липовый…')
  expect(cut('Мёд липовый', 11)).toBe('Мёд липовый')
  expect(cut('Мёд липовый', 10)).toBe('Мёд…')
  expect(cut('Шурупы/саморезы', 11)).toBe('Шурупы…')
  expect(cut('Саморезы 4,2×75', 13)).toBe('Саморезы…')
  expect(cut('Превысокомногорассмотрительствующий', 10)).toBe('Превысоко…')
  expect(cut('ыыы😀ы', 5)).toBe('ыыы…')
  expect(cut('Светлый мёд', 8)).toBe('Светлый…')
  expect(cut('(((((((((', 6)).toBe('(((((…')
})

const nameFor = (overrides: Parameters<typeof product>[0], cutNames = true) =>
  nameOf(product(overrides), shelf(shoes), cutNames)

test('a variant is named with what it differs by, once', () => {
  const choices = { size: '42', colour: 'blue' }
  const named = (name: string) => nameFor({ name, groupId: 'shoes', choices })

  expect(named('Ботинки')).toMatchObject({ title: 'Ботинки (Синий, 42)' })
  expect(named(' ')).toMatchObject({ title: 'Ботинки (Синий, 42)' })
  expect(named('Ботинки синий')).toMatchObject({ title: 'Ботинки синий (42)' })
  expect(named('Ботинки 420')).toMatchObject({ title: 'Ботинки 420 (Синий, 42)' })
  expect(named('Ботинки, Синий/42')).toMatchObject({ title: 'Ботинки, Синий/42' })
})

test('an unknown choice is left out of the name', () => {
  expect(nameFor({ groupId: 'shoes', choices: { size: '50', taste: 'x' } })).toMatchObject({
    title: 'Мёд липовый',
  })
})

test('what is weighed says what its price is for, also when the name is cut', () => {
  expect(nameFor({ name: 'Лук', unit: 'кг' })).toEqual({ title: 'Лук, за кг', full: 'Лук' })
  expect(nameFor({ name: 'Лук за кг', unit: 'КГ.' })).toMatchObject({ title: 'Лук за кг' })
  expect(nameFor({ name: 'Шафран', unit: 'г' })).toMatchObject({ title: 'Шафран, за г' })
  expect(nameFor({ name: 'Шафран', unit: 'пакетик' })).toMatchObject({ title: 'Шафран' })
  expect(nameFor({ name: 'Лук реп.', unit: 'кг' })).toMatchObject({ title: 'Лук реп, за кг' })
  expect(nameFor({ name: 'Рассада', service: true, unit: 'час' })).toMatchObject({
    title: 'Рассада, за час',
  })

  const long = nameFor({ name: 'Картофель молодой '.repeat(10), unit: 'кг' })
  if ('refused' in long) throw new Error('refused')
  expect(long.title).toMatch(/^Картофель.*…, за кг$/)
  expect(long.title.length).toBeLessThanOrEqual(100)
})

test('a long name keeps what its variant differs by', () => {
  const long = nameFor({
    name: 'Ботинки зимние '.repeat(10),
    groupId: 'shoes',
    choices: { colour: 'blue', size: '42' },
  })

  if ('refused' in long) throw new Error('refused')
  expect(long.title).toMatch(/ Ботинки… \(Синий, 42\)$/)
})

test('a name that cannot be sent says how long it is', () => {
  expect(nameFor({ name: 'Мак' })).toEqual({
    refused: { code: 'name_too_short', values: { n: 3 } },
  })
  expect(nameFor({ name: '🌹', unit: 'кг' })).toEqual({
    refused: { code: 'name_too_short', values: { n: 0 } },
  })
  expect(nameFor({ name: 'М'.repeat(101) }, false)).toEqual({
    refused: { code: 'name_too_long', values: { n: 101 } },
  })
})

const template = readSettings({}).template

test('the template helps where the till says too little', () => {
  const told = (text: string, words: string) =>
    descriptionOf(
      product({ description: words, article: 'МД-05' }),
      text,
      {
        full: 'Мёд',
        price: 249_050,
      },
      CAPACITY,
    )

  expect(told(template, 'Светлый мёд\nс лугов')).toEqual({ description: 'Светлый мёд\nс лугов' })
  expect(told(template, 'Мёд')).toEqual({
    description: 'Мёд. Цена за 1 шт. Наличие уточняйте в сообщениях сообщества.',
  })
  expect(told('{Название} { артикул }: {цена}, {вкус}', '')).toEqual({
    description: 'Мёд МД-05: 2 490,50 руб., {вкус}',
  })
  expect(told('{название}', 'Сладкий')).toEqual({
    refused: { code: 'description_too_short', values: { n: 7 } },
  })
  expect(told(template, 'Мёд '.repeat(2000))).toEqual({
    description: `${'Мёд '.repeat(999)}Мёд…`,
  })
})

test('what a product is called cannot speak in the template’s words', () => {
  const names = { full: '{цена} $& $1 воск', price: 100 }

  expect(descriptionOf(product({ description: '' }), '{название}', names, CAPACITY)).toEqual({
    description: '{цена} $& $1 воск',
  })
})

const priced = (kopecks: number, rule: Record<string, unknown>) =>
  priceOf(kopecks, readSettings({ price: rule }).price)

test.each([
  [10_000, {}, 10_000],
  [10_000, { percent: 15 }, 11_500],
  [333, { percent: 10 }, 366],
  [335, { percent: 10 }, 369],
  [10_000, { percent: 0.1 }, 10_010],
  [115, { percent: 2.2 }, 118],
  [10_000, { percent: -90, plus: 5 }, 1_005],
  [10_049, { rounding: '100' }, 10_000],
  [10_050, { rounding: '100' }, 10_100],
  [10_050, { percent: 10, plus: 1_000, rounding: '1000' }, 12_000],
  [30, { rounding: '10000' }, 10_000],
  [24_200, { rounding: 'nines' }, 23_900],
  [24_400, { rounding: 'nines' }, 24_900],
  [100, { rounding: 'nines' }, 900],
  [999_999_999, { percent: 1000 }, 10_999_999_989],
  [1_000, { plus: -1_000 }, undefined],
  [0, { plus: 1_000 }, undefined],
  [99_999_999_999_900, { percent: -90 }, 9_999_999_999_990],
  [9_007_199_254_740_991, { percent: 0.01, rounding: 'nines' }, 9_008_099_974_666_900],
  [12.5, {}, undefined],
  [NaN, {}, undefined],
  [-100, { plus: 1_000 }, undefined],
])('%d kopecks by %j are %j', (kopecks, rule, price) => {
  expect(priced(kopecks, rule)).toBe(price)
})

test('no price at the till stays none', () => {
  expect(priceOf(undefined, readSettings({}).price)).toBeUndefined()
})

test('roubles are told with kopecks only if there are any', () => {
  expect(inRoubles(249_000)).toBe('2 490 руб.')
  expect(inRoubles(9_550)).toBe('95,50 руб.')
  expect(inRoubles(5)).toBe('0,05 руб.')
  expect(inRoubles(999_999_900)).toBe('9 999 999 руб.')
})

test.each([
  [{ quantity: 12.9 }, 12],
  [{ quantity: 0.5 }, 0],
  [{ quantity: -3 }, 0],
  [{ quantity: 999_999 }, -1],
  [{ quantity: 999_998.9 }, 999_998],
  [{ quantity: 0.3, unit: 'кг' }, -1],
  [{ quantity: 0, unit: 'кг' }, 0],
  [{ quantity: 0.5, unit: 'литр' }, -1],
  [{ quantity: 0.4, unit: 'пог. м' }, -1],
  [{ quantity: 0.5, unit: 'упак' }, 1],
  [{ quantity: 3.5, unit: 'упак' }, 3],
  [{ quantity: 0.1, unit: 'бухта' }, 1],
  [{ quantity: 0.5, unit: '' }, 0],
  [{ quantity: 0.5, unit: 'штука' }, 0],
  [{ quantity: 2.9999999999, unit: 'шт' }, 3],
  [{ quantity: 5.5e-17, unit: 'л' }, 0],
  [{ quantity: 0, service: true }, -1],
])('of %j there are %d', (overrides, stock) => {
  expect(stockOf(product(overrides))).toBe(stock)
})

test('a till that does not tell its stock has none and not zero', () => {
  const untold = product()
  delete untold.quantity

  expect(stockOf(untold)).toBeUndefined()
})

test.each([
  [{ quantity: 7 }, -1],
  [{ quantity: 0 }, 0],
  [{ quantity: -3 }, 0],
  [{ quantity: 0.3, unit: 'кг' }, -1],
  [{ quantity: NaN }, undefined],
])('where pieces are not counted, of %j there are %s', (overrides, stock) => {
  expect(stockFor(product(overrides), { pieces: false })).toBe(stock)
  expect(stockFor(product(overrides), { pieces: true })).toBe(stockOf(product(overrides)))
})

test('a card is known by the ending of its sku', () => {
  const id = '1F0C2233-4455-4000-8000-000000000000'

  expect(skuOf(product({ id, article: ' МД-05 ', code: '42' }), CAPACITY)).toBe(
    'МД-05 1f0c22334455',
  )
  expect(skuOf(product({ id, article: '🌹', code: '42' }), CAPACITY)).toBe('42 1f0c22334455')
  expect(skuOf(product({ id }), CAPACITY)).toBe('1f0c22334455')
  expect(skuOf(product({ id, article: 'М'.repeat(90) }), CAPACITY)).toBe(
    `${'М'.repeat(37)} 1f0c22334455`,
  )
  expect(endingOf('МД-05 1F0C22334455 ')).toBe('1f0c22334455')
  expect(endingFor('не число')).toMatch(/^[0-9a-f]{12}$/)
})

test('a table tells how many units there are, where pieces do not', () => {
  expect(amountOf(product({ quantity: 12 }))).toBeUndefined()
  expect(amountOf(product({ quantity: 0.35, unit: 'кг' }))).toBe(0.35)
  expect(amountOf(product({ quantity: 3.5, unit: 'упак' }))).toBe(3.5)
  expect(amountOf(product({ quantity: -2, unit: 'л' }))).toBe(0)
  expect(amountOf(product({ quantity: 999_999, unit: 'л' }))).toBeUndefined()
})

test('numbers in a file are the endings of cards; those that begin alike have others', () => {
  const idFor = createOfferIds()
  const alike = ['ABCDEF12-3456-4000-8000-000000000001', 'abcdef12-3456-4000-8000-000000000002']
  const ids = [idOf(255), ...alike, 'не число', '', '1'].map(idFor)

  expect(ids.slice(0, 2)).toEqual(['0000000000ff', 'abcdef123456'])
  expect(new Set(ids).size).toBe(ids.length)
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{1,20}$/)
  expect(alike.map(idFor)).toEqual(ids.slice(1, 3))
})

test.each(['МД-05', '', 'x1f0c22334455', '1f0c22334455 МД', 'a 1f0c2233445', 'a 1f0c223344556'])(
  'the sku %j is somebody else’s',
  (sku) => {
    expect(endingOf(sku)).toBeUndefined()
  },
)

test('ids of tests are told apart by their endings', () => {
  expect(endingFor(idOf(255))).toBe('0000000000ff')
})

describe('a file has rules of its own', () => {
  const inFile = (overrides: Partial<Product>, capacity = YML) =>
    buildItem(
      product({ name: 'Мак 🌺', description: '', ...overrides }),
      createGroupIndex({ groups: [], albumOf: new Map(), albums: [], capacity }),
      settings({ categoryId: undefined, photoId: undefined, template: '' }),
      true,
    )

  test('short names, signs of any script and words nobody wrote are no obstacle', () => {
    expect(inFile({})).toMatchObject({ item: { title: 'Мак 🌺', description: '' } })
    expect(inFile({ name: '日本茶' })).toMatchObject({ item: { title: '日本茶' } })
    expect(inFile({ name: '\u200b' })).toMatchObject({ refused: { code: 'name_too_short' } })
  })

  test('YML takes 150 signs of a name and 3,000 of a description, never through one', () => {
    const long = { name: 'Роза алая '.repeat(30), description: `${'ы'.repeat(2_998)}😀😀` }

    expect(inFile(long)).toMatchObject({ item: { description: `${'ы'.repeat(2_998)}…` } })
    const [yml, table] = [inFile(long), inFile(long, TABLE)]
    expect('item' in yml && yml.item.title).toMatch(/^(Роза алая )+Роза( алая)?…$/)
    expect('item' in yml && yml.item.title.length).toBeLessThanOrEqual(150)
    expect('item' in table && table.item).toMatchObject({
      title: long.name.trim(),
      description: long.description,
    })
  })
})
