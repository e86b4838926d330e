import sharp from 'sharp'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import type { Item } from '../../../app/catalogue/items.ts'
import { createHttp } from '../../../app/http/client.ts'
import { createApi } from '../../../app/providers/api.ts'
import type { Caller, Outcome } from '../../../app/providers/catalogue.ts'
import { ok as platform } from '../../../app/providers/ok/index.ts'
import { okMarket } from '../../../app/providers/ok/market.ts'
import { MARINA, type Ok, startOk } from '../../simulators/ok.ts'
import type { OkGroup, OkProduct } from '../../simulators/ok/state.ts'

const RIGHTS = ['VALUABLE_ACCESS', 'GROUP_CONTENT', 'PHOTO_CONTENT']

let ok: Ok
let group: OkGroup
let page: OkGroup
beforeEach(async () => {
  ok = await startOk()
  onTestFinished(() => ok.stop())
  const [first, second] = ok.market.groups.values()
  if (!first || !second) throw new Error('no groups')
  ;[group, page] = [first, second]
})

describe('a real conversation with OK', () => {
  test('a card is made, changed, put into a catalog, taken out and deleted', async () => {
    const shop = open()
    const [first = '', second = ''] = await shop.upload([await jpeg(), await jpeg()])

    const itemId = await shop.add(card(), first)
    const other = await shop.add(card({ sku: 'B 0123456789ab' }), second)
    const albumId = await shop.addAlbum('Чай')
    expect(done(await shop.place(albumId, [itemId, other]))).toEqual([true, true])
    expect(
      done(await shop.change([{ itemId, set: { hidden: true, price: 199, title: NASTY } }])),
    ).toEqual([true])

    const { items, albums } = await shop.read()
    expect(albums).toEqual([{ id: albumId, title: 'Чай' }])
    expect(items.find((one) => one.itemId === itemId)).toEqual({
      ...{ itemId, title: NASTY, description: 'Чёрный чай, 100 г', price: 199 },
      ...{ sku: 'A-1 0123456789ab', hidden: true, albums: [albumId] },
    })
    const moves = [itemId, other].map((one) => ({ itemId: one, albumId }))
    expect(done(await shop.take(moves))).toEqual([true, true])
    expect((await shop.find([itemId]))[0]?.albums ?? []).toEqual([])
    expect(done(await shop.change([{ itemId, remove: true }]))).toEqual([true])
    expect((await shop.find([itemId, other])).map((one) => one.itemId)).toEqual([other])
  })

  test('the photo stays with its card when other things change, and gives way to a new one', async () => {
    const shop = open()
    const itemId = await added()
    const before = product(itemId).photoIds

    await shop.change([{ itemId, set: { hidden: false, title: 'Чай зелёный' } }])
    expect(product(itemId).photoIds).toEqual(before)

    const [photoId = ''] = await shop.upload([await jpeg()])
    await shop.change([{ itemId, set: { hidden: false, photoId } }])
    expect(product(itemId).photoIds).not.toEqual(before)
    expect(product(itemId).photoIds).toHaveLength(1)
  })

  test('a catalog is still the card’s after an edit, and may be called something else', async () => {
    const shop = open()
    const itemId = await added()
    const id = await shop.addAlbum('Чай')
    await shop.place(id, [itemId])

    await shop.change([{ itemId, set: { hidden: false, price: 1 } }])
    await shop.renameAlbum({ id, title: 'Чай' }, 'Чай и кофе')

    expect(product(itemId)).toMatchObject({ price: 1, catalogIds: [id] })
    expect(await shop.albums()).toEqual([{ id, title: 'Чай и кофе' }])
    expect(group.catalogs.get(id)?.adminRestricted).toBe(true)
  })

  test('what is as it should be is not written', async () => {
    const shop = open()
    const itemId = await added()
    const albumId = await shop.addAlbum('Чай')
    await shop.place(albumId, [itemId])
    ok.market.writes.length = 0

    const { title, description, sku, price } = card()
    const set = { hidden: false, title, description, sku, price, stock: 7 }
    expect(await shop.change([{ itemId, set }])).toEqual([SAME])
    expect(await shop.place(albumId, [itemId])).toEqual([SAME])
    expect(await shop.take([{ itemId, albumId: '1' }])).toEqual([SAME])
    expect(ok.market.writes).toEqual([])
  })

  test('hundreds of cards are read to the end', async () => {
    for (let at = 0; at < 250; at += 1) ok.handAdd({ title: `Товар ${at}` })

    const { items } = await open().read()

    expect(new Set(items.map(({ title }) => title)).size).toBe(250)
    expect(ok.market.made.get('market.getProducts')).toBe(3)
  })

  test('elements that are none are their own loss', async () => {
    const id = ok.handAdd({ title: 'Товар' })
    const body = JSON.stringify({ short_products: [null, 7, { id }, {}], has_more: false })
    ok.fault('/fb.do', { body, times: 1 })

    expect((await open().read()).items).toMatchObject([{ itemId: id, title: 'Товар' }])
  })

  test('an empty group is read as empty', async () => {
    expect(await open().read()).toEqual({ items: [], albums: [] })
  })
})

