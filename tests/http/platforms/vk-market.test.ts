import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import sharp from 'sharp'
import { createHttp } from '../../../app/http/client.ts'
import type { Caller, Outcome } from '../../../app/providers/catalogue.ts'
import { createApi } from '../../../app/providers/api.ts'
import { vk as platform } from '../../../app/providers/vk/index.ts'
import type { Item } from '../../../app/catalogue/items.ts'
import { blank } from '../../simulators/vk/goods.ts'
import { MARINA, type Vk } from '../../simulators/vk.ts'
import type { Community } from '../../simulators/vk/state.ts'
import { startVk } from '../../support/simulators.ts'

let vk: Vk
let community: Community
beforeEach(async () => {
  vk = await startVk()
  vk.perSecond = 1000
  const managed = [...vk.communities.values()].find(
    ({ roles, market }) => market && (roles.get(MARINA.id) ?? 0) > 1,
  )
  if (!managed) throw new Error('no community')
  community = managed
})

describe('a real conversation with VK', () => {
  test('a card is made, changed, put into an album, taken out and deleted', async () => {
    const { target, call } = connect()
    expect((await target.communities(call)).map(({ id }) => id)).toContain(String(community.id))
    const [category] = (await target.categories?.(call, String(community.id))) ?? []
    const shop = open()

    const [first = '', second = ''] = await shop.upload([await jpeg(), await jpeg(), await jpeg()])
    const itemId = await shop.add(card({ categoryId: category?.id ?? '' }), first)
    const other = await shop.add(card({ sku: 'B', categoryId: category?.id ?? '' }), second)
    const albumId = await shop.addAlbum('Чай')
    expect(done(await shop.place(albumId, [itemId, other]))).toEqual([true, true])
    expect(
      done(
        await shop.change([
          { itemId, set: { hidden: true, price: 199, oldPrice: 250, title: NASTY } },
          { itemId: other, set: { hidden: false } },
        ]),
      ),
    ).toEqual([true, true])

    const { items, albums } = await shop.read()
    expect(albums).toEqual([{ id: albumId, title: 'Чай' }])
    expect(items.find((one) => one.itemId === itemId)).toEqual({
      ...{ itemId, title: NASTY, description: 'Чёрный чай, 100 г', price: 199, sku: 'A-1 012' },
      ...{ oldPrice: 250, stock: 5, hidden: true, albums: [albumId] },
    })
    expect(
      done(
        await shop.take([
          { itemId, albumId },
          { itemId: other, albumId },
        ]),
      ),
    ).toEqual([true, true])
    expect(
      await shop.change([
        { itemId, remove: true },
        { itemId: other, remove: true },
      ]),
    ).toHaveLength(2)
    expect((await shop.read()).items).toEqual([])
  })

  test('two thousand cards are read in two requests, ten thousand in six', async () => {
    const shop = open()

    stock(2000)
    expect((await shop.read()).items).toHaveLength(2000)
    expect(vk.requestsMade).toBe(2)

    stock(10_000)
    vk.requestsMade = 0
    expect((await shop.read()).items).toHaveLength(10_000)
    expect(vk.requestsMade).toBeLessThanOrEqual(6)
  })

  test('cards are found by their numbers', async () => {
    stock(450)
    const ids = cardIds()

    const found = await open().find([...ids.slice(0, 350), '999999999'])

    expect(found.map(({ itemId }) => itemId)).toEqual(ids.slice(0, 350))
    expect(vk.requestsMade).toBe(1)
  })

  test('too large an answer is asked for in smaller parts', async () => {
    stock(1000)
    vk.rules.longestResult = 100_000

    expect((await open().read()).items).toHaveLength(1000)
  })

  test('columns with gaps are not believed: whole cards are read instead', async () => {
    stock(1000)
    vk.rules.sparseColumns = true
    for (const item of community.items.values()) if (item.id % 3 === 0) item.sku = ''

    const { items } = await open().read()

    expect(
      items.every(({ itemId, sku }) => sku === (Number(itemId) % 3 === 0 ? '' : `S ${itemId}`)),
    ).toBe(true)
    expect(items).toHaveLength(1000)
    expect(vk.requestsMade).toBeLessThanOrEqual(4)
  })

  test('fifty changes are two requests, and their failures are those of their cards', async () => {
    stock(50)
    const ids = cardIds()
    vk.refuse('market.edit', { code: 1403 }, { itemId: Number(ids[3]) })
    vk.refuse('market.edit', { code: 205 }, { itemId: Number(ids[30]), times: 1 })

    const outcomes = await open().change(
      ids.map((itemId) => ({ itemId, set: { hidden: false, price: 4200 } })),
    )

    expect(outcomes.flatMap((one, at) => (one.done ? [] : [[at, one.refusal.code]]))).toEqual([
      [3, 'item_gone'],
      [30, 'market_forbidden'],
    ])
    expect(vk.requestsMade).toBe(2)
  })

  test('a lost answer of an add leaves one card, and says that nobody knows', async () => {
    vk.dropAfter('market.add')
    const shop = open()
    const [photo = ''] = await shop.upload([await jpeg()])
    const { target, call } = connect()
    const [category] = (await target.categories?.(call, String(community.id))) ?? []

    await expect(shop.add(card({ categoryId: category?.id ?? '' }), photo)).rejects.toMatchObject({
      kind: 'temporary',
      unsent: false,
    })

    expect(community.items.size).toBe(1)
  })
})

