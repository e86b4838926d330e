import { CAPACITY } from '../../../app/providers/vk/capacity.ts'
import { expect, test } from 'vitest'
import { type Group, type Product, UNCOUNTED } from '../../../app/catalogue/goods.ts'
import { buildItem } from '../../../app/catalogue/build-item.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { createGroupIndex } from '../../../app/catalogue/group-index.ts'
import { group, product, settings, shelf, shoes } from './sync-goods.ts'

const food = group('food', { name: 'Еда' })
const honey = group('honey', { name: 'Мёд', parentId: 'food' })

test('a product becomes a card', () => {
  const item = buildItem(
    product({ groupId: 'honey', article: 'МД-05' }),
    shelf(food, honey),
    settings(),
  )

  expect(item).toEqual({
    item: {
      title: 'Мёд липовый',
      description: 'Светлый мёд этого лета',
      price: 45_000,
      sku: 'МД-05 000000000001',
      stock: 12,
      hidden: false,
      categoryId: '7',
      photo: 'own:1',
      album: { groupId: 'honey', title: 'Мёд' },
    },
  })
})

const verdict = (overrides: Partial<Product>, chosen: Record<string, unknown> = {}) =>
  buildItem(product(overrides), shelf(food, honey), settings(chosen))

test.each([
  [{ groupId: 'honey' }, { groups: { food: 'skip' } }, 'group_skipped', { group: 'Еда' }],
  [{ restricted: 'beer' }, {}, 'restricted', { kind: 'beer' }],
  [{ sellable: false }, {}, 'not_sold', undefined],
  [{ price: 0 }, {}, 'price_missing', undefined],
  [{ price: -5 }, {}, 'price_missing', undefined],
  [{ price: NaN }, {}, 'price_missing', undefined],
  [{ price: 100 }, { price: { plus: -100 } }, 'price_by_rule', { price: '1 руб.' }],
  [{ quantity: 0 }, { outOfStock: 'delete' }, 'out_of_stock', undefined],
] as const)('%j with %j is left out: %s', (overrides, chosen, code, values) => {
  expect(verdict(overrides, chosen)).toEqual({ leftOut: { code, ...(values && { values }) } })
})

test('restricted goods go when the owner says so', () => {
  expect(verdict({ restricted: 'beer' }, { restricted: true })).toHaveProperty('item')
})

test('what has run out is hidden, or stays on display with none in stock', () => {
  expect(verdict({ quantity: 0 })).toMatchObject({ item: { hidden: true, stock: 0 } })

  const kept = verdict({ quantity: 0 }, { outOfStock: 'keep' })
  expect(kept).toMatchObject({ item: { hidden: false, stock: 0 } })
})

test('what cannot be expressed is refused', () => {
  const bare = readSettings({ template: '' })
  const refusal = (overrides: Partial<Product>, chosen = bare) =>
    buildItem(product(overrides), shelf(), chosen)

  expect(refusal({ name: 'Мак' })).toMatchObject({ refused: { code: 'name_too_short' } })
  expect(refusal({ description: 'Мак' })).toMatchObject({
    refused: { code: 'description_too_short', values: { n: 3 } },
  })
  expect(refusal({})).toEqual({ refused: { code: 'no_photo' } })
  for (const price of [99_999_999_999_901, UNCOUNTED])
    expect(refusal({ price })).toEqual({
      refused: { code: 'price_too_high', values: { limit: '999 999 999 999 руб.' } },
    })
  expect(refusal({}, readSettings({ photoId: 1 }))).toEqual({
    refused: { code: 'category_missing' },
  })
})

test('a card that is there needs neither category nor picture', () => {
  const judged = buildItem(product(), shelf(), readSettings({}), true)

  expect(judged).toMatchObject({ item: { title: 'Мёд липовый' } })
  for (const field of ['photo', 'categoryId']) expect(judged).not.toHaveProperty(`item.${field}`)
})

