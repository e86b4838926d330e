import { describe, expect, test } from 'vitest'
import { ENGINES } from '../../support/databases.ts'
import {
  carryAll,
  openShop,
  runOnce,
  type ShopScene,
  type Wishes,
} from '../../support/catalogue/shop.ts'

describe.each(ENGINES)('Albums that we made on %s', (engine) => {
  test('follow the names of their groups; new goods go there, and all else of them stays', async () => {
    const scene = await openStall({ engine })
    const { till, roses, album } = scene
    Object.assign(album('Розы'), { main: true, hidden: true, photoId: 17 })
    till.putGroup({ id: roses.id, name: 'Розы кустовые' })
    till.put({ name: 'Роза новая', parent_id: roses.id, price: 100, quantity: 1 })

    const run = await runOnce(scene, { origin: 'schedule', whole: false })

    expect(run).toMatchObject({ state: 'done', created: 1, renamed: 1 })
    expect(scene.titles()).toEqual(['Пионы', 'Розы кустовые'])
    expect(album('Розы кустовые')).toMatchObject({ main: true, hidden: true, photoId: 17 })
    expect(album('Розы кустовые').items.size).toBe(2)
    expect(await runOnce(scene)).toMatchObject({ total: 0, renamed: 0 })
  })
})

test('Names that are exchanged, and one that goes on to a new group, lead every card to its own', async () => {
  const scene = await openStall()
  const { till, roses, peonies, album } = scene
  const [first, second] = [album('Розы').id, album('Пионы').id]
  till.putGroup({ id: roses.id, name: 'Пионы' })
  till.putGroup({ id: peonies.id, name: 'Тюльпаны' })
  const heir = till.putGroup({ name: 'Розы' })
  till.put({ name: 'Роза чайная', parent_id: heir.id, price: 100, quantity: 1 })

  expect(await runOnce(scene)).toMatchObject({ state: 'done', renamed: 2 })

  expect(scene.titles()).toEqual(['Пионы', 'Розы', 'Тюльпаны'])
  expect([album('Пионы').id, album('Тюльпаны').id]).toEqual([first, second])
  expect([...album('Розы').items]).toEqual([scene.card('Роза чайная').id])
})

test('An album the owner chose keeps its name, and so does one a hand has renamed, until its group has another', async () => {
  const scene = await openStall()
  const { app, link, till, roses, peonies, album } = scene
  album('Пионы').title = 'Пионы с доставкой'
  const groups = { [roses.id]: { album: String(album('Розы').id) } }
  await app.ctx.syncLinks.change(link.id, link, { ...link.settings, groups })
  till.putGroup({ id: roses.id, name: 'Розы кустовые' })

  expect(await runOnce(scene)).toMatchObject({ state: 'done', renamed: 0 })
  expect(scene.titles()).toEqual(['Пионы с доставкой', 'Розы'])

  till.putGroup({ id: peonies.id, name: 'Пионы и георгины' })
  await runOnce(scene)
  expect(scene.titles()).toEqual(['Пионы и георгины', 'Розы'])
})

test('An album made before its name was noted follows from the next look on', async () => {
  const scene = await openStall()
  const { app, till, roses } = scene
  await app.ctx.db('sync_groups').update({ album_title: null })
  till.putGroup({ id: roses.id, name: 'Розы кустовые' })

  await runOnce(scene)

  expect(scene.titles()).toEqual(['Пионы', 'Розы кустовые'])
})

test('What changes is shown before and told after, and the button carries it', async () => {
  const scene = await openStall()
  const { browser, link, till, roses } = scene
  till.putGroup({ id: roses.id, name: 'Розы кустовые' })

  const page = await browser.get(`/sync/preview?link=${link.id}`)
  expect(page.text).toContain('«Розы» станет «Розы кустовые»')
  expect(page.text).not.toContain('Всё совпадает')
  await browser.submit(page, '/sync/run')
  const run = await scene.carried()

  expect(scene.titles()).toEqual(['Пионы', 'Розы кустовые'])
  const told = await browser.get(`/sync/runs/${run.id}`)
  expect(told.text).toContain('переименовали 1 подборку')
  expect(told.text).not.toContain('Изменений не было')
  expect((await browser.get(`/sync/preview?link=${link.id}`)).text).toContain('Всё совпадает')
})

