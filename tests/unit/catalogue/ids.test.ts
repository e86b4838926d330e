import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cardsOf } from '../../../app/catalogue/cards.ts'
import { createGroupIndex } from '../../../app/catalogue/group-index.ts'
import { inOrderOfIds } from '../../../app/catalogue/ids.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { CAPACITY } from '../../../app/providers/vk/capacity.ts'
import { endingFor } from '../../../app/catalogue/sku.ts'
import { idOf } from './sync-goods.ts'

describe('ids of a platform', () => {
  test.each([
    [['10', '9', '100']],
    [['90071992547409930', '9007199254740992', '90071992547409931']],
    [['0b10', '0b9', '0a11']],
  ])('of %j count up', (ids) => {
    const [second, first, third] = ids

    expect(ids.toSorted(inOrderOfIds).join()).toBe(
      ids.includes('0a11') ? [third, first, second].join() : [first, second, third].join(),
    )
  })

  test('are in one order only, whatever stands in them', () => {
    const id = fc.oneof(fc.stringMatching(/^0{0,2}[1-9]\d{0,20}$/), fc.string({ maxLength: 8 }))
    fc.assert(
      fc.property(id, id, (a, b) => {
        expect(Math.sign(inOrderOfIds(a, b))).toBe(-Math.sign(inOrderOfIds(b, a)) + 0)
        expect(inOrderOfIds(a, b) === 0).toBe(a === b)
      }),
    )
  })

  test('the oldest of several is the one that was there first, not the first in a dictionary', () => {
    const productId = idOf(1)
    const sku = `А1 ${endingFor(productId)}`
    const albums = ['10', '9', '100'].map((id) => ({ id, title: 'Мёд' }))

    const cards = cardsOf(
      [productId],
      [],
      ['10', '9', '100'].map((itemId) => ({ itemId, sku })),
    )
    const { titled } = createGroupIndex({
      ...{ groups: [], albumOf: new Map(), albums, capacity: CAPACITY },
    })

    expect(cards.adopted).toMatchObject([{ itemId: '9' }])
    expect([...titled.values()]).toEqual(['9'])
  })
})

describe('settings', () => {
  test('of before, when ids were numbers, mean the same', () => {
    const before = readSettings({
      categoryId: 7,
      categories: { tea: 8 },
      groups: { tea: 902, honey: 'none', wax: 'create' },
      photoId: 3,
    })

    expect(before).toMatchObject({
      categoryId: '7',
      categories: { tea: '8' },
      groups: { tea: { album: '902' }, honey: 'none', wax: 'create' },
      photoId: 3,
    })
    expect(readSettings(JSON.parse(JSON.stringify(before)))).toEqual(before)
  })

  test('an album that is called as a word of ours is an album', () => {
    const groups = { a: { album: 'none' }, b: { album: 'skip' }, c: { album: 'create' } }

    expect(readSettings({ groups }).groups).toEqual(groups)
  })

  test.each([{ groups: { a: '902' } }, { categoryId: '' }, { groups: { a: { album: '' } } }])(
    '%j cannot be meant',
    (value) => {
      expect(() => readSettings(value)).toThrow()
    },
  )
})
