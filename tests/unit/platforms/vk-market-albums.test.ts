import { describe, expect, test } from 'vitest'
import { ok, refused, shopAt } from './vk-shop.ts'

const ids = (n: number) => Array.from({ length: n }, (_id, at) => String(at + 1))
const listed = (text = '') => text.split(',').map(Number)

describe('albums', () => {
  test('are made once: a repeated call would make two', async () => {
    const { shop, sent } = shopAt(() => ok({ market_album_id: 150, albums_count: 1 }))

    expect(await shop.addAlbum('Ч'.repeat(130))).toBe('150')
    expect(sent[0]?.form.title).toBe('Ч'.repeat(128))
  })

  test('take a hundred cards in a request', async () => {
    const { shop, sent } = shopAt(() => ok(1))

    expect(await shop.place('150', ids(150))).toEqual(Array(150).fill({ done: true, same: false }))
    expect(sent.map(({ form }) => listed(form.item_ids).length)).toEqual([100, 50])
    expect(sent[0]?.form).toMatchObject({ owner_id: '-100', album_ids: '150' })
  })

  test('refuse a list for one card in it: halves tell which', async () => {
    const { shop, sent } = shopAt(({ form }) =>
      listed(form.item_ids).includes(3) ? refused(1403) : ok(1),
    )

    const outcomes = await shop.place('150', ids(8))

    expect(outcomes.map(({ done }) => done)).toEqual(ids(8).map((id) => id !== '3'))
    expect(outcomes[2]).toMatchObject({ refusal: { code: 'item_gone', scope: 'missing' } })
    expect(sent).toHaveLength(7)
  })

  test('take what is in them already as done', async () => {
    const { shop } = shopAt(({ form }) =>
      listed(form.item_ids).includes(1) ? refused(1404) : ok(1),
    )

    expect(await shop.place('150', ['1', '2'])).toEqual([
      { done: true, same: true },
      { done: true, same: false },
    ])
  })

  test('that are full are filled no further', async () => {
    const { shop, sent } = shopAt(({ form }) =>
      listed(form.item_ids).some((id) => id > 3) ? refused(1406) : ok(1),
    )

    const outcomes = await shop.place('150', ids(8))

    expect(outcomes.map(({ done }) => done)).toEqual(ids(8).map((id) => Number(id) <= 3))
    expect(sent.length).toBeLessThan(8)
  })

  test('that are gone are not asked for again', async () => {
    const { shop, sent } = shopAt(() => refused(1402))

    const outcomes = await shop.place('150', ids(150))

    expect(outcomes.every((one) => !one.done && one.refusal.code === 'album_gone')).toBe(true)
    expect(sent).toHaveLength(1)
  })

  test('give cards back; what is not there is no failure', async () => {
    const method = 'market.removeFromAlbum'
    const { shop, sent } = shopAt(() => ({
      ...ok([1, false]),
      execute_errors: [{ method, error_code: 1403, error_msg: 'Item not found' }],
    }))

    const outcomes = await shop.take([
      { itemId: '1', albumId: '150' },
      { itemId: '2', albumId: '150' },
    ])

    expect(outcomes.map(({ done }) => done)).toEqual([true, true])
    expect(sent[0]?.form.code).toContain(
      `API.${method}({"owner_id":-100,"item_id":1,"album_ids":150})`,
    )
  })
})
