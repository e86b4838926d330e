import { letters } from '../../../app/providers/vk/letters.ts'
import { changeIn } from '../../../app/catalogue/steps.ts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Product } from '../../../app/catalogue/goods.ts'
import type { Shown } from '../../../app/catalogue/items.ts'
import { buildItem } from '../../../app/catalogue/build-item.ts'
import { plan, type Situation } from '../../../app/catalogue/plan.ts'
import { priceOf } from '../../../app/catalogue/price.ts'
import { FAREWELLS, ROUNDINGS } from '../../../app/catalogue/settings.ts'
import { readStep } from '../../../app/catalogue/step-schema.ts'
import { endingFor, endingOf } from '../../../app/catalogue/sku.ts'
import { clean, cleanLines, visible } from '../../../app/catalogue/clean.ts'
import { group, idOf, product, settings, shelf, shoes } from './sync-goods.ts'
import { apply, emptyShop, type Shop, situationOf, writes } from './sync-shop.ts'

const SEED = 20_261_120

const cp1251 = new Set(
  new TextDecoder('windows-1251').decode(Uint8Array.from({ length: 256 }, (_, byte) => byte)),
)
const isCp1251 = (text: string) => Array.from(text).every((letter) => cp1251.has(letter))

/** Everything from everyday words to lone surrogates. */
const words = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 160 }),
  fc.string({
    unit: fc.constantFrom(...Array.from('абвЁё №«»()., \n\t×₽②🌹é½…\u00a0\u200d\u0301&<>"\\$')),
    maxLength: 160,
  }),
)

const rule = fc.record({
  percent: fc.double({ min: -90, max: 1000, noNaN: true }),
  plus: fc.integer({ min: -100_000, max: 100_000 }),
  rounding: fc.constantFrom(...ROUNDINGS),
})

test('whatever a till writes, a card is within what VK takes, or there is a reason', () => {
  const products = fc.record({
    name: words,
    description: words,
    article: words,
    unit: fc.constantFrom('шт', '', 'кг', 'м²', '🌹'),
    groupId: fc.constantFrom('shoes', 'nowhere'),
    choices: fc.constantFrom({}, { colour: 'blue' }, { size: '42', colour: 'red' }),
  })
  let items = 0

  fc.assert(
    fc.property(products, fc.boolean(), (overrides, cutNames) => {
      const verdict = buildItem(product(overrides), shelf(shoes), settings({ cutNames }))
      if ('refused' in verdict) return verdict.refused.code.startsWith('name_too_')
      if (!('item' in verdict)) return false
      const { title, description, sku } = verdict.item
      items += 1
      return (
        within(title, 4, 100) &&
        within(description, 10, 4000) &&
        within(sku, 12, 50) &&
        [title, description, sku].every(isCp1251) &&
        !title.includes('\n') &&
        endingOf(sku) === endingFor(idOf(1))
      )
    }),
    { numRuns: 3_000, seed: SEED },
  )
  expect(items).toBeGreaterThan(1_000)
})

test('clean text is not cleaned further', () => {
  fc.assert(
    fc.property(words, (text) =>
      [letters, visible].every((kept) => {
        const [line, lines] = [clean(text, kept), cleanLines(text, kept)]
        return clean(line, kept) === line && cleanLines(lines, kept) === lines
      }),
    ),
    { numRuns: 2_000, seed: SEED },
  )
})

test('an ending is read back from any id and article', () => {
  fc.assert(
    fc.property(fc.oneof(fc.uuid(), fc.string()), words, (id, article) => {
      const verdict = buildItem(product({ id, article }), shelf(), settings())
      return 'item' in verdict && endingOf(verdict.item.sku) === endingFor(id)
    }),
    { numRuns: 2_000, seed: SEED },
  )
})

test('a price is a whole number above nothing, and dearer goods stay dearer', () => {
  const kopecks = fc.integer({ min: 1, max: 999_999_999 })

  fc.assert(
    fc.property(kopecks, kopecks, rule, (one, other, by) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)].map((price) =>
        priceOf(price, by),
      )
      if (low === undefined) return by.plus < 0
      return Number.isInteger(low) && low > 0 && high !== undefined && high >= low
    }),
    { numRuns: 5_000, seed: SEED },
  )
})

