import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { jsonPieces } from '../../app/web/accounts/json-pieces.ts'

describe('JSON piece by piece', () => {
  test.each([
    ['a text', 'Роза "красная"'],
    ['nothing', null],
    ['members, without those that are not there', { a: 1, b: undefined, at: new Date(0) }],
    ['elements', [1, [2], { a: [] }]],
    ['an empty one', {}],
  ])('is what JSON.stringify writes: %s', async (_what, value) => {
    expect(await written(value)).toBe(JSON.stringify(value))
  })

  test('what comes some at a time is one array, wherever it stands', async () => {
    const account = (events: unknown, goods: unknown) => ({
      account: { name: 'Марина' },
      pairs: [{ id: 1, goods, trouble: undefined, at: new Date(0) }, { id: 2 }],
      events,
    })
    const [events, goods] = [[{ id: 1 }, { id: 2 }, { id: 3 }], [{ at: new Date(0) }]]

    const text = await written(account(paged(events, 2), paged(goods, 2)))

    expect(text).toBe(JSON.stringify(account(events, goods)))
  })

  test('nothing that comes some at a time is an empty array', async () => {
    expect(await written({ events: paged([], 2) })).toBe('{"events":[]}')
  })

  test('what breaks midway breaks the whole', async () => {
    const broken = async function* () {
      yield [1]
      await Promise.reject(new Error('away'))
    }

    await expect(written({ events: broken() })).rejects.toThrow('away')
  })
})

const written = async (value: unknown) =>
  (await Readable.from(jsonPieces(value)).toArray()).join('')

async function* paged(all: readonly unknown[], size: number) {
  for (let from = 0; from < all.length; from += size)
    yield await Promise.resolve(all.slice(from, from + size))
}
