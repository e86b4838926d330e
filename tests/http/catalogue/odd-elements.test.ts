import { expect, test } from 'vitest'
import { openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'

/** What stands in a list and is none of it. */
const ODD: unknown[] = [
  null,
  7,
  'текст',
  false,
  [],
  {},
  { id: null },
  { id: {}, name: 'Без номера', title: 'Без номера' },
  { name: 'Без номера', title: 'Без номера' },
]

const PLACES: [name: string, at: (length: number) => number][] = [
  ['first', () => 0],
  ['in the middle', (length) => Math.floor(length / 2)],
  ['last', (length) => length],
]

const withOdd = (list: readonly unknown[], at: (length: number) => number): unknown[] =>
  list.toSpliced(at(list.length), 0, ...ODD)

test.each(PLACES)('odd things %s in a list of the till cost nobody a card', async (_name, at) => {
  const { scene, base, products: listed, groups: shelves } = await carried()
  const { app, evotor, vk } = scene
  const products = withOdd(listed.slice(1), at) // what is missing may be one of those nobody can read
  const groups = withOdd(shelves.slice(1), at)
  evotor.fault(`${base}/products`, { body: JSON.stringify({ items: products, paging: {} }) })
  evotor.fault(`${base}/product-groups`, { body: JSON.stringify({ items: groups, paging: {} }) })

  for (let times = 0; times < 3; times += 1)
    expect(await runOnce(scene, { confirmed: true })).toMatchObject({ state: 'done' })

  expect(vk.writes).toEqual([])
  const [line] = app.logged('till_unreadable')
  expect(Number(line?.count)).toBeGreaterThan(ODD.length)
  expect(JSON.stringify(line)).not.toContain('Без номера')
})

test.each([{ name: {} }, { name: [1] }, { price: 'дорого' }, { price: {} }, { price: true }])(
  'a product that has become %j is still there, as it was',
  async (odd) => {
    const { scene, base, products } = await carried()
    const { evotor, vk } = scene
    const [first, ...others] = products
    const items = [{ ...first, ...odd }, ...others]
    evotor.fault(`${base}/products`, { body: JSON.stringify({ items, paging: {} }) })

    for (let times = 0; times < 3; times += 1) await runOnce(scene, { confirmed: true })

    expect(vk.writes).toEqual([])
  },
)

test.each(PLACES)(
  'odd things %s among the cards, and a count that differs, cost nothing',
  async (_name, at) => {
    const { scene } = await carried()
    const { vk, community } = scene
    const cards = (await listed(scene)) as unknown[]
    vk.fault('/method/execute', { body: '{"error":{"error_code":3,"error_msg":"Unknown method"}}' })
    const response = { count: cards.length + 12, items: withOdd(cards.slice(1), at) }
    vk.fault('/method/market.get', { body: JSON.stringify({ response }) })

    for (let times = 0; times < 2; times += 1)
      expect(await runOnce(scene, { confirmed: true })).toMatchObject({ state: 'done' })

    expect(vk.writes).toEqual([])
    expect(community.items.size).toBeGreaterThanOrEqual(cards.length)
  },
)

test.each(PLACES)(
  'odd things %s among stores and communities leave the others',
  async (_name, at) => {
    const scene = await openShop()
    const { browser, evotor, vk, link } = scene
    const store = { id: link.storeId, name: 'Цветы у вокзала' }
    evotor.fault('/stores', { body: JSON.stringify({ items: withOdd([store], at), paging: {} }) })
    const group = { id: Number(link.communityId), name: 'Лавка у моста', market: { enabled: 1 } }
    const items = withOdd([group], at)
    vk.fault('/method/groups.get', { body: JSON.stringify({ response: { count: 99, items } }) })

    const page = await browser.get(`/sync/settings?link=${link.id}`)

    expect(page.text).toContain('Цветы у вокзала')
    expect(page.text).toContain('Лавка у моста')
    expect(page.text).not.toContain('Без номера')
  },
)

/** A shop whose goods have all been carried, its store, and what the till lists of it. */
async function carried() {
  const scene = await openShop()
  await runOnce(scene)
  await runOnce(scene)
  scene.vk.writes.length = 0
  const base = `/stores/${scene.link.storeId}`
  const [products, groups] = await Promise.all(
    ['products', 'product-groups'].map((what) => tillLists(scene, `${base}/${what}`)),
  )
  return { scene, base, products: products ?? [], groups: groups ?? [] }
}

async function tillLists({ app, evotor, link }: ShopScene, path: string): Promise<object[]> {
  const tokens = await app.ctx.connections.tokensOf(link.userId, 'evotor')
  const accept = 'application/vnd.evotor.v2+json'
  const headers = {
    authorization: `Bearer ${tokens?.accessToken ?? ''}`,
    ...{ accept, 'content-type': accept },
  }
  const answer = await fetch(`${evotor.url}${path}`, { headers })
  return ((await answer.json()) as { items: object[] }).items
}

/** Cards as VK lists them. */
async function listed({ app, vk, link }: ShopScene): Promise<unknown> {
  const tokens = await app.ctx.connections.tokensOf(link.userId, 'vk')
  const form = new URLSearchParams({
    ...{ access_token: tokens?.accessToken ?? '', v: '5.199', owner_id: `-${link.communityId}` },
    ...{ extended: '1', with_disabled: '1', count: '200' },
  })
  const answer = await fetch(`${vk.url}/method/market.get`, { method: 'POST', body: form })
  return ((await answer.json()) as { response: { items: unknown } }).response.items
}
