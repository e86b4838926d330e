import { CAPACITY } from '../../../app/providers/vk/capacity.ts'
import type { Group, Product } from '../../../app/catalogue/goods.ts'
import { createGroupIndex, type GroupIndex } from '../../../app/catalogue/group-index.ts'
import { readSettings, type Settings } from '../../../app/catalogue/settings.ts'

/** An everyday product; `overrides` say what the test is about. */
export const product = (overrides: Partial<Product> = {}): Product => ({
  id: idOf(1),
  name: 'Мёд липовый',
  service: false,
  price: 45_000,
  quantity: 12,
  unit: 'шт',
  sellable: true,
  description: 'Светлый мёд этого лета',
  choices: {},
  ...overrides,
})

/** A UUID for a number; its first twelve digits are the number. */
export const idOf = (number: number): string => {
  const hex = number.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-4000-8000-000000000000`
}

export const group = (id: string, overrides: Partial<Group> = {}): Group => ({
  id,
  name: id,
  attributes: [],
  ...overrides,
})

/** Shoes in two colours and two sizes. */
export const shoes: Group = group('shoes', {
  name: 'Ботинки',
  attributes: [
    {
      id: 'colour',
      name: 'Цвет',
      choices: [
        { id: 'blue', name: 'Синий' },
        { id: 'red', name: 'Красный' },
      ],
    },
    { id: 'size', name: 'Размер', choices: [{ id: '42', name: '42' }] },
  ],
})

export const shelf = (...groups: Group[]): GroupIndex =>
  createGroupIndex({ groups, albumOf: new Map(), albums: [], capacity: CAPACITY })

/** Settings with which an everyday product goes. */
export const settings = (overrides: Record<string, unknown> = {}): Settings =>
  readSettings({ categoryId: '7', photoId: 1, ...overrides })
