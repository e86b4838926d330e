import sharp from 'sharp'
import { beforeAll, describe, expect, test } from 'vitest'
import { MARINA, type Vk } from '../../simulators/vk.ts'
import { startVk } from '../../support/simulators.ts'

const GROUP = 212_233
const ROSE = {
  name: 'Роза «Фридом»',
  description: 'Красная роза, 60 см',
  category_id: '20070',
  price: '250.50',
  sku: 'R-1 0123456789ab',
  stock_amount: '5',
}

let vk: Vk
let token: string
let jpeg: Buffer

beforeAll(async () => {
  jpeg = await sharp({ create: { width: 400, height: 500, channels: 3, background: 'red' } })
    .jpeg()
    .toBuffer()
})

async function open() {
  vk = await startVk()
  vk.perSecond = 1000
  token = vk.grant(MARINA.id, 'market groups photos')
}

describe('The simulated market', () => {
  test('a card goes in with roubles and is read in kopecks, like every field of the manual', async () => {
    await open()
    const photo = await photoId()
    const { market_album_id: album } = await ok('addAlbum', { title: 'Розы' })
    const { market_item_id: id } = await ok('add', { ...ROSE, main_photo_id: photo })
    await ok('addToAlbum', { item_ids: id, album_ids: album })

    const { count, items } = await ok('get', { extended: 1, with_disabled: 1 })

    expect(count).toBe(1)
    expect(items[0]).toMatchObject({
      id,
      owner_id: -GROUP,
      title: ROSE.name,
      description: ROSE.description,
      price: { amount: '25050', currency: { id: 643, name: 'RUB' }, text: '250,50\u00a0₽' },
      category: { id: 20_070, name: 'Цветы и растения' },
      availability: 0,
      sku: ROSE.sku,
      stock_amount: 5,
      albums_ids: [album],
      photos: [{ id: photo, owner_id: -GROUP, album_id: -53 }],
    })
    expect((await ok('getAlbums')).items).toMatchObject([{ id: album, title: 'Розы', count: 1 }])
    expect((await ok('search', { q: '0123456789ab' })).count).toBe(1)
    expect((await ok('getById', { item_ids: `-${GROUP}_${id},-${GROUP}_1` })).items).toHaveLength(1)
  })

  test.each([
    [{ name: 'Чай' }, 'name should be at least 4 letters length'],
    [{ name: 'ж'.repeat(101) }, 'name should be at most 100 letters length'],
    [{ name: `${'ж'.repeat(96)}₽` }, 'name should be at most 100 letters length'],
    [{ description: 'коротко' }, 'description should be at least 10 letters length'],
    [{ price: '-1' }, 'price is invalid'],
    [{ price: '12,50' }, 'price is invalid'],
    [{ main_photo_id: '' }, 'photo is undefined'],
    [{ main_photo_id: '7' }, 'photo not found or already assigned to another item'],
    [{ category_id: '205' }, 'category_id is invalid'],
    [{ sku: 'я'.repeat(51) }, 'sku should be at most 50 letters length'],
    [{ stock_amount: '-2' }, 'stock_amount should be greater or equal to -1'],
    [{ owner_id: '212233' }, 'only groups supported'],
  ])('%j is error 100 that says: %s', async (fields, words) => {
    await open()
    const main_photo_id = vk.handPhoto()

    const error = await no('add', { ...ROSE, main_photo_id, ...fields })

    expect(error.error_code).toBe(100)
    expect(error.error_msg).toContain(words)
    expect(vk.writes).toEqual([])
  })

  test('a photo serves one card for good, and that card again and again', async () => {
    await open()
    const main_photo_id = vk.handPhoto()
    const { market_item_id: item_id } = await ok('add', { ...ROSE, main_photo_id })

    const second = await no('add', { ...ROSE, main_photo_id })
    const same = await no('edit', { item_id, main_photo_id, deleted: 0 })
    await ok('edit', { item_id, main_photo_id, price: 300 })

    expect(second.error_msg).toContain('already assigned')
    expect(same).toMatchObject({ error_code: 100 })
    expect(same.error_msg).toContain('nothing to change')
  })

  test('an edit that does not say `deleted` shows a hidden card again', async () => {
    await open()
    const item_id = vk.handAdd({ title: 'Ручная роза' })
    await ok('edit', { item_id, deleted: 1 })
    expect((await ok('get')).count).toBe(0)
    expect((await ok('get', { with_disabled: 1 })).items[0]).toMatchObject({ availability: 2 })

    await ok('edit', { item_id, price: 10 })

    expect((await ok('get')).items[0]).toMatchObject({ availability: 0, price: { amount: '1000' } })
  })

  test('a deleted card is gone from every list, comes back while it is not too late', async () => {
    await open()
    const item_id = vk.handAdd({ title: 'Ручная роза' })
    await ok('delete', { item_id })

    expect((await ok('get', { with_disabled: 1 })).count).toBe(0)
    expect(await no('edit', { item_id, price: 1 })).toMatchObject({ error_code: 1403 })
    await ok('restore', { item_id })
    expect(await no('restore', { item_id })).toMatchObject({ error_code: 1518 })
    vk.handDelete(item_id)
    vk.rules.restoreMs = -1
    expect(await no('restore', { item_id })).toMatchObject({ error_code: 1400 })
  })

  test('albums refuse what is in them already, what is not there, and too much', async () => {
    await open()
    const item_ids = vk.handAdd({ title: 'Ручная роза' })
    const album_ids = vk.handAlbum('Букеты', [item_ids])

    expect(await no('addToAlbum', { item_ids, album_ids })).toMatchObject({ error_code: 1404 })
    expect(await no('addToAlbum', { item_ids: 1, album_ids })).toMatchObject({ error_code: 1403 })
    expect(await no('addToAlbum', { item_ids, album_ids: 1 })).toMatchObject({ error_code: 1402 })
    expect(await no('addToAlbum', { item_id: item_ids, album_ids })).toMatchObject({
      error_code: 100,
    })
    await ok('removeFromAlbum', { item_id: item_ids, album_ids })
    await ok('editAlbum', { album_id: album_ids, title: 'Розы' })
    vk.rules.mostInAlbum = 0
    expect(await no('addToAlbum', { item_ids, album_ids })).toMatchObject({ error_code: 1406 })
    vk.rules.mostAlbums = 1
    expect(await no('addAlbum', { title: 'Ещё' })).toMatchObject({ error_code: 1407 })
    await ok('deleteAlbum', { album_id: album_ids })
    expect((await ok('getAlbums')).count).toBe(0)
  })

  test('rights, roles, a closed market, community tokens and limits have their numbers', async () => {
    await open()
    const add = () => no('add', { ...ROSE, main_photo_id: vk.handPhoto() })
    const item_id = vk.handAdd({ title: 'Ручная роза' })

    vk.rules.addsADay = 0
    expect(await add()).toMatchObject({ error_code: 29 })
    vk.rules.mostItems = 1
    expect(await add()).toMatchObject({ error_code: 1405 })
    const link = { item_id, description: 'Смотрите на clck.ru/abc' }
    expect(await no('edit', link)).toMatchObject({ error_code: 1408 })
    vk.dropRole(MARINA.id)
    expect(await add()).toMatchObject({ error_code: 205 })
    expect(await no('addAlbum', { title: 'Розы' })).toMatchObject({ error_code: 203 })
    vk.communities.get(GROUP)?.roles.set(MARINA.id, 2)
    vk.marketOff()
    expect(await add()).toMatchObject({ error_code: 1438 })
    expect(await no('get')).toMatchObject({ error_code: 1438 })
    token = vk.grantCommunity(GROUP)
    expect(await add()).toMatchObject({ error_code: 27 })
    token = vk.grant(MARINA.id, 'groups')
    expect(await add()).toMatchObject({ error_code: 15, error_subcode: 1133 })
  })

  test('pages of 100, 200 at the most', async () => {
    await open()
    for (let at = 0; at < 205; at += 1) vk.handAdd({ title: `Роза ${at}` })

    expect((await ok('get')).items).toHaveLength(100)
    expect((await ok('get', { count: 200, offset: 200 })).items).toHaveLength(5)
    expect(await no('get', { count: 201 })).toMatchObject({ error_code: 100 })
  })
})

