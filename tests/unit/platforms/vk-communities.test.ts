import { describe, expect, test } from 'vitest'
import { readCategories } from '../../../app/providers/vk/categories.ts'
import { ok, refused, shopAt } from './vk-shop.ts'

const LAVKA = { id: 100, name: 'Лавка', screen_name: 'lavka', market: { enabled: 1 } }
const FOUND = { id: '100', name: 'Лавка', url: 'https://vk.com/club100', market: true }

describe('the communities of a person', () => {
  test('are those they manage', async () => {
    const gone = { id: 2, name: 'DELETED', deactivated: 'deleted' }
    const { target, call, sent } = shopAt(() => ok({ count: 2, items: [LAVKA, gone] }))

    expect(await target.communities(call)).toEqual([FOUND])
    expect(sent[0]?.form).toMatchObject({
      ...{ filter: 'admin,editor', extended: '1', fields: 'market', v: '5.199' },
    })
  })

  test('tell where goods are off', async () => {
    const { target, call } = shopAt(() => ok({ items: [{ id: 3, name: 'Клуб' }] }))

    expect(await target.communities(call)).toEqual([
      { id: '3', name: 'Клуб', url: 'https://vk.com/club3', market: false },
    ])
  })

  test('come a thousand at a time', async () => {
    const { target, call, sent } = shopAt(({ form }) =>
      ok({ items: Array(form.offset === '0' ? 1000 : 1).fill(LAVKA) }),
    )

    expect(await target.communities(call)).toHaveLength(1001)
    expect(sent).toHaveLength(2)
  })

  test.each([7, 15, 260])('are to be typed after error %d', async (number) => {
    const { target, call } = shopAt(() => refused(number))

    await expect(target.communities(call)).rejects.toMatchObject({
      code: 'no_groups_right',
      scope: 'account',
    })
  })
})

describe('a community that is typed', () => {
  test.each([
    ['lavka', 'lavka'],
    ['  @lavka ', 'lavka'],
    ['100', '100'],
    ['-100', '100'],
    ['club100', '100'],
    ['https://vk.com/public100?w=wall-1', '100'],
    ['m.vk.ru/lavka/', 'lavka'],
  ])('as «%s» is asked for as %s', async (typed, name) => {
    const { target, call, sent } = shopAt(() => ok({ groups: [LAVKA], profiles: [] }))

    expect(await target.community?.(call, typed)).toEqual(FOUND)
    expect(sent[0]?.form.group_ids).toBe(name)
  })

  test('is found in the older answer too', async () => {
    const { target, call } = shopAt(() => ok([LAVKA]))

    expect(await target.community?.(call, 'lavka')).toEqual(FOUND)
  })

  test.each(['', 'моя лавка', 'a,b', 'https://example.com/lavka'])(
    'as «%s» is none and asks nothing',
    async (typed) => {
      const { target, call, sent } = shopAt(() => ok([LAVKA]))

      expect(await target.community?.(call, typed)).toBeUndefined()
      expect(sent).toEqual([])
    },
  )

  test.each([refused(100, 'group_ids is invalid'), refused(125), ok({ groups: [] }), ok([])])(
    'is none after %j',
    async (answer) => {
      const { target, call } = shopAt(() => answer)

      expect(await target.community?.(call, 'nobody')).toBeUndefined()
    },
  )
})

describe('categories', () => {
  test('are the leaves of the tree', () => {
    const tree = [
      {
        ...{ id: 10_016, name: 'Канцелярские товары' },
        children: [
          { id: 20_173, name: 'Батарейки' },
          { id: 7, name: 'Бумага', children: [{ id: 8, name: 'А4', children: [] }] },
        ],
      },
    ]

    expect(readCategories({ response: { items: tree } })).toEqual([
      { id: '20173', path: ['Канцелярские товары', 'Батарейки'] },
      { id: '8', path: ['Канцелярские товары', 'Бумага', 'А4'] },
    ])
  })

  test('of the older version stand below their sections', () => {
    const flat = [{ id: 20_173, name: 'Батарейки', section: { id: 10_016, name: 'Канцтовары' } }]

    expect(readCategories({ response: { count: 1, items: flat } })).toEqual([
      { id: '20173', path: ['Канцтовары', 'Батарейки'] },
    ])
  })

  test.each([undefined, {}, []])('are not %j', (response) => {
    expect(() => readCategories({ response })).toThrow()
  })
})
