import { describe, expect, onTestFinished, test } from 'vitest'
import { ProviderError } from '../../../app/errors.ts'
import { createHttp } from '../../../app/http/client.ts'
import type { Caller, CatalogueSource } from '../../../app/providers/catalogue.ts'
import { evotor as platform } from '../../../app/providers/evotor/index.ts'
import { createApi } from '../../../app/providers/api.ts'
import type { Product } from '../../../app/catalogue/goods.ts'
import type { Evotor } from '../../simulators/evotor.ts'
import { manyProducts } from '../../simulators/evotor/catalogue.ts'
import { startEvotor } from '../../support/simulators.ts'
import { startServer } from '../../unit/http/local-server.ts'

const OWNER = '01-000000001784261'
const SHOP = '20250101-AAAA-4000-8000-000000000001'
const PRODUCTS = `/stores/${SHOP}/products`

describe('a listing', () => {
  test('of 2,500 products comes whole, in three pages', async () => {
    const { evotor, source, call } = await open()
    evotor.catalogueOf(SHOP).fill(manyProducts(2500))

    const pages: number[] = []
    const ids = new Set<string>()
    for await (const page of source.products(call, SHOP)) {
      pages.push(page.length)
      for (const { id } of page) ids.add(id)
    }

    expect(pages).toEqual([1000, 1000, 500])
    expect(ids.size).toBe(2500)
  })

  test('asks with the cursor alone after the first page, and with what the manual wants of headers', async () => {
    const { evotor, source, call } = await open()
    evotor.pageSize = 50

    await all(source.products(call, SHOP, new Date(5)))

    const asked = evotor.asked.filter(({ path }) => path === PRODUCTS)
    expect(asked.map(({ query }) => Object.keys(query))).toEqual([
      ['since'],
      ['cursor'],
      ['cursor'],
    ])
    expect(asked[0]?.query.since).toBe('5')
    expect(asked[1]?.query.cursor).toContain('+/==')
    for (const { headers } of asked) {
      expect(headers.accept).toBe('application/vnd.evotor.v2+json')
      expect(headers['content-type']).toBe('application/vnd.evotor.v2+json')
    }
  })

  test('since a moment is of what has changed from then on', async () => {
    const { evotor, source, call } = await open()
    const shop = evotor.catalogueOf(SHOP)
    const before = new Date()
    const [first, second] = [...shop.products.keys()]
    shop.setPrice(first ?? '', 15.5)
    shop.rename(second ?? '', 'Букет «Вечер»')

    const changed = await all(source.products(call, SHOP, before))

    expect(changed.map(({ name, price }) => [name, price])).toEqual([
      ['Букет «Утро»', 1550],
      ['Букет «Вечер»', 189_000],
    ])
  })

  test('begins again, once, when its cursor has grown old', async () => {
    const { evotor, source, call } = await open()
    evotor.pageSize = 100

    const names: string[] = []
    let pages = 0
    for await (const page of source.products(call, SHOP)) {
      names.push(...page.map(({ id }) => id))
      if (++pages === 1) evotor.cursors.expire()
    }

    expect(new Set(names).size).toBe(130)
    expect(evotor.count(PRODUCTS)).toBe(4)
  })

  test.each([
    ['a cursor that comes again', (evotor: Evotor) => (evotor.repeatCursor = true)],
    ['cursors that are always refused', refuseCursors],
    [
      'an empty page that promises more',
      (evotor: Evotor) => {
        evotor.fault(PRODUCTS, { body: '{"items":[],"paging":{"next_cursor":"a"}}', times: 1 })
      },
    ],
    [
      'a cursor that is none',
      (evotor: Evotor) => {
        evotor.fault(PRODUCTS, { body: '{"items":[{"id":"1"}],"paging":{"next_cursor":{}}}' })
      },
    ],
    [
      'something that is no list',
      (evotor: Evotor) => {
        evotor.fault(PRODUCTS, { body: '{"paging":{}}' })
      },
    ],
  ])('with %s has failed', async (_what, spoil) => {
    const { evotor, source, call } = await open()
    evotor.pageSize = 50
    spoil(evotor)

    const failure = await failureOf(all(source.products(call, SHOP)))

    expect(failure).toMatchObject({ code: 'bad_response', kind: 'temporary' })
    expect(evotor.count(PRODUCTS)).toBeLessThan(20)
  })

  test('without end has failed too', async () => {
    const { source } = await open()
    let pages = 0
    const endless: Caller = (use) =>
      use({
        tokens: { accessToken: 'A1', carried: {} },
        send: () => Promise.resolve(page(++pages)),
        sendOpenly: () => Promise.reject(new Error('not asked for')),
        fetchFile: () => Promise.reject(new Error('not asked for')),
      })

    expect(await failureOf(all(source.products(endless, SHOP)))).toMatchObject({
      code: 'bad_response',
    })
    expect(pages).toBe(500)
  })

  test('that breaks at its second page is an outage, and was never whole', async () => {
    const { evotor, source, call } = await open()
    evotor.pageSize = 50
    evotor.failAfterPages = 1

    expect(await failureOf(all(source.products(call, SHOP)))).toMatchObject({
      code: 'server_error',
      outage: true,
    })
  })
})