describe('Communities and categories', () => {
  test('filters nest, and the market of each is told when asked for', async () => {
    await open()
    const get = async (fields: Fields) =>
      (await call('groups.get', { extended: 1, ...fields })).response.items

    expect((await get({ filter: 'admin' })).map(({ id }) => id)).toEqual([GROUP])
    expect(await get({ filter: 'admin,editor', fields: 'market' })).toMatchObject([
      { id: GROUP, name: 'Цветы у дома', admin_level: 3, market: { enabled: 1 } },
      { name: 'Мастерская «Лента»', admin_level: 2, market: { enabled: 0 } },
    ])
    expect(await get({})).toHaveLength(3)
    token = vk.grant(MARINA.id, 'market')
    expect((await call('groups.get')).error).toMatchObject({ error_code: 15 })
  })

  test('shapes depend on the version', async () => {
    await open()

    const old = await call('groups.getById', { group_id: GROUP, v: '5.131' })
    const now = await call('groups.getById', { group_id: GROUP })
    const flat = await call('market.getCategories', { v: '5.131', count: 1000 })
    const tree = await call('market.getCategories')

    expect(old.response).toMatchObject([{ id: GROUP }])
    expect(now.response).toMatchObject({ groups: [{ id: GROUP }], profiles: [] })
    expect(flat.response.count).toBeGreaterThan(55)
    expect(flat.response.items).toContainEqual({
      id: 20_173,
      name: 'Батарейки',
      section: { id: 10_016, name: 'Канцелярские товары' },
    })
    expect(tree.response.items).toHaveLength(12)
  })
})

