import { expect, test } from 'vitest'
import type { Product } from '../../../app/catalogue/goods.ts'
import { FEED_GUESSES } from '../../../app/web/kit/limits.ts'
import { startApp } from '../../support/app.ts'
import { addLink } from '../../support/catalogue/rows.ts'

const product = (id: string, more: Partial<Product> = {}): Product => ({
  id,
  groupId: 'g1',
  name: `Роза «${id}» & Ко`,
  service: false,
  article: `А-${id}`,
  price: 18_000,
  quantity: 3,
  unit: 'шт',
  sellable: true,
  description: 'Свежая роза из Эквадора & <b>Колумбии</b>.',
  choices: {},
  ...more,
})

async function open() {
  const app = await startApp()
  const { ctx } = app
  await app.newBrowser().register()
  const photo = await ctx.photos.save(1, {
    name: 'роза.jpg',
    jpeg: Buffer.from([255, 216, 255, 1]),
    hash: 'h',
    width: 400,
    height: 400,
  })
  const link = await addLink(ctx, { settings: { photoId: photo.id } })
  await ctx.syncItems.saveGroups(link.id, [{ id: 'g1', name: 'Розы', attributes: [] }])
  const changed = [
    product('1'),
    product('2', { price: 0 }),
    product('3', { restricted: 'alcohol' }),
    product('4', { quantity: 0 }),
    product('5'),
  ]
  await ctx.syncItems.saveListing(link.id, { changed, misses: new Map([['5', 2]]) })
  await ctx.syncItems.saveLinks(link.id, [{ productId: '1', itemId: '77' }])
  const key = (await ctx.syncLinks.feedKey(link)) ?? ''
  return { app, ctx, link, key, photo, passerBy: app.newBrowser() }
}

test('the catalogue is a file for whoever knows its address', async () => {
  const { app, key, photo, passerBy } = await open()

  const file = await passerBy.get(`/feeds/${key}.yml`)

  expect(file.status).toBe(200)
  expect(file.headers['content-type']).toBe('application/xml; charset=utf-8')
  expect(file.headers['cache-control']).toBe('private, max-age=300')
  expect(file.headers['set-cookie']).toBeUndefined()
  expect(file.html.match(/<offer /g)).toHaveLength(2)
  expect(file.html).toContain('<name>Роза «1» &amp; Ко</name>')
  expect(file.html).toContain('<price>180</price>')
  expect(file.html).toContain('Эквадора &amp; &lt;b&gt;')
  expect(file.html).not.toContain('<b>')
  expect(file.html).toContain('club777?w=product-777_77</url>')
  expect(file.html).toContain('<offer id="4b227777d4dd" available="false">')
  const picture = `${app.url}/feeds/${key}/photo/${photo.id}.jpg`
  expect(file.html).toContain(`<picture>${picture}</picture>`)
  const shown = await passerBy.get(new URL(picture).pathname)
  expect(shown.headers['content-type']).toBe('image/jpeg')
  expect(shown.headers['cross-origin-resource-policy']).toBe('cross-origin')
  const table = await passerBy.get(`/feeds/${key}.csv`)
  expect(table.html).toContain('Роза «1» & Ко;А-1;Розы;180;шт;3;да;')
})

test('groups that are not carried are not named, nor what stands in them', async () => {
  const { ctx, link, key, passerBy } = await open()
  const settings = { ...link.settings, groups: { staff: 'skip' as const } }
  await ctx.syncLinks.change(link.id, link, settings)
  await ctx.syncItems.saveGroups(link.id, [
    { id: 'g1', name: 'Розы', attributes: [] },
    { id: 'staff', name: 'Для своих', attributes: [] },
    { id: 'loans', parentId: 'staff', name: 'Должники', attributes: [] },
  ])

  const { html } = await passerBy.get(`/feeds/${key}.yml`)

  expect(html).toContain('>Розы</category>')
  expect(html).not.toMatch(/Для своих|Должники/)
})

test('a file that has not changed is not sent again, until something at the till does', async () => {
  const { ctx, link, key, passerBy } = await open()
  const { headers } = await passerBy.get(`/feeds/${key}.yml`)
  const known = { 'if-none-match': String(headers.etag) }

  const same = await passerBy.get(`/feeds/${key}.yml`, known)
  await ctx.syncLinks.noteChanges(link.id)
  const other = await passerBy.get(`/feeds/${key}.yml`, known)

  expect(same.status).toBe(304)
  expect(same.html).toBe('')
  expect(other.status).toBe(200)
})

test('only what the file names is shown, and only by its own key', async () => {
  const { app, ctx, link, key, photo, passerBy } = await open()
  const other = await ctx.photos.save(1, {
    name: 'другое.jpg',
    jpeg: Buffer.from([255, 216, 255, 2]),
    hash: 'other',
    width: 400,
    height: 400,
  })

  expect((await passerBy.get(`/feeds/${key}/photo/${other.id}.jpg`)).status).toBe(404)
  expect(JSON.stringify(app.lines), 'the key is a secret').not.toContain(key)
  expect((await passerBy.get(`/feeds/x/photo/${photo.id}.jpg`)).status).toBe(404)
  await ctx.syncLinks.renewFeedKey(link)
  expect((await passerBy.get(`/feeds/${key}.yml`)).status, 'the old address').toBe(404)
})

test('a picture that was taken back is named no more, though a card still shows it', async () => {
  const { ctx, link, key, photo, passerBy } = await open()
  const card = { productId: '1', itemId: '77', photo: `own:${photo.id}` }
  await ctx.syncItems.saveLinks(link.id, [card])
  const { photoId, ...settings } = link.settings
  await ctx.syncLinks.change(link.id, link, settings)

  const { html } = await passerBy.get(`/feeds/${key}.yml`)

  expect(photoId).toBe(photo.id)
  expect(html).toContain('<offer ')
  expect(html).not.toContain('<picture>')
})

test('whoever tries keys is stopped, and those who know theirs are not', async () => {
  const { key, passerBy } = await open()
  for (let n = 0; n < FEED_GUESSES.most; n += 1)
    expect((await passerBy.get(`/feeds/guess-${n}.csv`)).status).toBe(404)

  expect((await passerBy.get('/feeds/one-more.csv')).status).toBe(429)
  expect((await passerBy.get(`/feeds/${key}.csv`)).status).toBe(200)
})