test.each([
  ['refused', { error: { error_code: 1446, error_msg: 'x' } }, 'Розы'],
  ['gone', { error: { error_code: 1402, error_msg: 'x' } }, 'Розы'],
])('An album that is %s holds no goods up', async (_name, answer, title) => {
  const scene = await openStall()
  const { app, vk, till, roses } = scene
  till.putGroup({ id: roses.id, name: 'Розы кустовые' })
  till.put({ name: 'Роза новая', parent_id: roses.id, price: 100, quantity: 1 })
  vk.fault('/method/market.editAlbum', { body: JSON.stringify(answer), times: 1 })

  expect(await runOnce(scene)).toMatchObject({ state: 'done', created: 1, failed: 0, renamed: 0 })
  expect(scene.titles()).toContain(title)
  expect(app.logged('album_not_renamed')).toHaveLength(1)

  expect(await runOnce(scene)).toMatchObject({ state: 'done', renamed: 1 })
  expect(scene.titles()).toContain('Розы кустовые')
})

test('An answer that is lost renames once, and counts', async () => {
  const scene = await openStall()
  const { vk, till, roses } = scene
  till.putGroup({ id: roses.id, name: 'Розы кустовые' })
  vk.fault('/method/market.editAlbum', { way: 'reset', times: 1 })

  await runOnce(scene)
  await runOnce(scene)

  expect(scene.titles()).toEqual(['Пионы', 'Розы кустовые'])
})

test('A run that goes on at its albums reads those alone, and makes none twice', async () => {
  const scene = await openStall()
  const { app, vk, till } = scene
  const tulips = till.putGroup({ name: 'Тюльпаны' })
  till.put({ name: 'Тюльпан', parent_id: tulips.id, price: 100, quantity: 1 })
  vk.refuse('market.addAlbum', { code: 14 }, { worked: true })
  const run = await runOnce(scene)
  expect(run).toMatchObject({ state: 'paused', stage: 'albums' })
  vk.calm()
  vk.refuse('market.get', { code: 14 })

  await app.ctx.syncRuns.resume(run.id)
  await carryAll(app)

  expect(await app.ctx.syncRuns.find(run.id)).toMatchObject({ state: 'done', failed: 0 })
  expect(scene.titles()).toEqual(['Пионы', 'Розы', 'Тюльпаны'])
  expect(scene.album('Тюльпаны').items.size).toBe(1)
})

/** A shop of two groups with a card in each, carried once. */
async function openStall(wishes: Wishes = {}) {
  const scene: ShopScene = await openShop(wishes)
  const { app, evotor, link, community } = scene
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  const roses = till.putGroup({ name: 'Розы' })
  const peonies = till.putGroup({ name: 'Пионы' })
  till.put({ name: 'Роза алая', parent_id: roses.id, price: 100, quantity: 1 })
  till.put({ name: 'Пион белый', parent_id: peonies.id, price: 100, quantity: 1 })
  await runOnce(scene)
  const album = (title: string) => {
    const found = [...community.albums.values()].find((one) => one.title === title)
    if (!found) throw new Error(`no album ${title}`)
    return found
  }
  const card = (title: string) => {
    const found = [...community.items.values()].find((one) => one.title === title)
    if (!found) throw new Error(`no card ${title}`)
    return found
  }
  const titles = () => [...community.albums.values()].map(({ title }) => title).toSorted()
  const carried = async () => {
    await carryAll(app)
    const run = await app.ctx.syncRuns.last(link.id)
    if (!run) throw new Error('no run')
    return run
  }
  return { ...scene, till, roses, peonies, album, card, titles, carried }
}