describe('Photos', () => {
  test('five at once, saved in their order by the raw answer', async () => {
    await open()
    const { upload_url } = await ok('getProductPhotoUploadServer', { group_id: GROUP, bulk: 1 })

    const answer = await upload(upload_url, [jpeg, jpeg, jpeg], true)
    const saved = await ok('saveProductPhotoBulk', { upload_response: answer })

    expect(saved).toHaveLength(3)
    const again = await no('saveProductPhotoBulk', { upload_response: answer })
    expect(again).toMatchObject({ error_code: 121 })
  })

  test('an answer written anew is refused, and so is what is no answer', async () => {
    await open()
    const { upload_url } = await ok('getProductPhotoUploadServer', { group_id: GROUP })
    const answer = await upload(upload_url, [jpeg])

    const anew = JSON.stringify(JSON.parse(answer), null, 1)

    const altered = await no('saveProductPhoto', { upload_response: anew })
    expect(altered).toMatchObject({ error_code: 121 })
    expect(await no('saveProductPhoto', { upload_response: '<html>' })).toMatchObject({
      error_code: 129,
    })
  })

  test('only real pictures of at least 400×400 are taken, while the address lives', async () => {
    await open()
    vk.rules.uploadUses = 1
    const { upload_url } = await ok('getProductPhotoUploadServer', { group_id: GROUP })
    const tiny = await sharp(jpeg).resize(399, 500).jpeg().toBuffer()

    await upload(upload_url, [jpeg])

    expect(await upload(upload_url, [jpeg])).toContain('ERR_UPLOAD_TOKEN')
    vk.rules.uploadUses = 9
    const fresh = await ok('getProductPhotoUploadServer', { group_id: GROUP })
    expect(await upload(fresh.upload_url, [tiny])).toContain('min size 400x400')
    expect(await upload(fresh.upload_url, [Buffer.from('GIF89a no')])).toContain('FORMAT')
    expect(await upload(fresh.upload_url, [await sharp(jpeg).webp().toBuffer()])).toContain(
      'FORMAT',
    )
    expect(await upload(fresh.upload_url, [jpeg], true)).toContain('not uploaded')
  })
})

