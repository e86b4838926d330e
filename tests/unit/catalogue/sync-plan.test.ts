import { cardIdOf } from '../../../app/catalogue/steps.ts'
import { expect, test } from 'vitest'
import type { Group, Product } from '../../../app/catalogue/goods.ts'
import { UNLIMITED, type Shown } from '../../../app/catalogue/items.ts'
import { plan } from '../../../app/catalogue/plan.ts'
import { group, idOf, product, settings } from './sync-goods.ts'
import { apply, emptyShop, type Keeping, type Shop, situationOf, writes } from './sync-shop.ts'
import { growthOf } from '../../support/catalogue/growth.ts'

const honey = group('honey', { name: 'Мёд' })

/** A till with these goods, seen in its last listing. */
const till = (
  products: Product[],
  {
    chosen = {},
    misses = 0,
    groups = [honey],
  }: {
    chosen?: Record<string, unknown>
    misses?: number
    groups?: Group[]
  } = {},
) => ({
  products: products.map((one) => ({ product: one, misses })),
  groups,
  settings: settings(chosen),
})

const planned = (shop: Shop, ...rest: Parameters<typeof till>) =>
  plan(situationOf(shop, till(...rest)))

/** A shop into which these goods were carried. */
const carried = (products: Product[], keep?: Keeping): Shop =>
  apply(planned(emptyShop, products), emptyShop, keep)

const goods = (count: number, overrides: Partial<Product> = {}): Product[] =>
  Array.from({ length: count }, (_, index) =>
    product({ id: idOf(index + 1), name: `Товар ${index + 1}`, ...overrides }),
  )

/** The shop after somebody changed its cards by hand. */
const byHand = (shop: Shop, change: (card: Shown) => Shown): Shop => ({
  ...shop,
  shown: shop.shown.map(change),
})

const foreign: Shown = {
  itemId: '900',
  title: 'Товар 1',
  description: 'Чужая карточка',
  price: 1,
  sku: 'Товар 1',
  hidden: false,
  albums: [],
}

test('new goods are created with their album, and then there is nothing to do', () => {
  const first = planned(emptyShop, goods(2, { groupId: 'honey' }))
  const shop = apply(first, emptyShop)

  expect(first).toMatchObject({ products: 2, unchanged: 0, links: [], unlink: [] })
  expect(first.albums).toEqual([{ groupId: 'honey', title: 'Мёд' }])
  expect(first.steps[0]).toMatchObject({
    action: 'create',
    name: 'Товар 1',
    tillPrice: 45_000,
    fields: ['title', 'description', 'price', 'stock', 'sku', 'photo', 'album'],
  })
  expect(planned(shop, goods(2, { groupId: 'honey' }))).toMatchObject({
    steps: [],
    unchanged: 2,
    albums: [],
  })
})

test('one price at the till is one write, told with what was before', () => {
  const shop = carried(goods(3))

  const { steps, unchanged } = planned(shop, [...goods(1, { price: 50_000 }), ...goods(3).slice(1)])

  expect(unchanged).toBe(2)
  expect(steps).toEqual([
    expect.objectContaining({
      action: 'update',
      itemId: '1',
      fields: ['price'],
      before: { price: 45_000 },
    }),
  ])
})

test('steps come by what they do, then by name as people count', () => {
  const shop = carried(goods(3))
  const another = (number: number, overrides: Partial<Product>) =>
    product({ id: idOf(number), name: `Товар ${number}`, ...overrides })

  const { steps } = planned(shop, [
    ...goods(11).slice(3),
    another(1, { name: 'Мак' }),
    another(2, { quantity: 0 }),
    another(3, { price: 1 }),
  ])

  expect(steps.map(({ action, name }) => `${action} ${name}`)).toEqual([
    ...goods(11)
      .slice(3)
      .map(({ name }) => `create ${name}`),
    'update Товар 3',
    'hide Товар 2',
    'skip Мак',
  ])
})

test('the digest is of the steps, whatever order the till lists in', () => {
  const digest = planned(emptyShop, goods(5)).digest

  expect(planned(emptyShop, goods(5).reverse()).digest).toBe(digest)
  expect(planned(emptyShop, goods(4)).digest).not.toBe(digest)
})

