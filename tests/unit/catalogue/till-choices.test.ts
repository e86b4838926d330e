import { CAPACITY } from '../../../app/providers/vk/capacity.ts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { goodsOf } from '../../../app/flows/catalogue/source-choices.ts'
import { readSettings, ROUNDINGS } from '../../../app/catalogue/settings.ts'
import type { Group, Product } from '../../../app/catalogue/goods.ts'
import { fieldsFrom } from '../../../app/web/catalogue/settings/fields.ts'
import { readSettingsForm } from '../../../app/web/catalogue/settings/form.ts'
import { growthOf } from '../../support/catalogue/growth.ts'

describe('Groups of a till as a list', () => {
  test('stand under the group they belong to, by name, with their products', () => {
    const groups = [group('b', 'Розы', 'a'), group('c', 'Астры', 'a'), group('a', 'Цветы')]
    const goods = goodsOf(
      groups,
      [product('b'), product('b'), product('a'), product(undefined)],
      CAPACITY,
    )

    expect(goods.groups).toEqual([
      { id: 'a', name: 'Цветы', depth: 0, products: 1 },
      { id: 'c', name: 'Астры', depth: 1, products: 0 },
      { id: 'b', name: 'Розы', depth: 1, products: 2 },
    ])
    expect(goods).toMatchObject({ products: 4, loose: 1, sample: undefined })
  })

  test('the parent of variants is no line; its products count for the group it stands in', () => {
    const size = { id: 'size', name: 'Размер', choices: [] }
    const groups = [group('a', 'Футболки'), { ...group('v', 'Футболка', 'a'), attributes: [size] }]

    expect(goodsOf(groups, [product('v'), product('v')], CAPACITY).groups).toEqual([
      { id: 'a', name: 'Футболки', depth: 0, products: 2 },
    ])
  })

  test('ten thousand, side by side or each in the one before, are listed in time that grows with them', async () => {
    const rowOf = (length: number) =>
      Array.from({ length }, (_, n) => group(`g${n}`, `Группа ${n}`))
    const chainOf = (length: number) =>
      rowOf(length).map((one, n) => (n ? { ...one, parentId: `g${n - 1}` } : one))
    const [row, chain] = [rowOf(10_000), chainOf(10_000)]
    const listing = (groups: typeof row) => () => goodsOf(groups, [], CAPACITY)

    expect(goodsOf(row, [], CAPACITY).groups).toHaveLength(10_000)
    expect(goodsOf(chain, [], CAPACITY).groups.at(-1)).toMatchObject({ id: 'g9999', depth: 9_999 })
    for (const [few, many] of [
      [rowOf(1_000), row],
      [chainOf(1_000), chain],
    ] as const)
      expect(await growthOf(listing(few), listing(many))).toBeLessThan(40)
  })

  test('one that is named twice is one', () => {
    expect(goodsOf([group('a', 'Розы'), group('a', 'Розы')], [], CAPACITY).groups).toHaveLength(1)
  })

  test('every group is listed once, however they stand in each other', () => {
    const ids = fc.constantFrom('a', 'b', 'c', 'd', 'nobody')
    const parents = fc.record({ a: ids, b: ids, c: ids, d: ids })
    fc.assert(
      fc.property(parents, (of) => {
        const groups = Object.entries(of).map(([id, parent]) => group(id, id, parent))
        const listed = goodsOf(groups, [], CAPACITY).groups.map(({ id }) => id)
        expect(listed.toSorted()).toEqual(['a', 'b', 'c', 'd'])
      }),
      { numRuns: 200 },
    )
  })
})

test('settings come out of their own form as they went in', () => {
  const kopecks = fc.integer({ min: -1_000_000, max: 1_000_000 })
  const rule = fc.record({
    percent: fc.integer({ min: -9000, max: 100_000 }).map((n) => n / 100),
    plus: kopecks,
    rounding: fc.constantFrom(...ROUNDINGS),
  })
  const settings = fc.record({
    categoryId: fc.integer({ min: 1, max: 99_999 }),
    groups: fc.constantFrom({}, { 'g-1': 'skip', 'g-2': 12 }, { 'g 3': 'none' }),
    categories: fc.constantFrom({}, { 'g-1': 5 }),
    price: rule,
    prices: fc.record({ 'g-1': rule }),
    gone: fc.constantFrom('hide', 'keep', 'delete'),
    restricted: fc.boolean(),
    cutNames: fc.boolean(),
    everyMinutes: fc.constantFrom(10, 60, 360, 1440, 0),
  })
  fc.assert(
    fc.property(settings, (some) => {
      const before = readSettings(some)
      const form = readSettingsForm(
        fieldsFrom(before),
        readSettings({}),
        { groups: new Map() },
        {},
        {
          platform: { title: 'ВКонтакте' },
          capacity: CAPACITY,
        },
      )
      expect(form).toEqual({ settings: before, errors: {} })
    }),
    { numRuns: 300 },
  )
})

const group = (id: string, name: string, parentId?: string): Group => ({
  id,
  name,
  ...(parentId && { parentId }),
  attributes: [],
})

const product = (groupId: string | undefined): Product => ({
  id: 'p',
  ...(groupId && { groupId }),
  name: 'Роза',
  service: false,
  unit: 'шт',
  sellable: true,
  description: '',
  choices: {},
})