test('the nearest group decides on price, category and picture', () => {
  const chosen = {
    categories: { food: 1, honey: 2 },
    photos: { food: 3 },
    prices: { food: { percent: 10 }, honey: { percent: 20 } },
  }

  expect(verdict({ groupId: 'honey' }, chosen)).toMatchObject({
    item: { categoryId: '2', photo: 'own:3', price: 54_000 },
  })
  expect(verdict({ groupId: 'food' }, chosen)).toMatchObject({
    item: { categoryId: '1', price: 49_500 },
  })
})

test('the till’s own picture is preferred', () => {
  expect(verdict({ image: { url: 'https://…', version: 'v2' } })).toMatchObject({
    item: { photo: 'till:v2' },
  })
})

const albums = [
  { id: '5', title: 'Мёд' },
  { id: '6', title: ' мёд ' },
  { id: '8', title: 'Воск' },
]

/** The album a product of a group goes to. */
const albumIn = (
  groupId: string | undefined,
  {
    groups = [food, honey],
    mapped = {},
    chosen = {},
  }: {
    groups?: Group[]
    mapped?: Record<string, string>
    chosen?: Record<string, unknown>
  } = {},
) => {
  const places = createGroupIndex({
    groups,
    albums,
    albumOf: new Map(Object.entries(mapped)),
    capacity: CAPACITY,
  })
  const judged = buildItem(
    product(groupId === undefined ? {} : { groupId }),
    places,
    settings({ groups: chosen }),
  )
  return 'item' in judged ? judged.item.album : judged
}

test('a group’s album is the known one, one of its name, or a new one', () => {
  expect(albumIn(undefined)).toBeUndefined()
  expect(albumIn('nowhere')).toBeUndefined()
  expect(albumIn('honey')).toEqual({ id: '5' })
  expect(albumIn('honey', { mapped: { honey: '8' } })).toEqual({ id: '8' })
  expect(albumIn('honey', { mapped: { honey: '99' } })).toEqual({ id: '5' })
  expect(albumIn('honey', { chosen: { honey: { album: '8' } } })).toEqual({ id: '8' })
  expect(albumIn('honey', { chosen: { honey: { album: '99' } } })).toEqual({ id: '5' })
  expect(albumIn('honey', { chosen: { honey: 'none' } })).toBeUndefined()
  expect(albumIn('food')).toEqual({ groupId: 'food', title: 'Еда' })
})

test('variants stand in the album of the group above their parent', () => {
  const groups = [group('wear', { name: 'Одежда' }), { ...shoes, parentId: 'wear' }]

  expect(albumIn('shoes', { groups })).toEqual({ groupId: 'wear', title: 'Одежда' })
  expect(albumIn('shoes', { groups: [shoes] })).toBeUndefined()
})

test('what stands in a group without a name goes to the album of the one above', () => {
  const groups = [
    group('wear', { name: 'Одежда' }),
    group('empty', { name: '', parentId: 'wear' }),
    group('blank', { name: '\u00a0\u200b', parentId: 'empty' }),
    group('alone', { name: ' ' }),
  ]

  for (const id of ['empty', 'blank'])
    expect(albumIn(id, { groups })).toEqual({ groupId: 'wear', title: 'Одежда' })
  expect(albumIn('blank', { groups, chosen: { wear: 8 } })).toEqual({ id: '8' })
  expect(albumIn('alone', { groups })).toBeUndefined()
})

test('groups of one name share the album that is made', () => {
  const groups = [group('a', { name: 'Розы' }), group('b', { name: 'розы' })]

  expect(albumIn('b', { groups })).toEqual({ groupId: 'a', title: 'Розы' })
  expect(albumIn('b', { groups, mapped: { a: '8' } })).toEqual({ groupId: 'b', title: 'розы' })
})

test('groups that contain each other end somewhere', () => {
  const groups = [
    { ...shoes, parentId: 'loop' },
    { ...shoes, id: 'loop', parentId: 'shoes' },
  ]

  expect(albumIn('shoes', { groups })).toBeUndefined()
})