test('a card with our ending is taken over, the oldest of several; one of the same name is not', () => {
  const ours = { ...foreign, title: 'Старое', sku: 'МД 000000000001' }
  const shown = [{ ...ours, itemId: '902' }, foreign, { ...ours, itemId: '901' }]

  const found = planned({ ...emptyShop, shown }, goods(1))

  expect(found.links).toEqual([{ productId: idOf(1), itemId: '901' }])
  expect(found.steps.map((step) => [step.action, cardIdOf(step)])).toEqual([['update', '901']])
})

test('a card that belongs to another product is not taken over', () => {
  const shop = carried(goods(1))
  const linked = shop.linked.map((link) => ({ ...link, productId: idOf(2) }))

  const { links, steps } = planned({ ...shop, linked }, goods(1))

  expect(links).toEqual([])
  expect(steps).toMatchObject([{ action: 'create' }])
})

test('a card somebody deleted is made again and its link forgotten', () => {
  const shop = { ...carried(goods(1)), shown: [foreign] }

  const again = planned(shop, goods(1))

  expect(again.unlink).toEqual([idOf(1)])
  expect(again.steps).toMatchObject([{ action: 'create', reason: { code: 'item_gone' } }])
  expect(again.steps[0]).not.toHaveProperty('itemId')
  expect(planned(shop, [product({ sellable: false })])).toMatchObject({
    unlink: [idOf(1)],
    steps: [{ action: 'skip', reason: { code: 'not_sold' } }],
  })
})

test('what one listing has missed stays as it was, what two have missed takes its leave', () => {
  const shop = carried(goods(1))

  expect(planned(shop, goods(1), { misses: 1 })).toMatchObject({ steps: [], products: 1 })
  expect(planned(shop, goods(1), { misses: 2 })).toMatchObject({
    products: 0,
    steps: [
      {
        action: 'hide',
        itemId: '1',
        fields: [],
        before: { hidden: false },
        reason: { code: 'gone' },
        item: { title: 'Товар 1', hidden: true },
      },
    ],
  })
})

test.each([
  ['hide', ['hide'], true],
  ['keep', ['update'], false],
  ['delete', ['delete'], undefined],
])('of a product that is gone: %s', (gone, actions, hidden) => {
  const shop = carried(goods(1))
  const leaving = planned(shop, goods(1), { misses: 2, chosen: { gone } })
  const after = apply(leaving, shop)

  expect(leaving.steps.map(({ action }) => action)).toEqual(actions)
  expect(after.shown[0]?.hidden).toBe(hidden)
  expect(planned(after, goods(1), { misses: 2, chosen: { gone } })).toMatchObject({
    steps: [],
    unchanged: 0,
    unlink: gone === 'delete' ? [idOf(1)] : [],
  })
})

test('the two reasons to leave have a setting each', () => {
  const shop = carried(goods(2))
  const leaving = goods(2, { quantity: 0 }).map((one, index) => ({ ...one, price: index }))

  const { steps } = planned(shop, leaving, { chosen: { outOfStock: 'delete', gone: 'hide' } })

  expect(steps.map(({ action, reason }) => [action, reason?.code])).toEqual([
    ['hide', 'price_missing'],
    ['delete', 'out_of_stock'],
  ])
})

test('what is left out and hidden already is as it should be', () => {
  const hidden = byHand(carried(goods(1)), (card) => ({ ...card, hidden: true }))

  expect(planned(hidden, goods(1, { sellable: false }))).toMatchObject({ steps: [], unchanged: 1 })
})

test('a product that runs out is hidden and comes back with what has changed meanwhile', () => {
  const shop = carried(goods(1))
  const out = planned(shop, goods(1, { quantity: 0 }))
  const empty = apply(out, shop)
  const back = planned(empty, goods(1, { price: 1_000 }))

  expect(out.steps).toMatchObject([
    {
      action: 'hide',
      fields: ['stock'],
      before: { hidden: false, stock: 12 },
      reason: { code: 'out_of_stock' },
    },
  ])
  expect(planned(empty, goods(1, { quantity: 0 })).steps).toEqual([])
  expect(back.steps).toMatchObject([
    {
      action: 'restore',
      fields: ['price', 'stock'],
      before: { hidden: true, price: 45_000, stock: 0 },
    },
  ])
  expect(apply(back, empty).shown[0]).toMatchObject({ hidden: false, price: 1_000, stock: 12 })
})