describe('what nobody knows about VK', () => {
  test('changes refused inside of a script are sent one by one, and that is remembered', async () => {
    stock(3)
    vk.rules.executeRefusesWrites = true
    let remembered = 0
    const shop = open(() => (remembered += 1))
    const changes = (price: number) =>
      cardIds().map((itemId) => ({ itemId, set: { hidden: false, price } }))

    expect(done(await shop.change(changes(500)))).toEqual([true, true, true])
    expect(done(await shop.change(changes(600)))).toEqual([true, true, true])

    expect(remembered).toBe(1)
    expect(vk.made.get('execute')).toBe(1)
  })

  test.each(['object', 'array'] as const)('a receipt for pictures may be an %s', async (answer) => {
    vk.rules.bulkAnswer = answer

    expect(await open().upload([await jpeg(), await jpeg()])).toHaveLength(2)
    expect(vk.made.get('market.saveProductPhoto')).toBeUndefined()
  })

  test('an address for pictures may be worn out after one', async () => {
    vk.rules.uploadUses = 1

    const numbers = await open().upload(await Promise.all(Array.from({ length: 12 }, jpeg)))

    expect(new Set(numbers).size).toBe(12)
    expect(vk.made.get('market.saveProductPhotoBulk')).toBe(3)
  })

  test('a card that is in the album already keeps no other out', async () => {
    stock(6)
    const shop = open()
    const albumId = await shop.addAlbum('Чай')
    const ids = cardIds()
    await shop.place(albumId, ids.slice(2, 3))

    expect(done(await shop.place(albumId, ids))).toEqual(ids.map(() => true))
    expect((await shop.read()).items.every(({ albums }) => albums?.includes(albumId))).toBe(true)
  })

  test('a forbidden link costs its link, not its card', async () => {
    stock(1)
    const [itemId = ''] = cardIds()
    const description = 'Чай чёрный, 100 г. Подробнее: https://clck.ru/tea'

    const outcomes = await open().change([{ itemId, set: { hidden: false, description } }])

    expect(done(outcomes)).toEqual([true])
    expect(community.items.get(Number(itemId))?.description).toBe('Чай чёрный, 100 г. Подробнее:')
  })
})

describe('the token', () => {
  test('of market calls stands in the body, whatever the way of the connection is', async () => {
    stock(1)

    await open().read()

    const asked = vk.asked.filter(({ path }) => path === '/method/execute')
    expect(asked.map(({ method, query }) => [method, query])).toEqual([['POST', {}]])
  })

  test('without the right for goods says so', async () => {
    stock(1)
    const { target, call } = connect('groups')
    const shop = target.shop(call, String(community.id), SILENT)
    const [itemId = ''] = cardIds()

    expect(done(await shop.change([{ itemId, set: { hidden: true } }]))).toEqual([
      'market_right_missing',
    ])
  })

  test('without the right for communities leaves typing', async () => {
    const { target, call } = connect('market')

    await expect(target.communities(call)).rejects.toMatchObject({ code: 'no_groups_right' })
    expect(await target.community?.(call, `vk.com/${community.screenName}`)).toMatchObject({
      id: String(community.id),
      market: true,
    })
  })
})

const cardIds = () => [...community.items.keys()].map(String)

const SILENT = { singly: false, onSingly: () => Promise.resolve() }

const NASTY = 'Чай </b> "Слон" \\ \u2028 {100}'

function connect(scope = 'market groups photos') {
  const provider = platform.create(
    { ...unprefixed(vk.variables()), PER_SECOND: '20' },
    'http://localhost:3000',
  )
  const http = createHttp({ allowedHosts: [new URL(vk.url).host] })
  onTestFinished(() => http.close())
  const accessToken = vk.grant(MARINA.id, scope)
  const client = http.platform('vk', { maxBytes: provider.maxBytes ?? 0 })
  const api = createApi(client, provider, { accessToken, carried: {} })
  const call: Caller = (use) => use(api)
  if (!provider.target) throw new Error('no target')
  return { target: provider.target, call }
}

function open(onSingly: () => unknown = () => undefined) {
  const { target, call } = connect()
  const habits = { singly: false, onSingly: () => Promise.resolve(void onSingly()) }
  return target.shop(call, String(community.id), habits)
}

const unprefixed = (variables: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(variables).map(([name, value]) => [name.slice('VK_'.length), value]),
  )

function stock(cards: number) {
  community.items.clear()
  for (let id = 1; id <= cards; id += 1)
    community.items.set(id, {
      ...blank(id),
      title: `Товар ${id}`,
      description: 'Описание товара '.repeat(10),
      price: 100,
      sku: `S ${id}`,
    })
}

const card = (own: Partial<Item>): Item => ({
  ...{ title: 'Чай чёрный', description: 'Чёрный чай, 100 г', price: 25_050, sku: 'A-1 012' },
  ...{ stock: 5, hidden: false, categoryId: '', photo: 'own:1' },
  ...own,
})

const done = (outcomes: readonly Outcome[]) => outcomes.map((one) => one.done || one.refusal.code)

const jpeg = () =>
  sharp({ create: { width: 400, height: 400, channels: 3, background: '#ddd' } })
    .jpeg()
    .toBuffer()