describe('the demo’s shop', () => {
  test('is read with all that is odd about it', async () => {
    const { source, call } = await open()

    const products = await all(source.products(call, SHOP))
    const named = (name: string) => products.find((product) => product.name === name)

    expect(products).toHaveLength(130)
    expect(products.filter(({ image }) => image)).toHaveLength(10)
    expect(named('Мак')).toMatchObject({ price: 12_000, quantity: 11, unit: 'шт' })
    expect(named('Композиция на заказ')).toMatchObject({ price: 0, quantity: 999_999 })
    expect(named('Грунт на развес')).toMatchObject({ unit: 'кг', quantity: 112.5 })
    expect(named('Пион')).toMatchObject({ quantity: -2 })
    expect(named('Орхидея цимбидиум, ветка')).not.toHaveProperty('quantity')
    expect(named('Доставка по городу')).toMatchObject({ service: true, price: 0 })
    expect(named('Доставка по городу')).not.toHaveProperty('groupId')
    expect(named('Шампанское брют, 0,75 л')).toMatchObject({ restricted: 'alcohol' })
    expect(named('Ёлка живая в горшке, 60 см')).toMatchObject({ sellable: false })
    expect(products.some(({ name }) => name.length > 100)).toBe(true)
    expect(JSON.stringify(products)).not.toContain('cost')
  })

  test('has groups that nest, and variants that choose', async () => {
    const { source, call } = await open()

    const groups = await source.groups(call, SHOP)
    const products = await all(source.products(call, SHOP))

    const ribbon = groups.find(({ name }) => name === 'Лента атласная')
    const choices = ribbon?.attributes[0]?.choices ?? []
    const variants = products.filter(({ groupId }) => groupId === ribbon?.id)
    expect(choices.map(({ name }) => name)).toContain('Изумруд')
    expect(variants.map((variant) => variant.choices[ribbon?.attributes[0]?.id ?? ''])).toEqual(
      choices.map(({ id }) => id),
    )
    const parents = groups.map(({ parentId }) => groups.find(({ id }) => id === parentId)?.name)
    expect(new Set(parents)).toEqual(
      new Set([undefined, 'Комнатные растения', 'Горшки и кашпо', 'Упаковка и ленты']),
    )
  })

  test('tells no stock without the right to it', async () => {
    const { evotor, source, call } = await open()
    evotor.quantities = false

    const products = await all(source.products(call, SHOP))

    expect(products.filter((product) => 'quantity' in product)).toEqual([])
  })
})

describe('stores', () => {
  test('come page by page, with their addresses', async () => {
    const { evotor, source, call } = await open()
    evotor.pageSize = 1

    expect(await source.stores(call)).toEqual([
      { id: SHOP, name: 'Цветы у дома', address: 'Тула, пр. Ленина, 48' },
      {
        id: '20250101-AAAA-4000-8000-000000000002',
        name: 'Киоск на Лесной',
        address: 'Тула, ул. Лесная, 3',
      },
    ])
    expect(evotor.count('/stores')).toBe(2)
  })

  test('of somebody else are gone', async () => {
    const { source, call } = await open()

    const failure = await failureOf(source.groups(call, '20250101-BBBB-4000-8000-000000000001'))

    expect(failure).toMatchObject({ code: 'store_gone', kind: 'permission', status: 404 })
  })

  test('may be blocked one by one', async () => {
    const { evotor, source, call } = await open()
    evotor.blockedStores.add(SHOP)

    for (const listing of [all(source.products(call, SHOP)), source.groups(call, SHOP)])
      expect(await failureOf(listing)).toMatchObject({ code: 'store_blocked', kind: 'permission' })
    expect(await source.groups(call, '20250101-AAAA-4000-8000-000000000002')).toHaveLength(1)
  })

  test('are closed when the application is not installed, or the grant is gone', async () => {
    const { evotor, source, call } = await open()
    const failures = async () =>
      await Promise.all([source.stores(call), all(source.products(call, SHOP))].map(failureOf))

    for (const user of evotor.users) user.installed = false
    for (const failure of await failures())
      expect(failure).toMatchObject({ code: 'app_not_installed', kind: 'permission' })
    evotor.revoke(OWNER)
    for (const failure of await failures())
      expect(failure).toMatchObject({ code: 'token_revoked', kind: 'dead' })
  })
})

