import { describe, expect, test } from 'vitest'
import { toJpeg } from '../../../app/pictures/index.ts'
import { ENGINES } from '../../support/databases.ts'
import { carryAll, openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'
import { painted } from '../../support/pictures.ts'

const GOODS = 20
describe.each(ENGINES)('Photos uploaded ahead of a limit of the day on %s', (engine) => {
  test('are used by whoever goes on: none is sent twice', async () => {
    const scene = await openShop({ engine })
    const { app, vk, community } = scene
    fill(scene)
    vk.rules.addsADay = 7

    const run = await runOnce(scene)
    expect(run).toMatchObject({ state: 'paused', reason: 'limit_reached', created: 7 })
    const ahead = community.photos.size
    expect(ahead).toBeGreaterThan(7)
    vk.rules.addsADay = Infinity
    await goOn(scene, run.id)

    expect(await app.ctx.syncRuns.find(run.id)).toMatchObject({ state: 'done', created: GOODS })
    expect(community.items.size).toBe(GOODS)
    expect(community.photos.size).toBe(GOODS)
  })
})

test('A photo that has waited for too long costs its card nothing but another upload', async () => {
  const scene = await openShop()
  const { app, vk, community } = scene
  fill(scene)
  vk.rules.addsADay = 7
  const run = await runOnce(scene)
  Object.assign(vk.rules, { addsADay: Infinity, photoMs: 3_600_000 })
  const ahead = community.photos.size - 7
  for (const photo of community.photos.values()) photo.savedAt = 0

  await goOn(scene, run.id)

  expect(await app.ctx.syncRuns.find(run.id)).toMatchObject({
    ...{ state: 'done', created: GOODS, failed: 0 },
  })
  expect(community.photos.size).toBe(GOODS + ahead)
})

test('Photos for cards that are there wait as well', async () => {
  const scene = await openShop()
  const { app, vk, community, link } = scene
  fill(scene)
  await runOnce(scene)
  const other = await app.ctx.photos.save(1, { name: 'b.jpg', ...(await picture(2)) })
  await change(scene, other.id)
  vk.refuse('market.edit', { code: 29 }, { times: 100 })
  const run = await runOnce(scene)
  expect(run).toMatchObject({ state: 'paused', updated: 0 })
  expect(community.photos.size).toBeGreaterThan(GOODS)
  vk.calm()

  await goOn(scene, run.id)

  expect(await app.ctx.syncRuns.find(run.id)).toMatchObject({ state: 'done', updated: GOODS })
  expect(community.photos.size).toBe(2 * GOODS)
  expect(
    await app.ctx.db('sync_items').where({ link_id: link.id }).whereNotNull('ahead_photo'),
  ).toEqual([])
})

function fill({ evotor, link }: ShopScene) {
  const till = evotor.catalogueOf(link.storeId)
  till.fill({ groups: [], products: [] })
  for (let n = 0; n < GOODS; n += 1) till.put({ name: `Роза № ${n}`, price: 100 + n, quantity: 1 })
}

async function goOn({ app }: ShopScene, id: number) {
  await app.ctx
    .db('sync_runs')
    .where({ id })
    .update({ resume_at: new Date(0) })
  await carryAll(app)
}

const picture = async (hue: number) =>
  toJpeg(
    await painted(400 + hue, 400)
      .png()
      .toBuffer(),
  )

async function change({ app, link }: ShopScene, photoId: number) {
  await app.ctx.syncLinks.change(link.id, link, { ...link.settings, photoId })
}