describe('execute', () => {
  test('25 edits in one request; what fails is false and told beside', async () => {
    await open()
    const ids = [vk.handAdd({ title: 'Роза раз' }), 1, vk.handAdd({ title: 'Роза два' })]
    const edits = ids.map((id) => `API.market.edit(${edit(id, { price: 5 })})`)

    const body = await call('execute', { code: `return [${edits.join(',')}];` })

    expect(body.response).toEqual([1, false, 1])
    expect(body.execute_errors).toEqual([
      { method: 'market.edit', error_code: 1403, error_msg: 'Item not found' },
    ])
    expect(vk.requestsMade).toBe(1)
    expect(vk.writes.map(({ itemId, inExecute }) => [itemId, inExecute])).toEqual([
      [ids[0], true],
      [ids[2], true],
    ])
  })

  test('a 26th call, too long a code and too big a result break the whole', async () => {
    await open()
    const calls = (many: number) => `return [${'API.users.get(),'.repeat(many)}];`

    expect((await call('execute', { code: calls(25) })).response).toHaveLength(25)
    expect((await call('execute', { code: calls(26) })).error).toMatchObject({ error_code: 13 })
    vk.rules.longestResult = 10
    expect((await call('execute', { code: calls(1) })).error).toMatchObject({ error_code: 13 })
    const long = `return "${'ж'.repeat(33_000)}";`
    expect((await call('execute', { code: long })).error).toMatchObject({ error_code: 12 })
  })

  test('uploads and new cards are refused inside, edits when the rule says so', async () => {
    await open()
    const id = vk.handAdd({ title: 'Роза раз' })
    const edited = `API.market.edit(${edit(id, { price: 5 })})`
    vk.rules.executeRefusesWrites = true
    const code = `return [API.market.add({"owner_id":-${GROUP}}),${edited},API.market.saveProductPhoto({}),API.market.getProductPhotoUploadServer({})];`

    const { response, execute_errors } = await call('execute', { code })

    expect(response).toEqual([false, false, false, false])
    expect((execute_errors as { error_code: number }[]).map((one) => one.error_code)).toEqual([
      15, 15, 15, 15,
    ])
  })

  test('pages are read in a loop', async () => {
    await open()
    for (let at = 0; at < 450; at += 1) vk.handAdd({ title: `Роза ${at}` })
    const code = `var all = []; var offset = 0; var more = true;
      while (more) {
        var page = API.market.get({"owner_id": -${GROUP}, "count": 200, "offset": offset});
        all = all + page.items@.id;
        offset = offset + 200;
        more = page.items.length > 0;
      }
      return all;`

    expect(new Set((await call('execute', { code })).response as unknown as number[]).size).toBe(
      450,
    )
    expect(vk.madeInside.get('market.get')).toBe(4)
  })
})

describe('Faults on command', () => {
  test('a captcha asks until it is solved, with its link', async () => {
    await open()
    const item_id = vk.handAdd({ title: 'Роза раз' })
    vk.refuse('market.edit', { code: 14 }, { after: 1 })
    await ok('edit', { item_id, price: 1 })

    const asked = await no('edit', { item_id, price: 2 })
    await fetch(String(asked.redirect_uri), { method: 'POST' })

    expect(asked).toMatchObject({ error_code: 14, captcha_sid: '1' })
    await ok('edit', { item_id, price: 2 })
  })

  test('36 comes after the work, a dropped answer too, and one card can be singled out', async () => {
    await open()
    const item_id = vk.handAdd({ title: 'Роза раз' })
    const other = vk.handAdd({ title: 'Роза два' })
    vk.refuse('market.edit', { code: 36 }, { times: 1 })
    vk.refuse('market.edit', { code: 9, msg: 'Flood control' }, { itemId: other })

    expect(await no('edit', { item_id, price: 77 })).toMatchObject({ error_code: 36 })
    expect(await no('edit', { item_id: other, price: 78 })).toMatchObject({ error_code: 9 })
    vk.dropAfter('market.edit')
    await expect(call('market.edit', { item_id, price: 79 })).rejects.toThrow()
    vk.fault('/method/market.edit', { way: 'lost', times: 1 })
    await expect(call('market.edit', { item_id, price: 80 })).rejects.toThrow()

    expect(vk.writes.map(({ params }) => params.price)).toEqual(['77', '79', '80'])
    expect(vk.communities.get(GROUP)?.items.get(item_id)?.price).toBe(8000)
  })

  test('more than three requests in a second are error 6, whatever they hold; uploads are free', async () => {
    await open()
    vk.perSecond = 3

    const answers = await Promise.all([1, 2, 3, 4].map(() => call('market.get')))

    expect(answers.map(({ error }) => error?.error_code)).toContain(6)
    expect(await upload(`${vk.url}/upload?token=no`, [jpeg])).toContain('ERR_UPLOAD_TOKEN')
  })
})

