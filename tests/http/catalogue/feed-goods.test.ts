import sharp from 'sharp'
import { expect, test } from 'vitest'
import { sha256 } from '../../../app/catalogue/hashes.ts'
import { FEED_GOODS } from '../../../app/web/kit/limits.ts'
import { NOWHERE, openShop, runOnce, type Wishes } from '../../support/catalogue/shop.ts'
import { type Node, readXml, textOf } from '../../unit/catalogue/xml.ts'

/** A shop of three roses: one with the till's picture, one without, one with a picture nobody has. */
async function openFile(wishes: Wishes = {}, { community = false } = {}) {
  const scene = await openShop(wishes)
  const { app, evotor, link } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  const rose = (name: string, more: object = {}) =>
    till.put({ name, price: 120.5, quantity: 3, ...more })
  const ids = {
    pictured: rose('Роза алая', { picture: 'rose-1', article_number: 'R-1' }).id,
    bare: rose('Роза белая', { description: 'Белая роза.\nСвежая.', quantity: 0 }).id,
    broken: rose('Роза чайная', { picture: 'gone' }).id,
  }
  rose('Мак', { price: 0 })
  const id = community
    ? link.id
    : await app.ctx.syncLinks.add(link.userId, { ...link, ...NOWHERE }, link.settings)
  const run = await runOnce({ app, link: { ...link, id } })
  const key = (await app.ctx.syncLinks.feedKey({ id, userId: link.userId })) ?? ''
  return { ...scene, ids, till, run, key, linkId: id, passerBy: app.newBrowser() }
}

const fieldsOf = (xml: string) =>
  all(readXml(xml), 'offer').map((offer) => ({
    id: offer.attributes.id,
    ...Object.fromEntries(
      offer.children.flatMap((one) => (typeof one === 'string' ? [] : [[one.name, textOf(one)]])),
    ),
  })) as Record<string, string>[]

const all = (node: Node, name: string): Node[] =>
  node.children.flatMap((child) =>
    typeof child === 'string' ? [] : [...(child.name === name ? [child] : []), ...all(child, name)],
  )

test('every offer has all that a consumer asks for, whichever picture it has', async () => {
  const { app, key, ids, passerBy } = await openFile()

  const { html } = await passerBy.get(`/feeds/${key}.yml`)

  const offers = fieldsOf(html)
  expect(offers).toHaveLength(3)
  for (const { id, name, url, price, currencyId, categoryId, picture } of offers) {
    expect(id).toMatch(/^[0-9a-f]{12}$/)
    expect([name, price, currencyId, categoryId]).not.toContain('')
    for (const address of [url ?? '', picture ?? '']) {
      expect(address.startsWith(`${app.url}/feeds/${key}/`), address).toBe(true)
      const { pathname, search } = new URL(address)
      expect((await passerBy.get(pathname + search)).status, address).toBe(200)
    }
  }
  expect(offers[0]?.id).toBe(ids.pictured.replaceAll('-', '').slice(0, 12))
  const table = await passerBy.get(`/feeds/${key}.csv`)
  expect(table.html.match(/\/goods\/[^;]+\.jpg/g)).toHaveLength(2)
})

test('a till’s picture is a JPEG of ours, kept for a day and asked for once', async () => {
  const { app, evotor, key, ids, passerBy } = await openFile()
  const at = `/feeds/${key}/goods/${ids.pictured}.jpg`
  const asked = () => evotor.asked.filter(({ path }) => path.startsWith('/pictures/')).length
  const before = asked()

  const picture = await fetch(`${app.url}${at}`)
  const again = await passerBy.get(at, { 'if-none-match': picture.headers.get('etag') ?? '' })

  expect(Object.fromEntries(picture.headers)).toMatchObject({
    'content-type': 'image/jpeg',
    'cache-control': 'private, max-age=86400',
    'cross-origin-resource-policy': 'cross-origin',
  })
  expect(await sharp(Buffer.from(await picture.arrayBuffer())).metadata()).toMatchObject({
    format: 'jpeg',
    width: 400,
  })
  expect(again.status).toBe(304)
  expect(asked() - before).toBe(1)
})

test('where the till’s picture cannot be had, the owner’s is shown, and not for long', async () => {
  const { evotor, key, ids, passerBy } = await openFile()
  evotor.fault('/pictures/gone.png', { status: 404 })

  const { status, headers } = await passerBy.get(`/feeds/${key}/goods/${ids.broken}.jpg`)

  expect(status).toBe(200)
  expect(headers['cache-control']).toBe('private, max-age=300')
  expect(headers.etag).toBeUndefined()
})

test('a page of a product tells what the file tells, and nothing to search engines', async () => {
  const { key, ids, app, passerBy } = await openFile()

  const page = await passerBy.get(`/feeds/${key}/goods/${ids.bare}`)

  expect(page.headers['x-robots-tag']).toBe('noindex')
  expect(page.headers['set-cookie']).toBeUndefined()
  expect(page.html).toContain('<h1>Роза белая</h1>')
  expect(page.html).toContain('120,50 руб.')
  expect(page.html).toContain('Нет в наличии')
  expect(page.html).toContain('<p>Свежая.</p>')
  expect(JSON.stringify(app.lines)).not.toContain(key)
})

test('a card of the community is where an offer leads, once there is one', async () => {
  const { key, community, passerBy } = await openFile({}, { community: true })

  const offers = fieldsOf((await passerBy.get(`/feeds/${key}.yml`)).html)

  const [card] = community.items.keys()
  expect(offers.map(({ url }) => url).join(' ')).toContain(`product-${community.id}_${card}`)
  for (const { url } of offers) expect(url).toMatch(/^https?:/)
})

test('only what the file names has a picture or a page, and only by its own key', async () => {
  const { app, key, ids, till, run, linkId, passerBy } = await openFile()
  const status = async (path: string) => (await passerBy.get(path)).status
  const poppy = [...till.products.values()].find(({ name }) => name === 'Мак')?.id ?? ''

  expect(run.skipped).toBe(1)
  for (const id of [poppy, 'nobody', '..%2f..%2fadmin', 'https:%2f%2fexample.org%2f1'])
    expect([
      await status(`/feeds/${key}/goods/${id}`),
      await status(`/feeds/${key}/goods/${id}.jpg`),
    ]).toEqual([404, 404])
  expect(await status(`/feeds/${sha256('x')}/goods/${ids.pictured}.jpg`)).toBe(404)
  const link = await app.ctx.syncLinks.get(linkId)
  if (link) await app.ctx.syncLinks.renewFeedKey(link)
  expect(await status(`/feeds/${key}/goods/${ids.pictured}`), 'the old address').toBe(404)
})

test('whoever asks for ever more pictures is told to wait', async () => {
  const { app, key, ids, linkId, passerBy } = await openFile()
  const { name, most, windowMs } = FEED_GOODS
  for (let n = 0; n < most; n += 1)
    await app.ctx.limits.hit({ name, most, windowMs }, String(linkId))

  expect((await passerBy.get(`/feeds/${key}/goods/${ids.bare}`)).status).toBe(429)
})
