import { describe, expect, test } from 'vitest'
import { around, duration, price } from '../../../app/web/kit/amounts.ts'
import { changesOf } from '../../../app/web/catalogue/change-words.ts'
import { leftByLimit, leftByRate, takes } from '../../../app/web/catalogue/estimate.ts'
import { pageLinks } from '../../../app/web/kit/page-links.ts'
import { UNLIMITED } from '../../../app/catalogue/items.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import type { Step } from '../../../app/catalogue/steps.ts'
import { item, step } from '../../support/catalogue/rows.ts'

const there = { template: readSettings({}).template, albums: new Map([['7', 'Розы']]) }
const say = (action: Step['action'], more: Partial<Step>) => changesOf(step(action, more), there)
const plain = (text: string) => text.replace(/\u00a0/g, ' ')

describe('what becomes of a card', () => {
  test.each<[string, Step['action'], Partial<Step>]>([
    ['Изменится цена.', 'update', { fields: ['price'] }],
    [
      'Изменятся название и описание. Сейчас карточка называется «Роза».',
      'update',
      {
        fields: ['title', 'description'],
        before: { title: 'Роза' },
      },
    ],
    [
      'Изменятся цена, артикул, фото и остаток: станет без ограничений.',
      'update',
      {
        fields: ['price', 'stock', 'sku', 'photo'],
        item: item({ stock: UNLIMITED }),
      },
    ],
    [
      'Появится в подборке «Розы».',
      'update',
      { fields: ['album'], item: item({ album: { id: '7' } }) },
    ],
    [
      'Перейдёт в подборку «Букеты».',
      'update',
      {
        fields: ['album'],
        leaveAlbum: '7',
        item: item({ album: { groupId: 'g', title: 'Букеты' } }),
      },
    ],
    ['Уберём из подборки.', 'update', { leaveAlbum: '7' }],
    [
      'Снова появится на витрине. Изменится остаток: было 0, станет 5.',
      'restore',
      {
        fields: ['stock'],
        item: item({ stock: 5 }),
        before: { stock: 0, hidden: true },
      },
    ],
    [
      'Товар закончился на кассе. Карточку скроем, её можно вернуть.',
      'hide',
      {
        reason: { code: 'out_of_stock' },
      },
    ],
    [
      'На кассе товара больше нет. Карточку удалим, вернуть её не получится.',
      'delete',
      {
        reason: { code: 'gone' },
      },
    ],
    [
      'Карточки больше нет, создадим её заново. Появится в сообществе.',
      'create',
      {
        reason: { code: 'item_gone' },
      },
    ],
    [
      'Появится в подборке «Розы». Описание возьмём из шаблона.',
      'create',
      {
        item: item({
          album: { id: '7' },
          description: 'Тюльпан. Цена за 1 шт. Наличие уточняйте в сообщениях сообщества.',
        }),
      },
    ],
  ])('%s', (words, action, more) => {
    expect(say(action, more)).toBe(words)
  })
})

test('sums and spans are written as people write them', () => {
  expect(plain(price(123_450))).toBe('1 234,50 ₽')
  expect(plain(price(18_000))).toBe('180 ₽')
  expect(plain(price(undefined))).toBe('0 ₽')
  expect(duration(300)).toBe('меньше секунды')
  expect(duration(8_000)).toBe('8 с')
  expect(duration(126_000)).toBe('2 мин 6 с')
  expect(duration(3_960_000)).toBe('1 ч 6 мин')
  expect([60, 120, 1260, 7200].map(around)).toEqual(['1 минуты', '2 минут', '21 минуты', '2 часов'])
})

test('how long it takes comes from the limit, and what is left from the rate', () => {
  expect(takes({ create: 400, update: 25 }, 3)).toBe('Займёт около 3 минут.')
  expect(takes({ skip: 5000 }, 3)).toBe('Займёт меньше минуты.')
  expect(leftByLimit({ create: 2000 }, 3)).toBe('Осталось около 16 минут')
  expect(leftByRate({ done: 24, total: 38, ms: 120_000 })).toBe('Осталось около 1 минуты')
})

test('of many pages the first, the last and the near ones are linked', () => {
  const labels = (page: number, pages: number) =>
    pageLinks(page, pages, String).map(({ label }) => label)

  expect(labels(1, 1)).toEqual([])
  expect(labels(2, 3)).toEqual(['1', '2', '3', 'Дальше'])
  expect(labels(9, 9)).toEqual(['1', '7', '8', '9'])
})
