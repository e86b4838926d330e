import { describe, expect, test } from 'vitest'
import sharp from 'sharp'
import { toJpeg } from '../../../../app/pictures/index.ts'
import { ENGINES } from '../../../support/databases.ts'
import { openShop, runOnce, type ShopScene } from '../../../support/catalogue/shop.ts'
import { painted } from '../../../support/pictures.ts'

const GOODS = 130
const PICTURED = 10

describe.each(ENGINES)('Goods without a photo on %s', (engine) => {
  test('are all on sale after one yes, and cost nothing afterwards', async () => {
    const scene = await openWithout({ engine })
    const { browser, community, vk } = scene
    fill(scene)
    expect(await runOnce(scene)).toMatchObject({ created: PICTURED, skipped: GOODS - PICTURED })

    const page = await browser.get('/sync/preview')
    expect(page.text).toContain('Без фото — 120 товаров')
    const answer = await browser.submit(page, '/sync/drawn')
    expect(answer.location).toBe(`/sync/preview?link=${scene.link.id}`)
    expect((await browser.get('/sync/preview')).text).not.toContain('Без фото —')

    expect(await runOnce(scene)).toMatchObject({ state: 'done', created: GOODS - PICTURED })
    expect(community.items.size).toBe(GOODS)
    const before = vk.requestsMade
    expect(await runOnce(scene)).toMatchObject({ total: 0, unchanged: GOODS })
    expect(vk.requestsMade - before).toBeLessThanOrEqual(3)
  })
})

describe('A drawn card', () => {
  test('is a square that shops take, and another one for another name, unit or group', async () => {
    const scene = await openWithout({ drawn: true })
    const till = scene.evotor.catalogueOf(scene.link.storeId)
    till.fill({ groups: [], products: [] })
    const rose = till.put({ name: 'Роза <b>&"красная', price: 100, quantity: 1 })
    await runOnce(scene)
    const seen = new Set([await photoOf(scene)])

    const group = till.putGroup({ name: 'Розы' })
    for (const change of [
      { name: 'Роза белая' },
      { measure_name: 'кг' },
      { parent_id: group.id },
    ]) {
      Object.assign(rose, change)
      till.put(rose)
      expect(await runOnce(scene)).toMatchObject({ state: 'done', updated: 1, failed: 0 })
      seen.add(await photoOf(scene))
      expect(await runOnce(scene)).toMatchObject({ total: 0 })
    }
    till.put({ ...rose, price: 120 })
    await runOnce(scene)
    seen.add(await photoOf(scene))

    expect(seen.size).toBe(4)
  })

  test('gives way to the first real photo', async () => {
    const scene = await openWithout({ drawn: true })
    const till = scene.evotor.catalogueOf(scene.link.storeId)
    till.fill({ groups: [], products: [] })
    till.put({ name: 'Роза', price: 100, quantity: 1 })
    await runOnce(scene)
    const before = await photoOf(scene)
    const now = await scene.app.ctx.syncLinks.get(scene.link.id)
    const photo = await scene.app.ctx.photos.save(1, { name: 'a.jpg', ...(await jpeg()) })
    if (now)
      await scene.app.ctx.syncLinks.change(now.id, now, { ...now.settings, photoId: photo.id })

    expect(await runOnce(scene)).toMatchObject({ state: 'done', updated: 1 })

    const [item] = scene.community.items.values()
    expect(item?.photoIds).not.toEqual([before])
    expect(await keyOf(scene)).toBe(`own:${photo.id}`)
  })

  test('stands in for a photo of the till that cannot be had', async () => {
    const scene = await openWithout({ drawn: true })
    const till = scene.evotor.catalogueOf(scene.link.storeId)
    till.fill({ groups: [], products: [] })
    till.put({ name: 'Роза', price: 100, quantity: 1, picture: 'thorn' })

    scene.evotor.pictures.set('thorn', { body: Buffer.from('<svg/>') })

    const run = await runOnce(scene)

    expect(run).toMatchObject({ state: 'done', created: 1, failed: 0 })
    expect((await scene.browser.get(`/sync/runs/${run.id}`)).text).toContain('Нарисовали карточку')
  })

  test('can be looked at beforehand, by its owner alone', async () => {
    const scene = await openWithout()
    fill(scene)
    await runOnce(scene)
    const page = await scene.browser.get('/sync/preview')
    const [, src = ''] = /src="(\/sync\/drawn\/[^"]+\.svg)"/.exec(page.html) ?? []

    const seen = await scene.browser.get(src)
    expect(seen.status).toBe(200)
    expect(seen.html).toMatch(/^<svg [^>]+>(<(rect|path) [^<>]+\/>)+<\/svg>$/)
    const other = scene.app.newBrowser()
    await other.register({ email: 'other@example.com' })
    expect((await other.get(src)).status).toBe(404)
  })
})

/** Without the owner's photo for all. */
async function openWithout(wishes: Parameters<typeof openShop>[0] = {}): Promise<ShopScene> {
  const scene = await openShop(wishes)
  const { link, app } = scene
  const settings = { ...link.settings }
  delete settings.photoId
  await app.ctx.syncLinks.change(link.id, link, settings)
  return { ...scene, link: { ...link, settings } }
}

function fill({ evotor, link }: ShopScene) {
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  for (let n = 0; n < GOODS; n += 1)
    till.put({
      ...{ name: `Роза № ${n}`, price: 100 + n, quantity: 1 },
      ...(n < PICTURED && { picture: 'rose' }),
    })
}

async function photoOf({ community }: ShopScene): Promise<number> {
  const [item] = [...community.items.values()]
  const photo = community.photos.get(item?.photoIds[0] ?? 0)
  const { format, width, height } = await sharp(photo?.bytes).metadata()
  expect({ format, width, height }).toEqual({ format: 'jpeg', width: 1000, height: 1000 })
  return item?.photoIds[0] ?? 0
}

async function keyOf({ app, link }: ShopScene) {
  const [known] = await app.ctx.syncItems.known(link.id)
  return known?.linked?.photo
}

const jpeg = async () => toJpeg(await painted(600, 600).png().toBuffer())