test('the shop page shows goods by album, escaped, with hidden ones marked', async () => {
  await open()
  const photo = await photoId()
  const { market_item_id: id } = await ok('add', {
    ...ROSE,
    name: 'Роза <b>"Фридом"</b>',
    main_photo_id: photo,
    deleted: 1,
  })
  vk.handAlbum('Розы & ко', [id])

  const html = await (await fetch(`${vk.url}/shop/${GROUP}`)).text()
  const picture = await fetch(`${vk.url}/photo/${photo}`)

  for (const words of [
    'Товаров: 1',
    'Розы &amp; ко',
    'Роза &lt;b&gt;&quot;Фридом&quot;&lt;/b&gt;',
    '250,50',
    'скрыт',
    'В наличии: 5',
  ])
    expect(html).toContain(words)
  expect(picture.headers.get('content-type')).toBe('image/jpeg')
  expect(await (await fetch(vk.url)).text()).toContain(`/shop/${GROUP}`)
})

type Fields = Record<string, string | number>
/** What one method or another answers. */
interface Answer {
  count: number
  items: Record<string, unknown>[]
  upload_url: string
  market_item_id: number
  market_album_id: number
  photo_id: number
}

interface Body {
  response: Answer
  error?: Record<string, unknown> & { error_code: number; error_msg: string }
  execute_errors?: unknown
}

async function call(method: string, fields: Fields = {}): Promise<Body> {
  const form = { owner_id: -GROUP, v: '5.199', access_token: token, ...fields }
  const body = new URLSearchParams(
    Object.entries(form).map(([key, value]): [string, string] => [key, String(value)]),
  )
  const response = await fetch(`${vk.url}/method/${method}`, { method: 'POST', body })
  return (await response.json()) as Body
}

async function ok(method: string, fields: Fields = {}): Promise<Answer> {
  const { response, error } = await call(`market.${method}`, fields)
  expect(error).toBeUndefined()
  return response
}

async function no(method: string, fields: Fields = {}) {
  const { error } = await call(`market.${method}`, fields)
  if (!error) throw new Error(`market.${method} was not refused`)
  return error
}

const edit = (item_id: number, fields: Fields) =>
  JSON.stringify({ owner_id: -GROUP, item_id, ...fields })

async function upload(url: string, pictures: Buffer[], bulk = false): Promise<string> {
  const form = new FormData()
  pictures.forEach((bytes, at) => {
    const blob = new Blob([new Uint8Array(bytes)], { type: 'image/jpeg' })
    form.append(bulk ? `file${at + 1}` : 'file', blob, 'photo.jpg')
  })
  return (await fetch(url, { method: 'POST', body: form })).text()
}

async function photoId(): Promise<number> {
  const { upload_url } = await ok('getProductPhotoUploadServer', { group_id: GROUP })
  const { photo_id } = await ok('saveProductPhoto', {
    upload_response: await upload(upload_url, [jpeg]),
  })
  return photo_id
}
