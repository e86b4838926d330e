import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../../support/databases.ts'
import { openShop, runOnce, type ShopScene } from '../../../support/catalogue/shop.ts'
import { addVitrina } from '../../../support/catalogue/vitrina.ts'
import { sendFiles } from '../../../support/catalogue/send-files.ts'
import { painted } from '../../../support/pictures.ts'

const ROSE = 'Роза Эквадор красная, 60 см'
const VASE = 'Ваза стеклянная «Север», 20 см'

describe.each(ENGINES)('Photos of one product on %s', (engine) => {
  test('go to its card in their order, five at the most, and are sent once', async () => {
    const { scene, add, change, cardOf, widths } = await open(engine)
    await runOnce(scene)
    const answer = await add(ROSE, [500, 510, 520, 530, 540, 550])
    expect(answer).toContain('Добавлено: 5 фото')
    expect(answer).toContain('Ещё 1 фото не поместилось')

    const run = await runOnce(scene, { whole: false })
    expect(run).toMatchObject({ state: 'done', updated: 1, failed: 0 })
    expect(widths(ROSE)).toEqual([500, 510, 520, 530, 540])
    const before = scene.vk.requestsMade
    expect(await runOnce(scene)).toMatchObject({ total: 0 })
    expect(scene.vk.requestsMade - before).toBeLessThanOrEqual(3)

    await change(ROSE, 2, 'earlier')
    await runOnce(scene)
    expect(widths(ROSE)).toEqual([500, 520, 510, 530, 540])
    for (let n = 0; n < 4; n += 1) await change(ROSE, 1, 'remove')
    await runOnce(scene)
    expect(widths(ROSE)).toEqual([500])
    await change(ROSE, 0, 'remove')
    await runOnce(scene)
    expect(cardOf(ROSE)?.photoIds).toHaveLength(1)
    expect(widths(ROSE)).toEqual([600]) // the one for all again
  })

  test('stand in the list of the goods, the main one first, and are a step away from it', async () => {
    const { scene, add, change } = await open(engine)
    await scene.browser.get('/sync/preview')
    await add(ROSE, [500, 510])
    await change(ROSE, 1, 'earlier')
    const rowOf = async () => {
      const { dom } = await scene.browser.get('/goods')
      const row = dom.querySelectorAll('.goods tbody tr').find(({ text }) => text.includes(ROSE))
      return {
        thumb: row?.querySelector('img')?.getAttribute('src') ?? '',
        photos: row?.querySelector('a[href^="/photos/"]')?.getAttribute('href') ?? '',
      }
    }

    const { thumb, photos } = await rowOf()
    const page = await scene.browser.get(photos)

    expect(page.status).toBe(200)
    expect(page.dom.querySelector('.shots img')?.getAttribute('src')).toBe(thumb)
    expect((await scene.browser.get(thumb)).status).toBe(200)
    for (let n = 0; n < 2; n += 1) await change(ROSE, 0, 'remove')
    expect((await rowOf()).thumb).not.toBe(thumb)
  })

  test('are known of before anything was compared', async () => {
    const { scene, add } = await open(engine)
    const { db, syncLinks } = scene.app.ctx
    const { id } = scene.link
    await scene.browser.get('/sync/preview')
    const link = await syncLinks.get(id)
    if (!link) throw new Error('no pair')
    const settings = { ...link.settings }
    delete settings.photoId
    await syncLinks.change(id, link, settings)
    await add(ROSE, [500])
    await db('sync_goods').delete()

    const { dom } = await scene.browser.get('/goods')
    const stateOf = (name: string) =>
      dom
        .querySelectorAll('.goods tbody tr')
        .find(({ text }) => text.includes(name))
        ?.querySelector('.tag')?.text

    expect([stateOf(ROSE), stateOf(VASE)]).toEqual(['Ждёт', 'Не идёт'])
  })

  test('a new card has all of them from the first', async () => {
    const { scene, add, widths } = await open(engine)
    await scene.browser.get('/sync/preview')
    await add(VASE, [500, 510])

    expect(await runOnce(scene)).toMatchObject({ state: 'done', failed: 0 })

    expect(widths(VASE)).toEqual([500, 510])
  })

  test('never go to a card of another product, nor to another person’s', async () => {
    const { scene, add, widths, ids } = await open(engine)
    await runOnce(scene)
    await add(ROSE, [500, 510])
    await add(VASE, [520, 530, 540])
    await runOnce(scene)

    expect(widths(ROSE)).toEqual([500, 510])
    expect(widths(VASE)).toEqual([520, 530, 540])
    for (const { title, photoIds } of scene.community.items.values())
      for (const id of photoIds)
        expect(scene.community.photos.get(id)?.itemId, title).toBe(
          [...scene.community.items.values()].find((item) => item.title === title)?.id,
        )

    const other = scene.app.newBrowser()
    await other.register({ email: 'other@example.com' })
    expect((await other.get(`/photos/1/${ids.get(ROSE) ?? ''}`)).status).toBe(404)
    expect((await scene.browser.get('/photos/1/none')).status).toBe(404)
  })
})