test('a percentage is exact to the half kopeck', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 999_999_999 }),
      fc.integer({ min: -9_000, max: 100_000 }),
      (kopecks, hundredths) => {
        const exact = BigInt(kopecks) * BigInt(10_000 + hundredths)
        const rounded = (exact * 2n + 10_000n) / 20_000n
        const price = priceOf(kopecks, { percent: hundredths / 100, plus: 0, rounding: '1' })
        return BigInt(price ?? 0) === rounded
      },
    ),
    { numRuns: 5_000, seed: SEED },
  )
})

/** What a till may say of the goods with this number. */
const known = (number: number) =>
  fc.record({
    misses: fc.constantFrom(0, 0, 0, 0, 1, 2),
    product: fc
      .record({
        name: fc.constantFrom('Мак', 'Роза', 'Тюльпан', 'Пион', 'Чай «Ёж» ×2', 'А'.repeat(120)),
        description: fc.constantFrom('', 'Светлый мёд этого лета'),
        price: fc.constantFrom(0, 345_000, 45_000, 345_050, 500_000, 999_999),
        quantity: fc.constantFrom(-1, 0.5, 3, 4, 999_999),
        unit: fc.constantFrom('шт', 'кг'),
        sellable: fc.constantFrom(true, true, true, false),
        groupId: fc.constantFrom('honey', 'tea', 'shoes', 'nowhere'),
        beer: fc.nat(9).map((one) => one === 0),
        told: fc.boolean(),
        picture: fc.constantFrom(undefined, '1', '2'),
      })
      .map(({ beer, told, picture, quantity, ...rest }): Product => {
        const one = product({ id: idOf(number), ...rest, quantity })
        if (!told) delete one.quantity
        return {
          ...one,
          ...(beer && { restricted: 'beer' }),
          ...(picture && { image: { url: '', version: picture } }),
        }
      }),
  })

const till = fc.record({
  products: fc
    .uniqueArray(fc.integer({ min: 1, max: 14 }), { minLength: 8, maxLength: 14, size: 'max' })
    .chain((numbers) => fc.tuple(...numbers.map(known))),
  groups: fc.constantFrom(
    [],
    [group('honey', { name: 'Мёд' }), group('tea', { name: 'мёд' })],
    [
      group('honey', { name: 'Мёд' }),
      group('tea', { parentId: 'honey' }),
      { ...shoes, parentId: 'tea' },
    ],
  ),
  settings: fc
    .record({
      gone: fc.constantFrom(...FAREWELLS),
      outOfStock: fc.constantFrom(...FAREWELLS),
      cutNames: fc.boolean(),
      price: fc.constantFrom({}, { percent: 12.5, rounding: 'nines' }, { plus: -200_000 }),
      groups: fc.constantFrom(
        {},
        { honey: 'skip' },
        { tea: 'none' },
        { tea: { album: '902' }, honey: { album: '5' } },
      ),
      categoryId: fc.constantFrom('7', '7', '7', undefined),
      photoId: fc.constantFrom(1, 1, 2, undefined),
    })
    .map((chosen) => settings(chosen)),
})

/** Cards of the owner's own, one of them with an article that nearly looks like ours. */
const foreign: Shown[] = [
  { title: 'Мёд', sku: 'Мёд' },
  { title: 'Роза', sku: '000000000001 Роза' },
  { title: 'Лук', sku: `Лук ${endingFor(idOf(99))}` },
].map((card, index) => ({
  ...card,
  itemId: String(500 + index),
  description: 'Моя собственная карточка',
  price: 45_000,
  hidden: index === 1,
  albums: ['902'],
}))

const isForeign = (itemId: string) => ['500', '501', '502'].includes(itemId)

const furnished: Shop = {
  ...emptyShop,
  shown: foreign,
  albums: [
    { id: '902', title: 'Моя подборка' },
    { id: '903', title: 'Tea' },
  ],
}

/** What a person may do to a card by hand. */
const handEdits = fc.array(
  fc.record({
    which: fc.nat(20),
    what: fc.constantFrom('title', 'price', 'hide', 'show', 'delete', 'unalbum', 'sku', 'forget'),
  }),
  { maxLength: 6, size: 'max' },
)

