import { describe, expect, test } from 'vitest'
import { painted } from '../../support/pictures.ts'
import { openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'

/** What a till may give out as the picture of a product, and what is said of it. */
const ODD: [string, () => Promise<Buffer> | Buffer, string, number?][] = [
  ['an SVG', () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'файл повреждён'],
  ['a page', () => Buffer.from('<!doctype html><h1>Вход</h1>'), 'файл повреждён'],
  ['half a JPEG', async () => (await jpeg()).subarray(0, 3000), 'файл повреждён'],
  ['a JSON', () => Buffer.from('{"error":"x"}'), 'файл повреждён'],
  ['81 megapixels', () => painted(9000, 9000).png().toBuffer(), 'в нём 81 Мп'],
  ['20 MB', () => Buffer.alloc(20 * 1024 * 1024, 1), 'файл больше 5 МБ'],
  ['nothing', () => Buffer.alloc(0), 'по его адресу ничего нет'],
  ['404', () => Buffer.from('no'), 'по его адресу ничего нет', 404],
  ['503', () => Buffer.from('no'), 'сервер, на котором оно лежит, не отвечает', 503],
]
const jpeg = () => painted(600, 600, { noise: true }).jpeg().toBuffer()

describe('A product whose picture of the till cannot be had', () => {
  test.each(ODD)('is carried with the photo for all: %s', async (_name, body, said, status) => {
    const { scene, put, photosOf } = await open()
    put('rose', { body: await body(), ...(status && { status }) })

    const run = await runOnce(scene)

    expect(run).toMatchObject({ state: 'done', created: 1, failed: 0 })
    expect(await photosOf()).toEqual([scene.link.settings.photoId])
    const page = await scene.browser.get(`/sync/runs/${run.id}`)
    expect(page.text).toContain(`Фото с кассы не прочитали: ${said}`)
    expect(page.text).toContain('Взяли фото по умолчанию')
    expect(await runOnce(scene)).toMatchObject({ total: 0, unchanged: 1 })
  })

  test.each(['avif', 'tiff', 'webp', 'gif'] as const)('is none with %s', async (format) => {
    const { scene, put, photosOf } = await open()
    put('rose', { body: await painted(500, 500).toFormat(format).toBuffer() })

    expect(await runOnce(scene)).toMatchObject({ state: 'done', created: 1 })
    expect(await photosOf()).toEqual(['till'])
  })

  test('takes the photo of its group before the one for all', async () => {
    const { scene, put, photosOf, till } = await open()
    const group = till.putGroup({ name: 'Розы' })
    for (const product of till.products.values()) till.put({ ...product, parent_id: group.id })
    const picture = { jpeg: await jpeg(), width: 600, height: 600, hash: 'of the group' }
    const { id } = await scene.app.ctx.photos.save(1, { name: 'g.jpg', ...picture })
    const { link } = scene
    await scene.app.ctx.syncLinks.change(link.id, link, {
      ...link.settings,
      photos: { [group.id]: id },
    })
    put('rose', { body: Buffer.from('<svg/>') })

    const run = await runOnce(scene)

    expect(await photosOf()).toEqual([id])
    expect((await scene.browser.get(`/sync/runs/${run.id}`)).text).toContain('Взяли фото группы.')
  })

  test('has it put in by the next run when it can be had', async () => {
    const { scene, put, photosOf, clear } = await open()
    put('rose', { body: Buffer.from('<svg/>') })
    await runOnce(scene)
    const preview = await scene.browser.get(`/sync/preview?link=${scene.link.id}`)
    clear('rose')

    const run = await runOnce(scene)

    expect(preview.text).toContain('Всё совпадает')
    expect(run).toMatchObject({ state: 'done', updated: 1 })
    expect(await photosOf()).toEqual(['till'])
    expect(await runOnce(scene)).toMatchObject({ total: 0 })
  })

  test('is not made when there is no other photo, and the reason is the true one', async () => {
    const { scene, put } = await open({ photoId: undefined })
    put('rose', { body: Buffer.from('no'), status: 404 })

    const run = await runOnce(scene)
    const page = await scene.browser.get(`/sync/runs/${run.id}`)

    expect(run).toMatchObject({ created: 0, failed: 1 })
    expect(page.text).toContain('Фото с кассы не нашлось')
    expect(page.text).not.toContain('Фото нет')
  })

  test('that has a card already has everything else changed', async () => {
    const { scene, put, till } = await open({ photoId: undefined })
    await runOnce(scene)
    put('thorn', { body: Buffer.from('<svg/>') })
    for (const product of till.products.values())
      till.put({ ...product, picture: 'thorn', price: 250 })

    const run = await runOnce(scene)

    expect(run).toMatchObject({ state: 'done', updated: 1, failed: 0 })
    expect([...scene.community.items.values()].map(({ price }) => price)).toEqual([25_000])
    expect((await scene.browser.get(`/sync/runs/${run.id}`)).text).toContain('осталось прежнее')
    expect(await runOnce(scene)).toMatchObject({ total: 0 })
  })
})

/** A shop with one product that has a picture. */
async function open(wishes: object = {}) {
  const scene: ShopScene = await openShop(wishes)
  const { evotor, link, app } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  till.put({ name: 'Роза алая', price: 100, quantity: 5, picture: 'rose' })
  return {
    scene,
    till,
    put: (name: string, odd: { status?: number; body: Buffer }) => evotor.pictures.set(name, odd),
    clear: (name: string) => evotor.pictures.delete(name),
    /** The owner's photo by its number, or the till's, as cards have them. */
    photosOf: async () => {
      const own = await app.ctx.photos.list(1)
      const known = await app.ctx.syncItems.known(link.id)
      return known.map(
        ({ linked }) => own.find(({ hash }) => hash === linked?.photoHash)?.id ?? 'till',
      )
    },
  }
}