describe('display', () => {
  test('what has run out is sold out in a group and out of stock on a page', async () => {
    for (const [one, status] of [
      [group, 'SOLD'],
      [page, 'OUT_OF_STOCK'],
    ] as const) {
      const shop = open(one)
      const itemId = await added(one)

      await shop.change([{ itemId, set: { hidden: false, stock: 0 } }])
      expect(product(itemId, one).status).toBe(status)
      expect(await shop.find([itemId])).toMatchObject([{ hidden: false, stock: 0 }])

      await shop.change([{ itemId, set: { hidden: true } }])
      expect(product(itemId, one).status).toBe('CLOSED')
      expect(await shop.find([itemId])).toMatchObject([{ hidden: true }])

      await shop.change([{ itemId, set: { hidden: false, stock: 3 } }])
      expect(product(itemId, one).status).toBe('ACTIVE')
      expect(await shop.find([itemId])).toMatchObject([{ hidden: false, stock: -1 }])
    }
  })

  test.each([true, false])(
    'a card of a group is shown for a month and then again (%s)',
    async (shows) => {
      ok.market.rules.editShows = shows
      const [here, there] = [await added(group), await added(page)]
      expect(product(there, page).until).toBeUndefined()
      ok.endDisplay()

      const shop = open()
      expect(await shop.find([here])).toMatchObject([{ hidden: true }])
      expect(await shop.change([{ itemId: here, set: { hidden: true } }])).toEqual([SAME])
      await shop.change([{ itemId: here, set: { hidden: false } }])

      expect(await shop.find([here])).toMatchObject([{ hidden: false }])
      expect(product(here).until).toBeGreaterThan(Date.now() + 29 * 24 * 3600_000)
    },
  )

  test('a new card that is not to be seen is hidden at once', async () => {
    const [photo = ''] = await open().upload([await jpeg()])

    expect(product(await open().add(card({ hidden: true }), photo)).status).toBe('CLOSED')
  })

  test.each([true, false])(
    'a hidden card stays hidden, may an edit show it (%s)',
    async (shows) => {
      ok.market.rules.editShows = shows
      const itemId = await added()
      await open().change([{ itemId, set: { hidden: true } }])

      await open().change([{ itemId, set: { hidden: true, price: 5 } }])

      expect(product(itemId)).toMatchObject({ price: 5, status: 'CLOSED' })
    },
  )
})

describe('refusals', () => {
  test('a card that is gone is missing for a change, and as it should be for taking leave', async () => {
    const itemId = await added()
    ok.handDelete(itemId)
    const shop = open()

    const [changed] = await shop.change([{ itemId, set: { hidden: false, price: 1 } }])
    expect(changed).toMatchObject({ done: false, refusal: { scope: 'missing', code: 'item_gone' } })
    expect(await shop.change([{ itemId, remove: true }])).toEqual([SAME])
    expect(await shop.take([{ itemId, albumId: '1' }])).toEqual([SAME])
    expect(await shop.place('1', [itemId])).toMatchObject([{ refusal: { scope: 'missing' } }])
  })

  test('a text that is too long fails its card alone', async () => {
    ok.market.rules.longestText = 100
    const [one, other] = [await added(), await added()]

    const outcomes = await open().change([
      { itemId: one, set: { hidden: false, description: 'а'.repeat(200) } },
      { itemId: other, set: { hidden: false, price: 77 } },
    ])

    expect(outcomes[0]).toMatchObject({ refusal: { scope: 'item', code: 'description_too_long' } })
    expect(outcomes[1]).toEqual(DONE)
  })

  test('after a pause nothing more is asked', async () => {
    const ids = [await added(), await added(), await added()]
    ok.refuse('market.edit', 8)
    ok.market.made.clear()

    const outcomes = await open().change(ids.map((itemId) => ({ itemId, set: DEARER })))

    for (const one of outcomes) expect(one).toMatchObject({ refusal: { code: 'flood' } })
    expect(ok.market.made.get('market.edit')).toBe(1)
  })

  test('what passes by itself is tried again, but a new card never', async () => {
    const itemId = await added()
    ok.refuse('market.edit', 2, { times: 2 })
    ok.refuse('market.add', 2, { times: 1 })
    const [photo = ''] = await open().upload([await jpeg()])

    expect(await open().change([{ itemId, set: DEARER }])).toEqual([DONE])
    await expect(open().add(card(), photo)).rejects.toMatchObject({ scope: 'temporary' })
    expect(group.products.size).toBe(1)
  })

  test('a missing right, and somebody who is no administrator any more', async () => {
    const itemId = await added()
    await expect(open(group, ['VALUABLE_ACCESS']).read()).rejects.toMatchObject({
      ...{ scope: 'account', code: 'market_right_missing', kind: 'permission' },
    })
    ok.dropRole(MARINA.id)
    expect(await open().change([{ itemId, set: DEARER }])).toMatchObject([
      { refusal: { scope: 'account', code: 'market_forbidden' } },
    ])
  })

  test('a picture that is too small, and one that went wrong by itself', async () => {
    await expect(open().upload([await jpeg(50)])).rejects.toMatchObject({ code: 'photo_too_small' })
    ok.fault('/uploadImage', { body: '{"error_code":505,"error_msg":"PHOTO_NO_IMAGE"}', times: 1 })

    expect(await open().upload([await jpeg()])).toHaveLength(1)
  })

  test('lists that say nothing are not taken for empty ones', async () => {
    await added()
    for (const body of ['{}', '[]', '{"short_products":{}}', 'null']) {
      ok.fault('/fb.do', { body })
      await expect(open().read()).rejects.toMatchObject({ code: 'bad_response' })
    }
  })
})

