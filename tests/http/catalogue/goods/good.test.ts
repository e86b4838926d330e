import { describe, expect, test } from 'vitest'
import { endingFor } from '../../../../app/catalogue/sku.ts'
import { manyProducts } from '../../../simulators/evotor/catalogue.ts'
import { formOf, type Page } from '../../../support/browser.ts'
import { openShop, runOnce, type ShopScene } from '../../../support/catalogue/shop.ts'
import { openTwoShops } from '../../../support/catalogue/two-shops.ts'
import { ENGINES } from '../../../support/databases.ts'

describe.each(ENGINES)('The page of a product on %s', (engine) => {
  test('what is set by hand is shown ahead, sent, kept through a renaming, and taken back', async () => {
    const scene = await openShop({ engine })
    const { browser, vk, evotor, community, link } = scene
    const { till, id, address } = filled(scene)
    await runOnce(scene)
    const card = () => [...community.items.values()].find(({ sku }) => sku.endsWith(endingFor(id)))
    const title = 'Роза «Эквадор», 60 см'

    const before = await browser.get(address)
    expect(before.text).toContain('В продаже')
    const saved = await save(browser, before, { title, old_price: '1 490,50' })
    expect(saved.location).toBe(address)
    const ahead = await browser.get(address)
    expect(ahead.text).toContain('Сохранили')
    expect(ahead.text).toContain(title)
    expect(ahead.text).toMatch(/не показываем → 1\s490,50 ₽/)
    expect(ahead.text).toContain('Изменится')
    const preview = await browser.get(`/sync/preview?link=${link.id}`)
    expect(preview.text).toContain('Изменятся название и старая цена')
    expect(card()?.oldPrice).toBeUndefined()

    till.rename(id, 'Роза красная')
    await runOnce(scene)
    expect(card()).toMatchObject({ title, oldPrice: 149_050, price: 10_000 })
    const list = await browser.get(`/goods?q=${encodeURIComponent('эквадор')}`)
    expect(list.text).toContain('своё название')
    expect(list.text).toContain('старая цена')

    const asked = vk.asked.length
    await runOnce(scene)
    expect(vk.asked.length - asked).toBeLessThanOrEqual(3)
    expect(evotor.asked.length).toBeGreaterThan(0)

    await save(browser, await browser.get(address), { title, old_price: '1490,50', back: 'title' })
    await save(browser, await browser.get(address), { old_price: '' })
    await runOnce(scene)
    expect(card()).toMatchObject({ title: 'Роза красная', oldPrice: 0 })
    expect((await browser.get(address)).text).not.toContain('задано вами')
  })

  test('what is set aside leaves the window, and comes back', async () => {
    const scene = await openShop({ engine })
    const { browser, community } = scene
    const { id, address } = filled(scene)
    await runOnce(scene)
    const card = () => [...community.items.values()].find(({ sku }) => sku.endsWith(endingFor(id)))

    await save(browser, await browser.get(address), { aside: 'on' })
    expect((await browser.get('/goods')).text).toContain('не переносим')
    await runOnce(scene)
    expect(card()?.availability).toBe(2)
    expect((await browser.get(address)).text).toContain('Вы решили не переносить')

    await save(browser, await browser.get(address), { aside: '' })
    await runOnce(scene)
    expect(card()?.availability).toBe(0)
  })
})

test('what does not fit a window is told beside its field, and nothing typed is lost', async () => {
  const scene = await openShop()
  const { browser } = scene
  const { address } = filled(scene)
  await runOnce(scene)
  const page = await browser.get(address)
  const sent = { title: 'Я', description: 'Мало', old_price: '99', aside: 'on' }

  const refused = await save(browser, page, sent)

  expect(refused.status).toBe(422)
  expect(refused.text).toContain('принимает от 4 знаков')
  expect(refused.text).toContain('принимает от 10 знаков')
  expect(refused.text).toContain('Старая цена должна быть больше цены')
  const form = formOf(refused, address)
  expect(form).toMatchObject(sent)
  expect((await save(browser, page, { old_price: 'сто' })).text).toContain('например 1490')
  expect((await save(browser, page, { title: 'Ы'.repeat(101) })).text).toContain('до 100 знаков')
  expect((await browser.get(address)).text).not.toContain('задано вами')
})

test('of two windows of a browser the later one is told what the other has done', async () => {
  const scene = await openShop()
  const { browser } = scene
  const { address } = filled(scene)
  await runOnce(scene)
  const [one, other] = [await browser.get(address), await browser.get(address)]

  await save(browser, one, { title: 'Роза из первого окна' })
  const late = await save(browser, other, { title: 'Роза из второго окна' })

  expect(late.status).toBe(409)
  expect(late.text).toContain('Товар изменили, пока вы писали')
  expect(formOf(late, address)).toMatchObject({ title: 'Роза из второго окна' })
  expect((await browser.get(address)).text).toContain('Роза из первого окна')
  await browser.post(address, formOf(late, address))
  expect((await browser.get(address)).text).toContain('Роза из второго окна')
})

test('another person sees and sets nothing of it', async () => {
  const scene = await openShop()
  const { app, link } = scene
  const { id, address } = filled(scene)
  await runOnce(scene)
  const stranger = app.newBrowser()
  await stranger.register({ email: 'other@example.org' })

  expect((await stranger.get(address)).status).toBe(404)
  const own = await stranger.get('/account')
  const csrf = formOf(own, '/logout')._csrf ?? ''
  const tried = await stranger.post(`${address}?till=${link.id}`, { _csrf: csrf, aside: 'on' })
  expect(tried.status).toBe(404)
  expect((await app.ctx.syncOverrides.ofTill(link)).get(id)).toBeUndefined()
})

test('a till with two windows sends each what it can show', async () => {
  const scene = await openTwoShops()
  const { app, browser, toVk, toOk } = scene
  await runOnce({ app, link: toVk })
  await runOnce({ app, link: toOk })
  const [id = ''] = (await app.ctx.syncItems.known(toVk.id)).map(({ product }) => product.id)
  const address = `/goods/${id}`

  await save(browser, await browser.get(address), { old_price: '99999' })
  await runOnce({ app, link: toVk })
  await runOnce({ app, link: toOk })

  const page = await browser.get(address)
  expect(page.text).toContain('старых цен не показывают')
  expect(page.text.match(/99\s999 ₽/g)?.length).toBeGreaterThan(0)
})

function filled({ evotor, link }: ShopScene) {
  const till = evotor.catalogueOf(link.storeId)
  till.fill(manyProducts(3))
  const [id = ''] = till.products.keys()
  till.setPrice(id, 100)
  till.setQuantity(id, 5)
  return { till, id, address: `/goods/${encodeURIComponent(id)}` }
}

async function save(
  browser: ShopScene['browser'],
  page: Page,
  typed: Record<string, string>,
): Promise<Page> {
  const action = page.dom.querySelector('form[action^="/goods/"]')?.getAttribute('action') ?? ''
  return await browser.post(action, { ...formOf(page, action), ...typed })
}
