import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import { readGroup, readProduct } from '../../../app/providers/evotor/product.ts'

const HONEY = {
  type: 'NORMAL',
  id: '1f0c0000-0000-4000-8000-000000000001',
  parent_id: '77aa0000-0000-4000-8000-000000000001',
  name: 'Мёд липовый 0,5',
  code: '42',
  article_number: 'МД-05',
  barcodes: ['2000000000060'],
  price: 450,
  cost_price: 280.5,
  quantity: 12.5,
  measure_name: 'шт',
  tax: 'NO_VAT',
  allow_to_sell: true,
  description: 'Цветочный',
  attributes_choices: { weight: 'half' },
  is_excisable: false,
  images: [{ id: 'I1', url: 'https://img.example.ru/1.png', meta: { file_size: 429 } }],
  updated_at: '2025-01-01T10:00:00.000+0000',
}

const BARE = {
  id: HONEY.id,
  name: '',
  service: false,
  unit: '',
  sellable: true,
  description: '',
  choices: {},
}

describe('a product of the till', () => {
  test('is read with everything the manual shows', () => {
    expect(readProduct(HONEY)).toEqual({
      id: HONEY.id,
      groupId: HONEY.parent_id,
      name: 'Мёд липовый 0,5',
      service: false,
      article: 'МД-05',
      code: '42',
      price: 45_000,
      quantity: 12.5,
      unit: 'шт',
      sellable: true,
      description: 'Цветочный',
      choices: { weight: 'half' },
      image: { url: 'https://img.example.ru/1.png', version: 'I1 429' },
    })
  })

  test('needs nothing but an id', () => {
    expect(readProduct({ id: HONEY.id })).toEqual(BARE)
    const nulls = Object.fromEntries(Object.keys(HONEY).map((name) => [name, null]))
    expect(readProduct({ ...nulls, id: HONEY.id })).toEqual(BARE)
  })

  test.each([undefined, null, 'Мёд', [], {}, { id: '' }, { id: null, name: 'Мёд' }, { id: {} }])(
    '%j has none and spoils its list',
    (value) => {
      expect(failureOf(() => readProduct(value))).toMatchObject({
        code: 'bad_response',
        kind: 'temporary',
      })
    },
  )

  test('reads the rest the same whatever is missing', () => {
    const whole = readProduct(HONEY)
    const bare: Record<string, unknown> = BARE
    const names = Object.keys(HONEY).filter((name) => name !== 'id')
    fc.assert(
      fc.property(fc.subarray(names), (dropped) => {
        const kept = Object.entries(HONEY).filter(([name]) => !dropped.includes(name))

        expect(readProduct(Object.fromEntries(kept))).toEqual(
          Object.fromEntries(
            Object.entries(whole).flatMap(([name, value]) => {
              if (!dropped.includes(SOURCES[name] ?? '')) return [[name, value]]
              return name in bare ? [[name, bare[name]]] : []
            }),
          ),
        )
      }),
    )
  })

  test('is the same with numbers as texts, in camel case, and beside unknown fields', () => {
    const texts = { ...HONEY, price: '450.00', quantity: '12,5', code: 42 }
    const camel = Object.fromEntries(
      Object.entries(HONEY).map(([name, value]) => [
        name.replace(/_(.)/g, (_all, letter: string) => letter.toUpperCase()),
        value,
      ]),
    )

    expect(readProduct(texts)).toEqual(readProduct(HONEY))
    expect(readProduct(camel)).toEqual(readProduct(HONEY))
    expect(readProduct({ ...HONEY, new_field: { deep: [1] } })).toEqual(readProduct(HONEY))
  })

  test('whatever its fields hold, is a product or a bad answer', () => {
    const junk = fc.record(
      Object.fromEntries(Object.keys(HONEY).map((name) => [name, fc.anything()])),
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(junk, (fields) => {
        const { price = 0, name, unit } = readProduct({ ...fields, id: HONEY.id })

        expect(Number.isSafeInteger(price) && price >= 0).toBe(true)
        expect([typeof name, typeof unit]).toEqual(['string', 'string'])
      }),
    )
  })

  test('never tells what it cost the shop', () => {
    const read = JSON.stringify(readProduct({ ...HONEY, cost_price: 77_123.45 }))

    expect(read).not.toMatch(/cost|77123|7712345/i)
  })
})

describe('prices', () => {
  test('are whole kopecks, to the kopeck', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (kopecks) => {
        expect(readProduct({ id: '1', price: kopecks / 100 }).price).toBe(kopecks)
        expect(readProduct({ id: '1', price: (kopecks / 100).toFixed(2) }).price).toBe(kopecks)
      }),
    )
  })

  test.each([
    [0, 0],
    [123.12, 12_312],
    [100.123, 10_012],
    ['19.9', 1990],
    [null, undefined],
    ['', undefined],
    ['договорная', undefined],
    [-1, undefined],
    [1e17, Number.MAX_SAFE_INTEGER],
    [1e300, Number.MAX_SAFE_INTEGER],
    [-0.001, 0],
  ])('%j is %j', (price, kopecks) => {
    expect(readProduct({ id: '1', price }).price).toBe(kopecks)
  })
})