describe('pictures', () => {
  test('at the API’s own host are fetched with the token', async () => {
    const { source, call, pictured } = await open()

    const bytes = await source.image(call, await pictured())

    expect([...bytes.slice(1, 4)]).toEqual([...Buffer.from('PNG')])
  })

  test('elsewhere are fetched without it', async () => {
    const other = await startServer((res) => res.end(Buffer.from([1, 2, 3])))
    const { evotor, source, call, pictured } = await open([other.host])
    evotor.picturesAt = other.url

    const bytes = await source.image(call, await pictured())

    expect([...bytes]).toEqual([1, 2, 3])
    expect(other.asked[0]?.headers).not.toHaveProperty('authorization')
    expect(JSON.stringify(other.asked)).not.toContain('A1')
  })

  test('are none without the right to them', async () => {
    const { evotor, source, call, pictured } = await open()
    const image = await pictured()
    evotor.images = false

    expect(await failureOf(source.image(call, image))).toMatchObject(MISSING)
    const products = await all(source.products(call, SHOP))
    expect(products.filter((product) => product.image)).toEqual([])
  })

  test.each([
    [401, 'image_missing'],
    [403, 'image_missing'],
    [404, 'image_missing'],
    [405, 'image_missing'],
    [410, 'image_missing'],
    [302, 'image_elsewhere'],
  ])('elsewhere that answer %i are none, and the grant lives', async (status, code) => {
    const other = await startServer((res) => res.writeHead(status, { location: '/' }).end())
    const { evotor, source, call, pictured } = await open([other.host])
    evotor.picturesAt = other.url

    expect(await failureOf(source.image(call, await pictured()))).toMatchObject({
      code,
      kind: 'permission',
    })
  })

  test('at a private address are none', async () => {
    const { evotor, source, call, pictured } = await open()
    evotor.picturesAt = 'http://127.0.0.1:9'

    expect(await failureOf(source.image(call, await pictured()))).toMatchObject(ELSEWHERE)
  })

  test('at a host the operator allows for other things are none', async () => {
    const other = await startServer((res) => res.end(Buffer.from([1, 2, 3])))
    const { evotor, source, call, pictured } = await open([], [other.host])
    evotor.picturesAt = other.url

    expect(await failureOf(source.image(call, await pictured()))).toMatchObject(ELSEWHERE)
    expect(other.asked).toEqual([])
  })

  test('at one host that is down keep nobody from those at another', async () => {
    const other = await startServer((res) => res.end(Buffer.from([1, 2, 3])))
    const down = await startServer((res) => res.writeHead(503).end())
    const { evotor, source, call, pictured } = await open([other.host, down.host])
    evotor.picturesAt = down.url
    const image = await pictured()
    for (let times = 0; times < 7; times += 1) await failureOf(source.image(call, image))
    expect(await failureOf(source.image(call, image))).toMatchObject({ code: 'circuit_open' })
    evotor.picturesAt = other.url

    expect([...(await source.image(call, await pictured()))]).toEqual([1, 2, 3])
  })

  test.each([
    ['empty', 0, 'image_missing'],
    ['over 5 MB', 5_242_881, 'image_too_large'],
    ['far too large to be read', 9_000_000, 'image_too_large'],
  ])('%s are none', async (_what, size, code) => {
    const other = await startServer((res) => res.end(Buffer.alloc(size, 1)))
    const { evotor, source, call, pictured } = await open([other.host])
    evotor.picturesAt = other.url

    expect(await failureOf(source.image(call, await pictured()))).toMatchObject({ code })
  })

  test('a dead grant is told as one', async () => {
    const { evotor, source, call, pictured } = await open()
    const image = await pictured()
    evotor.revoke(OWNER)

    expect(await failureOf(source.image(call, image))).toMatchObject({ code: 'token_revoked' })
  })
})

const MISSING = { code: 'image_missing', kind: 'permission' }
const ELSEWHERE = { code: 'image_elsewhere', kind: 'permission' }

/** A source in the name of the flower shop's owner; what is tried again is tried at once. */
async function open(ownHosts: string[] = [], allowed: string[] = []) {
  const evotor = await startEvotor()
  const http = createHttp({
    allowedHosts: [new URL(evotor.url).host, ...ownHosts, ...allowed],
    sleep: () => Promise.resolve(),
  })
  onTestFinished(() => http.close())
  const provider = platform.create({ API_URL: evotor.url }, 'https://shop.example.ru')
  const { source, maxBytes } = provider
  if (!source || !maxBytes) throw new Error('no source')
  evotor.tokens.set('A1', { userId: OWNER, expiresAt: Infinity })
  const client = http.platform('evotor', { maxBytes, ownHosts })
  const call: Caller = (use) => use(createApi(client, provider, { accessToken: 'A1', carried: {} }))
  return { evotor, source, call, pictured: () => pictureIn(source, call) }
}

async function pictureIn(source: CatalogueSource, call: Caller) {
  const products = await all(source.products(call, SHOP))
  const image = products.find((product) => product.image)?.image
  if (!image) throw new Error('no product has a picture')
  return image
}

async function all(pages: AsyncIterable<Product[]>): Promise<Product[]> {
  const products: Product[] = []
  for await (const page of pages) products.push(...page)
  return products
}

async function failureOf(work: Promise<unknown>): Promise<ProviderError> {
  const failure: unknown = await work.catch((error: unknown) => error)
  if (failure instanceof ProviderError) return failure
  throw new Error(`was accepted: ${JSON.stringify(failure)}`)
}

function refuseCursors(evotor: Evotor) {
  evotor.cursors.find = () => undefined
}

const page = (nth: number) => ({
  status: 200,
  headers: {},
  text: JSON.stringify({ items: [{ id: String(nth) }], paging: { next_cursor: String(nth) } }),
})
