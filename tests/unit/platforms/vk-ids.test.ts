import { describe, expect, test } from 'vitest'
import type { Outcome } from '../../../app/providers/catalogue.ts'
import { ok, shopAt } from './vk-shop.ts'

/** What VK never called anything by; some would change a call that it stands in. */
const STRANGE = ['', '0', '007', '1e3', ' 5', '5,6', '5&x=1', '5);', 'a', '99999999999999999']

const set = { hidden: false, price: 100 }
const codesOf = (outcomes: readonly Outcome[]) =>
  outcomes.map((outcome) => (outcome.done ? 'done' : outcome.refusal.code))
const codeOf = (doing: Promise<unknown>) =>
  doing.then(
    () => 'done',
    (error: unknown) => (error as { code?: string }).code,
  )

describe('ids VK cannot have given', () => {
  test('are those of cards that are gone: nothing is asked, and others are not held up', async () => {
    const { shop, sent } = shopAt(() => ok(1))

    const changed = await shop.change([
      ...STRANGE.map((itemId) => ({ itemId, set })),
      { itemId: '7', set },
    ])
    const placed = await shop.place('150', [...STRANGE, '7'])
    const taken = await shop.take([
      ...STRANGE.map((itemId) => ({ itemId, albumId: '150' })),
      { itemId: '7', albumId: '150' },
    ])

    const all = [...STRANGE.map(() => 'item_gone'), 'done']
    expect([codesOf(changed), codesOf(placed)]).toEqual([all, all])
    expect(taken.every(({ done }) => done)).toBe(true) // what is nowhere is out
    expect(sent.map(({ form }) => form.item_id ?? form.item_ids)).toEqual(['7', '7', '7'])
    expect(await shop.find(STRANGE)).toEqual([])
    expect(sent).toHaveLength(3)
  })

  test('outcomes stand in the order of what was asked for', async () => {
    const { shop } = shopAt(() => ok([1, 1]))

    const outcomes = await shop.change(['x', '1', 'y', '2', 'z'].map((itemId) => ({ itemId, set })))

    expect(codesOf(outcomes)).toEqual(['item_gone', 'done', 'item_gone', 'done', 'item_gone'])
  })

  test('are those of albums that are gone', async () => {
    const { shop, sent } = shopAt(() => ok(1))

    for (const id of STRANGE) {
      expect(codesOf(await shop.place(id, ['1', '2']))).toEqual(['album_gone', 'album_gone'])
      expect(codesOf(await shop.take([{ itemId: '1', albumId: id }]))).toEqual(['done'])
      expect(await codeOf(shop.renameAlbum({ id, title: 'Чай' }, 'Чай'))).toBe('album_gone')
    }
    expect(sent).toEqual([])
  })

  test('of a category or a photo make no card', async () => {
    const { shop, sent } = shopAt(() => ok({ market_item_id: 12 }))
    const card = { title: 'Чай чёрный', description: 'Чай чёрный, 100 г', sku: 'A-1 0123' }
    const item = { ...card, ...set, categoryId: '20173', photo: 'own:1' }

    for (const id of STRANGE) {
      expect(await codeOf(shop.add({ ...item, categoryId: id }, '77'))).toBe('category_missing')
      expect(await codeOf(shop.add(item, id))).toBe('photo_refused')
    }
    expect(sent).toEqual([])
    expect(await shop.add(item, '77')).toBe('12')
  })
})