describe('groups', () => {
  test('those a person manages, and whether goods may be added', async () => {
    const { target, call } = connect()

    const found = await target.communities(call)

    expect(found.map(({ name, market }) => [name, market])).toEqual([
      ['Букет и Лист', true],
      ['Лавка Марины', true],
      ['Мастерская без товаров', false],
    ])
    expect(target.communityUrl(group.id)).toBe(`https://ok.ru/group/${group.id}`)
    expect(target.cardUrl(group.id, '12')).toBe(`https://ok.ru/group/${group.id}/product/12`)
  })

  test.each([
    'buketilist',
    '@buketilist',
    'https://ok.ru/buketilist?st.cmd=1',
    'ok.ru/group/70000004589201',
    ' 70000004589201 ',
  ])('«%s» is found', async (typed) => {
    const { target, call } = connect()

    expect(await target.community?.(call, typed)).toMatchObject({ id: '70000004589201' })
  })

  test.each(['', 'https://example.ru/x', 'nobody', '1', '!!!'])('«%s» is none', async (typed) => {
    const { target, call } = connect()

    expect(await target.community?.(call, typed)).toBeUndefined()
  })
})

const NASTY = 'Чай «Ассам» & «Кения» + 5% = 100 г'
const DEARER = { hidden: false, price: 99_900 }
const DONE: Outcome = { done: true, same: false }
const SAME: Outcome = { done: true, same: true }

const card = (fields: Partial<Item> = {}): Item => ({
  title: 'Чай чёрный',
  description: 'Чёрный чай, 100 г',
  price: 24_990,
  sku: 'A-1 0123456789ab',
  hidden: false,
  photo: 'own:1',
  ...fields,
})

const done = (outcomes: readonly Outcome[]) => outcomes.map((outcome) => outcome.done)

function product(itemId: string, { products } = group): OkProduct {
  const found = products.get(itemId)
  if (!found) throw new Error('no such card')
  return found
}

async function added(one = group): Promise<string> {
  const shop = open(one)
  const [photo = ''] = await shop.upload([await jpeg()])
  return await shop.add(card(), photo)
}

const jpeg = (side = 500) =>
  sharp({ create: { width: side, height: side, channels: 3, background: '#a54' } })
    .jpeg()
    .toBuffer()

function open(one = group, scope = RIGHTS) {
  const { target, call } = connect(scope)
  return target.shop(call, one.id, { singly: false, onSingly: () => Promise.resolve() })
}

function connect(scope = RIGHTS) {
  const provider = platform.create(
    Object.fromEntries(
      Object.entries(ok.variables()).map(([name, value]) => [name.slice('OK_'.length), value]),
    ),
    'https://evosync.example.ru',
  )
  const http = createHttp({ allowedHosts: [new URL(ok.url).host], sleep: () => Promise.resolve() })
  onTestFinished(() => http.close())
  const tokens = { accessToken: ok.issue({ userId: MARINA.id, scope }), carried: {} }
  const client = http.platform('ok', { maxBytes: provider.maxBytes ?? 0 })
  const api = createApi(client, provider, tokens)
  const call: Caller = (use) => use(api)
  const target = okMarket(`${ok.url}/fb.do`, () => Promise.resolve())
  return { target, call }
}
