import { describe, expect, test } from 'vitest'
import {
  ITEM_COLUMNS,
  readItem,
  withEmptySkus,
  rowsOf,
} from '../../../app/providers/vk/market-items.ts'
import { ok, refused, shopAt } from './vk-shop.ts'

const TEA = {
  ...{ id: 12_609_247, owner_id: -100, title: 'Чай', description: 'Чёрный чай 100 г' },
  price: { amount: '25050', currency: { id: 643, name: 'RUB' }, text: '250,50 ₽' },
  ...{ availability: 0, sku: 'A-1', stock_amount: 5, albums_ids: [150] },
}

describe('a card', () => {
  test('is read in kopecks', () => {
    expect(readItem(TEA)).toEqual({
      ...{ itemId: '12609247', title: 'Чай', description: 'Чёрный чай 100 г', price: 25_050 },
      ...{ oldPrice: 0, sku: 'A-1', stock: 5, hidden: false, albums: ['150'] },
    })
  })

  test('has the old price that VK tells, and none where it tells only a price', () => {
    const price = { amount: '25050', old_amount: '30000' }

    expect(readItem({ id: 1, price })).toMatchObject({ price: 25_050, oldPrice: 30_000 })
    expect(readItem({ id: 1, amount: '25050', oldAmount: null })).toMatchObject({ oldPrice: 0 })
    expect(readItem({ id: 1 })).not.toHaveProperty('oldPrice')
  })

  test.each([1, 2, 7])('that is not to be bought (%d) is hidden', (availability) => {
    expect(readItem({ ...TEA, availability })).toMatchObject({ hidden: true })
  })

  test('of an older version lacks what it lacks', () => {
    expect(readItem({ id: '1', title: 'Чай', price: { amount: '100' } })).toEqual({
      itemId: '1',
      title: 'Чай',
      price: 100,
      oldPrice: 0,
    })
  })

  test('has an empty article where others tell of theirs', () => {
    const cards = [{ itemId: '1', sku: 'А1' }, { itemId: '2' }]

    expect(withEmptySkus(cards)).toEqual([cards[0], { itemId: '2', sku: '' }])
    expect(withEmptySkus(cards.slice(1))).toEqual([{ itemId: '2' }])
  })

  test.each([false, null, {}, { id: 'x' }, []])('is not %j', (value) => {
    expect(readItem(value)).toBeUndefined()
  })
})

describe('columns', () => {
  test('become rows', () => {
    expect(rowsOf({ count: 2, id: [1, 2], sku: ['a', null] }, ['id', 'sku'])).toEqual({
      count: 2,
      items: [
        { id: 1, sku: 'a' },
        { id: 2, sku: null },
      ],
    })
  })

  test('of different lengths become nothing', () => {
    expect(rowsOf({ count: 2, id: [1, 2], sku: ['a'] }, ['id', 'sku'])).toBeUndefined()
  })
})

/** A VK without scripts that holds so many cards and albums. */
function plain(cards: number, albums = 0) {
  return (method: string, { offset = 0, count = 0 }: Record<string, number>) => {
    const all = method === 'market.get' ? cards : method === 'market.getAlbums' ? albums : undefined
    if (all === undefined) return refused(3, 'Unknown method passed')
    const length = Math.max(0, Math.min(count, all - offset))
    const items = Array.from({ length }, (_item, at) => ({ ...TEA, id: offset + at + 1 }))
    return ok({ count: all, items })
  }
}
const numbersOf = ({ offset, count }: Record<string, string>) => ({
  offset: Number(offset),
  count: Number(count),
})

describe('reading where scripts are refused', () => {
  test('goes page by page until a list ends', async () => {
    const vk = plain(450, 3)
    const { shop, sent } = shopAt(({ method, form }) => vk(method, numbersOf(form)))

    const { items, albums } = await shop.read()

    expect([items.length, albums.length]).toEqual([450, 3])
    expect(sent.map(({ method, form }) => [method, form.offset])).toEqual([
      ['execute', undefined],
      ['market.get', '0'],
      ['market.get', '200'],
      ['market.get', '400'],
      ['market.getAlbums', '0'],
    ])
    expect(sent[1]?.form).toMatchObject({ extended: '1', with_disabled: '1', count: '200' })
  })

  test('of a full last page goes on to the empty one', async () => {
    const vk = plain(200)
    const { shop, sent } = shopAt(({ method, form }) => vk(method, numbersOf(form)))

    expect((await shop.read()).items).toHaveLength(200)
    expect(sent.filter(({ method }) => method === 'market.get')).toHaveLength(2)
  })

  test('is done again when a card appears meanwhile', async () => {
    const { shop } = shopAt(({ method, form }, nth) =>
      plain(nth < 3 ? 250 : 251)(method, numbersOf(form)),
    )

    expect((await shop.read()).items).toHaveLength(251)
  })

  test('is a reading although VK counts more than it gives', async () => {
    const vk = plain(250)
    const { shop } = shopAt(({ method, form }) =>
      form.offset === '200' ? ok({ count: 250, items: [] }) : vk(method, numbersOf(form)),
    )

    expect((await shop.read()).items).toHaveLength(200)
  })

  test('is no reading when every page is the same', async () => {
    const vk = plain(450)
    const { shop } = shopAt(({ method }) => vk(method, { offset: 0, count: 200 }))

    await expect(shop.read()).rejects.toMatchObject({ code: 'bad_response' })
  })

  test('of a community whose goods are off says so', async () => {
    const { shop } = shopAt(() => refused(1438))

    await expect(shop.read()).rejects.toMatchObject({ code: 'market_disabled', scope: 'account' })
  })
})

describe('finding cards', () => {
  test('up to a hundred is one call; those that are gone are missing', async () => {
    const { shop, sent } = shopAt(() => ok({ count: 1, items: [TEA, false] }))

    const found = await shop.find(['12609247', '5'])

    expect(found.map(({ itemId }) => itemId)).toEqual(['12609247'])
    expect(sent).toMatchObject([
      { method: 'market.getById', form: { item_ids: '-100_12609247,-100_5', extended: '1' } },
    ])
  })

  test('as many as a listing has in one answer are one request', async () => {
    const { shop, sent } = shopAt(({ form }) => ok(pagesOf(form.code)))
    const numbers = Array.from({ length: 2001 }, (_card, at) => String(at + 1))

    const found = await shop.find(numbers)

    expect(found.map(({ itemId }) => itemId)).toEqual(numbers)
    expect(sent.map(({ method }) => method)).toEqual(['execute', 'market.getById'])
  })

  test('none asks nothing', async () => {
    const { shop, sent } = shopAt(() => ok(1))

    expect(await shop.find([])).toEqual([])
    expect(sent).toEqual([])
  })
})

/** What VK answers to a script, or to a call, for the cards it names. */
function pagesOf(code: string | undefined) {
  if (code === undefined) return { count: 1, items: [{ ...TEA, id: 2001 }] }
  const named = [...code.matchAll(/"item_ids":"([^"]*)"/g)].map(([, list = '']) => list.split(','))
  return named.map((ids) => ({
    ...Object.fromEntries(Object.keys(ITEM_COLUMNS).map((name) => [name, ids.map(() => null)])),
    ...{ count: ids.length, id: ids.map((id) => Number(id.replace('-100_', ''))) },
    ...{ title: ids.map(() => 'Чай'), price: ids.map(() => TEA.price) },
  }))
}
