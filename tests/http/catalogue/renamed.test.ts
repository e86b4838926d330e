import { expect, test } from 'vitest'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { formOf } from '../../support/browser.ts'
import { NOWHERE, openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'

test('a short address that was given up stands nowhere: links go by numbers, stored ones too', async () => {
  const scene = await openShop()
  const { app, browser, community, link } = scene
  const run = await runOnce(scene)
  community.screenName = 'novyj_adres'

  const { file, table } = await filesOf(scene)
  const results = await browser.get(`/sync/runs/${run.id}.csv`)

  const page = `https://vk.com/club${community.id}`
  const card = `${page}?w=product-${community.id}_`
  expect(link.communityUrl).not.toBe(page)
  for (const text of [file, table, results.html]) {
    expect(text).toContain(card)
    expect(text).not.toContain(link.communityUrl)
  }
  expect(file).toContain(`<url>${page}</url>`)
  expect((await app.ctx.syncLinks.list(1))[0]?.communityUrl).toBe(link.communityUrl)
})

test('what the store and the community are called by now is said after the next whole run', async () => {
  const scene = await openShop()
  const { app, browser, community, link } = scene
  await runOnce(scene)
  const before = await filesOf(scene)
  rename(scene)

  await runOnce(scene)

  expect(await app.ctx.syncLinks.get(link.id)).toMatchObject(NEW_NAMES)
  await browser.submit(await browser.get('/evotor'), '/evotor/check')
  for (const path of ['/sync', '/sync/settings', '/connections']) {
    const { text } = await browser.get(path)
    expect(text).not.toContain(link.storeName)
    expect(text).not.toContain(link.communityName)
  }
  const after = await filesOf(scene)
  expect(after.file).toContain(`<name>${NEW_NAMES.storeName}</name>`)
  expect(after.version).not.toBe(before.version)
  expect(community.items.size).toBeGreaterThan(0)
})

test('a pair that is only a file learns its store’s new name', async () => {
  const scene = await openShop()
  const { app, link } = scene
  await app.ctx.syncLinks.change(link.id, { ...link, ...NOWHERE }, readSettings(link.settings))
  rename(scene)

  await runOnce(scene)

  expect((await app.ctx.syncLinks.get(link.id))?.storeName).toBe(NEW_NAMES.storeName)
})

test('a platform that does not tell a name stops no run and takes no name away', async () => {
  const scene = await openShop()
  const { app, link, evotor, vk } = scene
  rename(scene)
  evotor.fault('/stores', { status: 503, body: '', times: 100 })
  vk.fault('/method/groups.getById', { status: 503, body: '', times: 100 })

  expect(await runOnce(scene)).toMatchObject({ state: 'done' })

  const { storeName, communityName } = link
  expect(await app.ctx.syncLinks.get(link.id)).toMatchObject({ storeName, communityName })
})

test('a name that is left out takes none away', async () => {
  const scene = await openShop()
  const { app, link, evotor, vk, community } = scene
  evotor.fault('/stores', { body: JSON.stringify({ items: [{ id: link.storeId }], paging: {} }) })
  const nameless = { id: community.id, screen_name: 'x', market: { enabled: 1 } }
  vk.fault('/method/groups.getById', { body: JSON.stringify({ response: [nameless] }) })

  expect(await runOnce(scene)).toMatchObject({ state: 'done' })

  const { storeName, communityName } = link
  expect(await app.ctx.syncLinks.get(link.id)).toMatchObject({ storeName, communityName })
})

test('saving a pair again names it anew', async () => {
  const scene = await openShop()
  const { app, browser, link } = scene
  rename(scene)

  const page = await browser.get(`/sync/settings?link=${link.id}`)
  const form = formOf(page, '/sync/settings')
  const template = page.dom.querySelector('#description_tpl')?.text ?? ''
  const answer = await browser.post('/sync/settings', { ...form, description_tpl: template })

  expect(answer.location).toMatch(/^\/sync\/preview/)
  expect(await app.ctx.syncLinks.get(link.id)).toMatchObject(NEW_NAMES)
})

const NEW_NAMES = { storeName: 'Пионы на Садовой', communityName: 'Пионы с доставкой' }

function rename({ evotor, community }: ShopScene) {
  const store = evotor.users[0]?.stores[0]
  if (store) store.name = NEW_NAMES.storeName
  community.name = NEW_NAMES.communityName
}

async function filesOf({ app, link }: ShopScene) {
  const key = (await app.ctx.syncLinks.feedKey(link)) ?? ''
  const passerBy = app.newBrowser()
  const file = await passerBy.get(`/feeds/${key}.yml`)
  const table = await passerBy.get(`/feeds/${key}.csv`)
  return { file: file.html, table: table.html, version: file.headers.etag }
}