describe('Many photos at once', () => {
  test('go where their names say, and the others wait for a person', async () => {
    const { scene, widths } = await open('sqlite')
    await runOnce(scene)
    const page = await scene.browser.get('/photos')
    const answer = await sendFiles(scene.browser, page, '/photos/send', [
      { name: 'a-1.JPG', bytes: await jpeg(500) },
      { name: 'A-1_2.jpg', bytes: await jpeg(510) },
      { name: 'ваза стеклянная север 20 см.png', bytes: await jpeg(520) },
      { name: 'IMG_2041.jpg', bytes: await jpeg(530) },
      { name: 'notes.txt', bytes: Buffer.from('нет') },
    ])
    expect(answer.text).toContain('Разложили по товарам: 3 фото')
    expect(answer.text).toContain('Товар не определили: 1 фото')
    expect(answer.text).toContain('«notes.txt»: фото не открывается')
    expect(answer.text).toContain('Ждут своего товара')

    const wrong = await give(scene, 'Чего нет')
    expect(wrong).toContain('Такого товара не нашли')
    expect(await give(scene, 'A-2')).toContain('Фото добавлено')
    await runOnce(scene)

    expect(widths(ROSE)).toEqual([500, 510])
    expect(widths(VASE)).toEqual([520])
    expect(widths('Роза кустовая «Мисти Бабблс»')).toEqual([530])
    expect((await scene.browser.get('/photos')).text).not.toContain('Ждут своего товара')
  })
})

async function give({ browser }: ShopScene, name: string): Promise<string> {
  const page = await browser.get('/photos')
  await browser.submit(page, '/photos/assign', { name, step: 'give' })
  return (await browser.get('/photos')).text
}

async function open(engine: (typeof ENGINES)[number]) {
  const scene = await openShop({ engine })
  const ids = addVitrina(scene)
  const { browser, community } = scene
  const addressOf = (name: string) => `/photos/1/${ids.get(name) ?? ''}`
  const cardOf = (name: string) =>
    [...community.items.values()].find(({ title }) => title.startsWith(name))
  return {
    scene,
    ids,
    cardOf,
    widths: (name: string) => cardOf(name)?.photoIds.map((id) => community.photos.get(id)?.width),
    add: async (name: string, sides: readonly number[]) => {
      const page = await browser.get(addressOf(name))
      const files = await Promise.all(
        sides.map(async (side) => ({ name: `${side}.jpg`, bytes: await jpeg(side) })),
      )
      return (await sendFiles(browser, page, '/photos/add', files)).text
    },
    change: async (name: string, nth: number, step: string) => {
      const page = await browser.get(addressOf(name))
      const forms = page.dom.querySelectorAll('form[action="/photos/change"]')
      const photo = forms[nth]?.querySelector('input[name=photo]')?.getAttribute('value') ?? ''
      await browser.submit(page, '/photos/change', { photo, step })
    },
  }
}

const jpeg = (width: number) => painted(width, 600).jpeg().toBuffer()