test.each([
  [0, 0],
  [-2, -2],
  [0.125, 0.125],
  [999_999, 999_999],
  [undefined, undefined],
  [null, undefined],
  ['', undefined],
])('the quantity %j is %j: what is not told is not zero', (quantity, read) => {
  expect(readProduct({ id: '1', quantity }).quantity).toBe(read)
})

describe('types', () => {
  test.each([
    ['ALCOHOL_MARKED', 'alcohol'],
    ['ALCOHOL_NOT_MARKED', 'alcohol'],
    ['BEER_MARKED_KEG', 'beer'],
    ['TOBACCO_PRODUCTS_MARKED', 'tobacco'],
    ['MEDICINE_MARKED', 'medicine'],
    ['DIETARY_SUPPLEMENTS_MARKED', 'supplements'],
    ['LOTTERY_TICKET', 'lottery'],
    ['LOTTERY_PRIZE', 'lottery'],
    ['JEWELRY_MARKED', 'jewelry'],
    ['NORMAL', undefined],
    ['SHOES_MARKED', undefined],
    ['MEDICAL_DEVICES_MARKED', undefined],
    ['NEW_OF_2031', undefined],
    ['constructor', undefined],
  ])('%s is restricted as %s', (type, restricted) => {
    expect(readProduct({ id: '1', type })).toMatchObject({ service: false })
    expect(readProduct({ id: '1', type }).restricted).toBe(restricted)
  })

  test.each([
    [{ is_age_limited: true }, 'adult'],
    [{ isAgeLimited: 'true' }, 'adult'],
    [{ is_excisable: 1 }, 'excise'],
    [{ is_excisable: true, alcocodes: ['0300006331110000001'] }, 'alcohol'],
    [{ alcohol_by_volume: 40 }, 'alcohol'],
    [{ alcohol_product_kind_code: '200' }, 'alcohol'],
    [{ type: 'TOBACCO_MARKED', is_age_limited: true }, 'tobacco'],
    [{ is_age_limited: false, is_excisable: null, alcocodes: [], alcohol_by_volume: 0 }, undefined],
    [{ is_age_limited: 'no', alcohol_product_kind_code: '' }, undefined],
  ])('%j is restricted as %j', (fields, restricted) => {
    expect(readProduct({ id: '1', type: 'NORMAL', ...fields }).restricted).toBe(restricted)
  })

  test('a service is one', () => {
    expect(readProduct({ id: '1', type: 'SERVICE' }).service).toBe(true)
  })
})

describe('pictures', () => {
  test.each([
    [undefined],
    [[]],
    [{}],
    [[null]],
    [[{ id: 'I1' }]],
    [[{ id: 'I1', url: 'javascript:alert(1)' }]],
    [[{ id: 'I1', url: 'file:///etc/passwd' }]],
    [[{ id: 'I1', url: '/relative.png' }]],
  ])('%j is none', (images) => {
    expect(readProduct({ id: '1', images })).not.toHaveProperty('image')
  })

  test('signed anew at every listing, a picture stays the same one', () => {
    const at = (url: string) => readProduct({ id: '1', images: [{ id: 'I1', url }] }).image?.version

    expect(at('https://img.example.ru/1?sign=a')).toBe(at('https://img.example.ru/1?sign=b'))
  })

  test('whatever it is known by, that fits beside a card', () => {
    const long = `https://img.example.ru/${'a'.repeat(3_000)}`
    const versions = [
      readProduct({ id: 'P1', images: [{ url: long }] }),
      readProduct({ id: 'P1', images: [{ url: `${long}b` }] }),
      readProduct({ id: 'P1', images: [{ url: 'https://img.example.ru/1', id: 'a\0b' }] }),
    ].map(({ image }) => image?.version ?? '')

    expect(versions.join()).toMatch(/^[ -~]{1,600}$/)
    expect(new Set(versions).size).toBe(3)
  })

  test('another id or another date is another picture', () => {
    const url = 'https://img.example.ru/1.png'
    const version = (image: object) =>
      readProduct({ id: '1', images: [{ url, ...image }] }).image?.version

    const versions = [{}, { id: 'I1' }, { id: 'I2' }, { id: 'I1', updatedAt: '2026' }].map(version)

    expect(new Set(versions).size).toBe(4)
  })
})

describe('groups', () => {
  test('of variants have their attributes', () => {
    const attributes = [{ id: 'A1', name: 'Цвет', choices: [{ id: 'C1', name: 'Красный' }, {}] }]

    expect(readGroup({ id: 'G1', parent_id: null, name: 'Лента', attributes })).toEqual({
      id: 'G1',
      name: 'Лента',
      attributes: [{ id: 'A1', name: 'Цвет', choices: [{ id: 'C1', name: 'Красный' }] }],
    })
  })

  test('need nothing but an id', () => {
    expect(readGroup({ uuid: 'G1' })).toEqual({ id: 'G1', name: '', attributes: [] })
    expect(failureOf(() => readGroup({ name: 'Лента' }))).toMatchObject({ code: 'bad_response' })
  })
})

/** What of the answer a field of the product comes from. */
const SOURCES: Record<string, string> = {
  groupId: 'parent_id',
  name: 'name',
  article: 'article_number',
  code: 'code',
  price: 'price',
  quantity: 'quantity',
  unit: 'measure_name',
  description: 'description',
  choices: 'attributes_choices',
  image: 'images',
}

function failureOf(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
}