test('a product that has run out gets its card when there is something to sell', () => {
  const shop = carried(goods(1, { quantity: 0 }))

  expect(shop.shown).toEqual([])
  expect(planned(shop, goods(1, { quantity: 0 })).steps).toMatchObject([
    { action: 'skip', reason: { code: 'out_of_stock' } },
  ])
  expect(planned(shop, goods(1)).steps).toMatchObject([{ action: 'create' }])
})

test('a card that has run out can be bought again once the till no longer counts', () => {
  const shop = carried(goods(1))
  const empty = apply(planned(shop, goods(1, { quantity: 0 })), shop)
  const uncounted = product({ name: 'Товар 1' })
  delete uncounted.quantity
  const back = planned(empty, [uncounted])

  expect(back.steps).toMatchObject([
    { action: 'restore', fields: ['stock'], item: { stock: UNLIMITED } },
  ])
  expect(apply(back, empty).shown[0]?.hidden).toBe(false)
})

test.each([
  ['has run out', 0, { outOfStock: 'keep' }, goods(1, { quantity: 0 })],
  ['is gone', 2, { gone: 'keep' }, goods(1)],
  ['is not sold', 0, { gone: 'keep' }, goods(1, { sellable: false })],
])(
  'a card that stays although its product %s shows none, and comes back',
  (_, misses, chosen, left) => {
    const shop = carried(goods(1))
    const leaving = planned(shop, left, { misses, chosen })
    const after = apply(leaving, shop)
    const back = planned(after, goods(1), { chosen })

    expect(leaving.steps).toMatchObject([
      { action: 'update', fields: ['stock'], before: { stock: 12 }, item: { stock: 0 } },
    ])
    expect(after.shown).toMatchObject([{ stock: 0, hidden: false }])
    expect(planned(after, left, { misses, chosen }).steps).toEqual([])
    expect(apply(back, after).shown).toMatchObject([{ stock: 12, hidden: false, title: 'Товар 1' }])
  },
)

test('a card that cannot be expressed any more stays as it is', () => {
  const shop = carried(goods(1))

  const { steps, unchanged } = planned(shop, goods(1, { name: 'Мак' }))

  expect(unchanged).toBe(0)
  expect(steps).toEqual([
    {
      action: 'skip',
      productId: idOf(1),
      itemId: '1',
      name: 'Мак',
      tillPrice: 45_000,
      fields: [],
      reason: { code: 'name_too_short', values: { n: 3 } },
    },
  ])
})

test('another picture is sent, the same one is not', () => {
  const shop = carried(goods(1))

  expect(planned(shop, goods(1, { image: { url: '', version: '2' } })).steps).toMatchObject([
    { action: 'update', fields: ['photo'], item: { photo: 'till:2' } },
  ])
})

test('a card follows its product from album to album and stays in the owner’s own', () => {
  const wax = group('wax', { name: 'Воск' })
  const shop = byHand(carried(goods(1, { groupId: 'honey' })), (card) => ({
    ...card,
    albums: [...(card.albums ?? []), '7'],
  }))
  const moving = planned(shop, goods(1, { groupId: 'wax' }), { groups: [honey, wax] })
  const leaving = planned(shop, goods(1))

  expect(moving.steps).toMatchObject([{ action: 'update', fields: ['album'], leaveAlbum: '101' }])
  expect(apply(moving, shop).shown[0]?.albums).toEqual(['7', '102'])
  expect(leaving.steps).toMatchObject([{ fields: ['album'], leaveAlbum: '101' }])
  expect(apply(leaving, shop).shown[0]?.albums).toEqual(['7'])
})