test('any history: each plan leaves nothing to do, no card twice, nobody else’s touched', () => {
  const seen = { writes: 0, edits: 0, adopted: 0, albums: 0, deletes: 0, restores: 0 }

  fc.assert(
    fc.property(
      fc.array(fc.tuple(till, handEdits), { minLength: 2, maxLength: 4, size: 'max' }),
      (days) => {
        let shop = furnished
        for (const [today, edits] of days) {
          const next = plan(situationOf(shop, today))
          shop = apply(next, shop)
          seen.writes += writes(next).length
          seen.adopted += next.links.length
          seen.albums += next.albums.length
          seen.deletes += next.steps.filter(({ action }) => action === 'delete').length
          seen.restores += next.steps.filter(({ action }) => action === 'restore').length

          for (const step of next.steps) expect(readStep(JSON.stringify(step))).toEqual(step)
          expectSettled(shop, today)
          expectReceipt(next, today)
          expectNoneTwice(shop)
          expect(shop.shown.filter(({ itemId }) => isForeign(itemId))).toEqual(foreign)
          shop = edits.reduce(editedByHand, shop)
          seen.edits += edits.length
        }
      },
    ),
    { numRuns: 500, seed: SEED },
  )

  // What is never reached is not tested.
  for (const count of Object.values(seen)) expect(count).toBeGreaterThan(100)
})

test('a person is never asked about ten cards or fewer', () => {
  fc.assert(
    fc.property(till, till, (before, after) => {
      const shop = apply(plan(situationOf(emptyShop, before)), emptyShop)
      const displayed = shop.shown.filter(({ hidden }) => !hidden).length
      const next = plan(situationOf(shop, after))
      const vanishing = writes(next).filter(
        (step) => step.action === 'delete' || changeIn(step).before?.hidden === false,
      ).length
      if (vanishing <= 10) return next.shrinks === undefined
      return next.shrinks === undefined || next.shrinks.before === displayed
    }),
    { numRuns: 300, seed: SEED },
  )
})

const within = (text: string, least: number, most: number) =>
  text.length >= least && text.length <= most

type Till = Pick<Situation, 'products' | 'groups' | 'settings'>

function expectSettled(shop: Shop, today: Till) {
  const again = plan(situationOf(shop, today))
  if (writes(again).length > 0 || again.albums.length > 0) expect(again).toEqual([])
}

/** Every product on the till is one line of the receipt. */
function expectReceipt({ steps, products, unchanged }: ReturnType<typeof plan>, today: Till) {
  const here = new Set(
    today.products.filter(({ misses }) => misses < 2).map(({ product: one }) => one.id),
  )
  const told = steps.filter(({ productId }) => here.has(productId))
  if (told.length + unchanged !== products) expect({ told, unchanged }).toEqual(products)
}

function expectNoneTwice({ shown, linked, albums }: Shop) {
  for (const ids of [
    shown.flatMap(({ sku }) => endingOf(sku ?? '') ?? []),
    linked.map(({ itemId }) => itemId),
    linked.map(({ productId }) => productId),
    albums.map(({ title }) => title.toLowerCase()),
  ])
    if (new Set(ids).size !== ids.length) expect(ids).toEqual([...new Set(ids)])
}

/** Only cards of ours: what a person does to the others is theirs, and is looked at above. */
function editedByHand(shop: Shop, { which, what }: { which: number; what: string }): Shop {
  const ours = shop.shown.filter(({ itemId }) => !isForeign(itemId))
  const card = ours[which % Math.max(1, ours.length)]
  if (!card) return shop
  const change = (changed: Partial<Shown>): Shop => ({
    ...shop,
    shown: shop.shown.map((one) => (one === card ? { ...one, ...changed } : one)),
  })
  if (what === 'title') return change({ title: `${card.title}!` })
  if (what === 'price') return change({ price: (card.price ?? 0) + 1 })
  if (what === 'hide') return change({ hidden: true })
  if (what === 'show') return change({ hidden: false })
  if (what === 'unalbum') return change({ albums: ['902'] })
  if (what === 'delete') return { ...shop, shown: shop.shown.filter((one) => one !== card) }
  if (what === 'sku') return change({ sku: 'моё' })
  // Our side forgets, as after an addition whose outcome nobody heard of.
  return { ...shop, linked: shop.linked.filter(({ itemId }) => itemId !== card.itemId) }
}
