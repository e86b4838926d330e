import { expect, test } from 'vitest'
import { buildItem } from '../../../app/catalogue/build-item.ts'
import { cut } from '../../../app/catalogue/cut.ts'
import type { Overrides } from '../../../app/catalogue/owner/overrides.ts'
import { CAPACITY as OK } from '../../../app/providers/ok/capacity.ts'
import { product, settings, shelf } from './sync-goods.ts'

const built = (overrides: Overrides, chosen: Record<string, unknown> = {}) =>
  buildItem(product({ unit: 'кг' }), shelf(), settings(chosen), true, { overrides })

test('the owner’s name stands as it was typed, without what names of the till are given', () => {
  expect(built({})).toMatchObject({ item: { title: 'Мёд липовый, за кг' } })
  expect(built({ title: ' Мёд  с пасеки ' })).toMatchObject({ item: { title: 'Мёд с пасеки' } })
})

test('the owner’s description stands for the till’s', () => {
  const description = 'Собран в июле, не нагревали.'

  expect(built({ description })).toMatchObject({ item: { description } })
})

test('a name that another place takes is cut for one that takes less, or refused', () => {
  const title = 'Мёд '.repeat(40)

  expect(built({ title })).toMatchObject({ item: { title: cut(title.trim(), 100) } })
  expect(built({ title }, { cutNames: false })).toMatchObject({
    refused: { code: 'name_too_long' },
  })
  expect(built({ title: 'Мёд' })).toMatchObject({ refused: { code: 'name_too_short' } })
})

test.each([
  [45_001, {}, 45_001],
  [45_000, {}, undefined],
  [50_000, { price: { percent: 20 } }, undefined],
] as const)('an old price of %i with %j shows as %s', (oldPrice, chosen, shown) => {
  expect(built({ oldPrice }, chosen)).toHaveProperty('item')
  expect(built({ oldPrice }, chosen)).toMatchObject({ item: shown ? { oldPrice: shown } : {} })
  if (!shown) expect(built({ oldPrice }, chosen)).not.toHaveProperty('item.oldPrice')
})

test('where a place has no old prices, none is sent', () => {
  const place = { ...shelf(), capacity: OK }
  const item = buildItem(product(), place, settings(), true, { overrides: { oldPrice: 99_000 } })

  expect(item).toHaveProperty('item')
  expect(item).not.toHaveProperty('item.oldPrice')
})

test('what is set aside does not go, whatever else is the matter with it', () => {
  const aside = { overrides: { aside: true as const } }

  expect(buildItem(product({ price: 0 }), shelf(), settings(), false, aside)).toEqual({
    leftOut: { code: 'set_aside' },
  })
})
