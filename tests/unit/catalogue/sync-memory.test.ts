import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Product } from '../../../app/catalogue/goods.ts'
import type { Shown } from '../../../app/catalogue/items.ts'
import { COMPARED } from '../../../app/catalogue/linked.ts'
import type { Overrides } from '../../../app/catalogue/owner/overrides.ts'
import { plan } from '../../../app/catalogue/plan.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { group, product, settings } from './sync-goods.ts'
import { apply, emptyShop, type Keeping, type Shop, situationOf, writes } from './sync-shop.ts'

const SEED = 20_261_128
const honey = group('honey', { name: 'Мёд' })
const wax = group('wax', { name: 'Воск' })

const till = (one: Product, chosen: Record<string, unknown> = {}, overrides: Overrides = {}) => ({
  products: [{ product: one, misses: 0, overrides }],
  groups: [honey, wax],
  settings: settings(chosen),
})

const tea = (more: Partial<Product> = {}) => product({ groupId: 'honey', article: 'А1', ...more })

/** One run; gives the shop after it, and what was sent. */
function run(shop: Shop, today: ReturnType<typeof till>, keep: Keeping = (card) => card) {
  const next = plan(situationOf(shop, today))
  return { shop: apply(next, shop, keep), sent: writes(next) }
}

/** A platform that never tells a field back. */
const silent = (shop: Shop, field: string): Shop => ({
  ...shop,
  shown: shop.shown.map(
    (card) =>
      Object.fromEntries(
        Object.entries(card).filter(([name]) => name !== field),
      ) as unknown as Shown,
  ),
})

/** Of every field that is written, what changes it at the till or by hand. */
const CHANGES: readonly [string, Partial<Product>, Overrides?][] = [
  ['title', { name: 'Мёд гречишный' }],
  ['description', { description: 'Тёмный мёд прошлого года' }],
  ['price', { price: 50_000 }],
  ['oldPrice', {}, { oldPrice: 60_000 }],
  ['stock', { quantity: 5 }],
  ['sku', { article: 'А2' }],
  ['hidden', { quantity: 0 }],
  ['albums', { groupId: 'wax' }],
  ['photo', { image: { url: '', version: '2' } }],
]

describe.each(CHANGES)('a platform that does not tell %s back', (field, change, byHand) => {
  test.each(['from the first day on', 'later on'])('%s is sent a change once', (since) => {
    const quiet = (shop: Shop) => silent(shop, field)
    const first = run(emptyShop, till(tea()))
    let shop = since === 'later on' ? first.shop : quiet(first.shop)
    shop = run(shop, till(tea())).shop

    const same = run(quiet(shop), till(tea()))
    const today = till(tea(change), {}, byHand)
    const changed = run(quiet(same.shop), today)
    const after = run(quiet(changed.shop), today)
    const back = run(quiet(after.shop), till(tea()))

    expect([same, changed, after, back].map(({ sent }) => sent.length)).toEqual([0, 1, 0, 1])
    expect(run(quiet(back.shop), till(tea())).sent).toEqual([])
  })
})

test('the table above walks every field of a card', () => {
  const walked = CHANGES.map(([field]) => field)
  expect(walked).toEqual(expect.arrayContaining([...COMPARED, 'albums', 'photo']))

  const [made] = run(emptyShop, till(tea())).shop.shown
  const told = Object.keys(made ?? {}).filter((field) => field !== 'itemId')
  expect(walked).toEqual(expect.arrayContaining(told))
})

test('another category is for new cards, as the settings say', () => {
  const { shop } = run(emptyShop, till(tea()))

  expect(run(shop, till(tea(), { categoryId: '8' })).sent).toEqual([])
  expect(readSettings({}).categoryId).toBeUndefined()
})

/** Platforms that keep what they are sent in ways of their own. */
const KEEPINGS: Record<string, Keeping> = {
  asSent: (card) => card,
  upper: (card) => ({ ...card, title: card.title?.toUpperCase() ?? '' }),
  rounds: (card) => ({ ...card, price: Math.floor((card.price ?? 0) / 10_000) * 10_000 }),
  cuts: (card) => ({ ...card, description: card.description?.slice(0, 12) ?? '' }),
  noSku: (card) => ({ ...card, sku: '' }),
  noStock: (card) => ({ ...card, stock: 1 }),
  hidesEmpty: (card) => (card.stock === 0 ? { ...card, hidden: true } : card),
  noAlbums: (card) => ({ ...card, albums: [] }),
}

const HANDS: Record<string, Partial<Shown>> = {
  dear: { price: 100 },
  cheap: { price: 40_000 }, // as a platform that rounds shows it
  title: { title: 'Моё' },
  loud: { title: 'МЁД ЛИПОВЫЙ' }, // as a platform that shouts shows another content
  words: { description: 'Светлый мёд ' },
  hide: { hidden: true },
  none: { stock: 0 },
  one: { stock: 1 },
  out: { albums: [] },
}

const days = fc.array(
  fc.record({
    till: fc.record({
      name: fc.constantFrom('Мёд липовый', 'Мёд гречишный', 'МЁД ЛИПОВЫЙ'),
      price: fc.constantFrom(45_000, 50_000, 40_000),
      quantity: fc.constantFrom(12, 1, 0),
      groupId: fc.constantFrom('honey', 'wax'),
    }),
    stays: fc.boolean(),
    hands: fc.array(fc.constantFrom(...Object.keys(HANDS)), { maxLength: 2 }),
  }),
  { minLength: 3, maxLength: 9, size: 'max' },
)

test('hands are put right each time, and a platform’s own ways cost a few writes', () => {
  const seen = { hands: 0, ways: 0 }
  fc.assert(
    fc.property(
      days,
      fc.constantFrom(...Object.keys(KEEPINGS)),
      fc.constantFrom('hide', 'keep'),
      (story, way, outOfStock) => {
        const keep = KEEPINGS[way] ?? ((card) => card)
        let today = till(tea(), { outOfStock })
        let shop: Shop = emptyShop
        for (const { till: changed, stays, hands } of story) {
          if (!stays) today = till(tea(changed), { outOfStock })
          shop = byHand(shop, hands)
          seen.hands += hands.length
          let runs = 0
          for (let sent = 1; sent > 0; runs += 1) {
            const next = run(shop, today, keep)
            shop = next.shop
            sent = next.sent.length
            expect(runs, `${way}: it goes on for ever`).toBeLessThan(8)
          }
          if (runs > 2) seen.ways += 1
          expectAsKept(shop, today, keep)
        }
      },
    ),
    { numRuns: 150, seed: SEED },
  )
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(50)
})

const byHand = (shop: Shop, hands: readonly string[]): Shop => ({
  ...shop,
  shown: shop.shown.map((card) =>
    hands.reduce((edited: Shown, one) => ({ ...edited, ...HANDS[one] }), card),
  ),
})

/** The card is what this platform makes of a new card of the same product. */
function expectAsKept({ shown }: Shop, today: ReturnType<typeof till>, keep: Keeping) {
  const [card] = shown
  const [fresh] = run(emptyShop, today, keep).shop.shown
  if (!card || !fresh) return
  const { title, description, price, stock } = card
  expect({ title, description, price, stock }).toEqual({
    title: fresh.title,
    description: fresh.description,
    price: fresh.price,
    stock: fresh.stock,
  })
  expect(card.hidden).toBe(fresh.hidden)
  expect(card.albums?.length).toBe(fresh.albums?.length)
}
