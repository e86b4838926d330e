import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldsOf, roubles } from '../../../app/providers/vk/fields.ts'
import { withoutLinks } from '../../../app/providers/vk/links.ts'

describe('roubles', () => {
  test.each([
    [0, '0.00'],
    [1, '0.01'],
    [10, '0.10'],
    [100, '1.00'],
    [25_050, '250.50'],
    [99_999_999_999_900, '999999999999.00'],
  ])('of %d kopecks are %s', (kopecks, text) => {
    expect(roubles(kopecks)).toBe(text)
  })

  test('are the same kopecks without their point', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999_999_900 }), (kopecks) => {
        expect(roubles(kopecks)).toMatch(/^\d+\.\d\d$/)
        expect(Number(roubles(kopecks).replace('.', ''))).toBe(kopecks)
      }),
    )
  })
})

describe('fields', () => {
  test('are those that change, and always whether the card is hidden', () => {
    expect(fieldsOf({ hidden: false, price: 9990 })).toEqual({ price: '99.90', deleted: 0 })
    expect(fieldsOf({ hidden: true, stock: 0 })).toEqual({ stock_amount: 0, deleted: 1 })
  })

  test('go by the names VK has for them', () => {
    const card = { title: 'Чай', description: 'Чёрный чай', price: 100, sku: 'A-1', stock: -1 }

    expect(fieldsOf({ ...card, hidden: false, categoryId: '20173', photoId: '5' })).toEqual({
      name: 'Чай',
      description: 'Чёрный чай',
      category_id: 20_173,
      price: '1.00',
      sku: 'A-1',
      stock_amount: -1,
      main_photo_id: 5,
      deleted: 0,
    })
  })
})

describe('a description without its links', () => {
  test.each([
    ['Чай чёрный. Подробнее: https://shop.example/tea?id=1', 'Чай чёрный. Подробнее:'],
    ['Заходите на www.shop.example за чаем', 'Заходите на за чаем'],
    ['Заходите на чай-слон.рф за чаем', 'Заходите на за чаем'],
    ['Чай с shop.com/tea и сахаром', 'Чай с и сахаром'],
  ])('of «%s» is «%s»', (text, rest) => {
    expect(withoutLinks(text)).toBe(rest)
  })

  test.each(['Чай чёрный, 100 г. Россия', 'Пишите на box@mail.ru', 'https://shop.example/tea'])(
    'of «%s» is none',
    (text) => {
      expect(withoutLinks(text)).toBeUndefined()
    },
  )
})