test.each([
  ['Чай &quot;№&nbsp;1&quot; &#171;A&#xbb;', false],
  ['  Чай  "№ 1"\n«A» ', false],
  ['Чай "№ 1" «B»', true],
])('shown as %j it is sent again: %s', (title, again) => {
  const tea = goods(1, { name: 'Чай "№ 1" «A»' })
  const shop = byHand(carried(tea), (card) => ({ ...card, title }))

  expect(planned(shop, tea).steps.length > 0).toBe(again)
})

test('two products whose ids begin alike do not share a card', () => {
  const twin = product({ id: idOf(1).replace('4000', '4001') })
  const shown = [{ ...foreign, sku: '000000000001' }]

  const { steps, links } = planned({ ...emptyShop, shown }, [...goods(1), twin])

  expect(links).toHaveLength(1)
  expect(steps.map(({ action }) => action)).toEqual(['create', 'update'])
})

test('a change by hand is put right each time, however often it is the same', () => {
  let shop = carried(goods(1))
  for (let times = 0; times < 5; times += 1) {
    shop = byHand(shop, (card) => ({ ...card, price: 100 }))
    const next = planned(shop, goods(1))

    expect(next.steps).toMatchObject([{ action: 'update', fields: ['price'] }])
    shop = apply(next, shop)
    expect(planned(shop, goods(1))).toMatchObject({ steps: [], links: [] })
  }
})

test('a card that is hidden by hand is shown again, however often', () => {
  const hide = (shop: Shop) => byHand(shop, (card) => ({ ...card, hidden: true }))
  let shop = hide(carried(goods(1)))
  for (let times = 0; times < 4; times += 1) {
    const next = planned(shop, goods(1))

    expect(next.steps).toMatchObject([{ action: 'restore' }])
    shop = hide(apply(next, shop))
  }
})

test('the hash of a card’s picture stays known while its words change', () => {
  const shop = carried(goods(1))
  const linked = shop.linked.map((link) => ({ ...link, photoHash: 'abc' }))

  const edited = apply(planned({ ...shop, linked }, goods(1, { price: 1 })), { ...shop, linked })

  expect(edited.linked).toMatchObject([{ photoHash: 'abc' }])
})

test('what the platform keeps in its own way is sent once more and then left', () => {
  const theirs: Keeping = (card) => ({ ...card, title: card.title?.toUpperCase() ?? '' })
  let shop = carried(goods(1), theirs)
  const sent: number[] = []
  for (let run = 0; run < 5; run += 1) {
    const next = planned(shop, goods(1))
    sent.push(writes(next).length)
    shop = apply(next, shop, theirs)
  }

  expect(sent).toEqual([1, 0, 0, 0, 0])
  expect(writes(planned(shop, goods(1, { price: 1 })))).toHaveLength(1)
  expect(
    writes(
      planned(
        byHand(shop, (card) => ({ ...card, price: 2 })),
        goods(1),
      ),
    ),
  ).toHaveLength(1)
})

test.each([
  [20, 10, false],
  [54, 11, true],
  [55, 11, false],
  [11, 11, true],
])('of %d cards %d would vanish: a person is asked %s', (count, vanishing, asked) => {
  const shop = carried(goods(count))
  const left = goods(count).map((one, index) =>
    index < vanishing ? { ...one, sellable: index % 2 === 0, quantity: 0 } : one,
  )

  const { shrinks } = planned(shop, left)

  expect(shrinks).toEqual(asked ? { before: count, after: count - vanishing } : undefined)
})

test('ten thousand products are planned in time that grows with them', async () => {
  const groups = Array.from({ length: 300 }, (_, index) => group(`g${index}`))
  const planning = (count: number) => {
    const many = goods(count).map((one, index) => ({ ...one, groupId: `g${index % 300}` }))
    const shop = apply(planned(emptyShop, many, { groups }), emptyShop)
    const changed = many.map((one) => ({ ...one, price: 1_000 }))
    return () => planned(shop, changed, { groups })
  }
  const [few, many] = [planning(1_000), planning(10_000)]

  expect(many().steps).toHaveLength(10_000)
  expect(await growthOf(few, many)).toBeLessThan(40)
})
