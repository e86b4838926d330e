import { describe, expect, test } from 'vitest'
import { undoRun } from '../../../app/flows/catalogue/runs/start-run.ts'
import { ENGINES } from '../../support/databases.ts'
import { carryAll, openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'

/** What becomes of a row: by the name of its product. */
type Damage = Record<string, { body?: string; action?: string }>

describe.each(ENGINES)('Steps nobody can read on %s', (engine) => {
  test('are told and not carried out; the others are, and the next run sees to those', async () => {
    const scene = await openShop({ engine })
    const { app, vk, browser } = scene
    fill(scene, 100)
    await runOnce(scene)
    fill(scene, 150)
    put(scene, 'Новинка один', 10)
    put(scene, 'Новинка два', 11)
    const run = await pausedRun(scene)
    await damage(scene, run.id, {
      'Роза 1': { body: '{}' },
      'Роза 2': { body: '{"action":' },
      'Роза 3': { action: 'merge' },
      'Роза 4': { action: 'delete' },
      'Новинка один': { body: 'null' },
    })
    vk.writes.length = 0
    await app.ctx.syncRuns.resume(run.id)
    await carryAll(app)

    const over = await app.ctx.syncRuns.find(run.id)
    expect(over).toMatchObject({ state: 'done', created: 1, updated: 1, removed: 0, failed: 5 })
    expect(prices(scene)).toEqual({
      ...{ 'Роза 1': 100, 'Роза 2': 100, 'Роза 3': 100, 'Роза 4': 100 },
      ...{ 'Роза 5': 150, 'Новинка два': 150 },
    })
    const page = await browser.get(`/sync/runs/${run.id}`)
    expect(page.status).toBe(200)
    expect(page.text).toContain('Не разобрали, что было задумано')
    expect((await browser.get(`/sync/runs/${run.id}.csv`)).status).toBe(200)

    expect(await runOnce(scene)).toMatchObject({ state: 'done', created: 1, updated: 4, failed: 0 })
    expect(Object.values(prices(scene))).toEqual(Array(7).fill(150))
  })
})

test('a card of which nobody knows whether it is there is found, though its step cannot be read', async () => {
  const scene = await openShop()
  const { app, vk, link } = scene
  scene.evotor.catalogueOf(link.storeId).fill({ groups: [], products: [] })
  put(scene, 'Новинка один', 10)
  put(scene, 'Новинка два', 11)
  vk.dropAfter('market.add')
  const run = await pausedRun(scene, 'market.add', 1)
  const [open] = await app.ctx.syncSteps.unsettled(run.id)
  await damage(scene, run.id, { [open?.step.name ?? '']: { body: '{}' } })
  expect(await app.ctx.syncSteps.unsettled(run.id)).toMatchObject([{ unreadable: true }])
  await app.ctx.syncRuns.resume(run.id)
  await carryAll(app)

  expect(await app.ctx.syncRuns.find(run.id)).toMatchObject({ state: 'done', created: 2 })
  expect(scene.community.items.size).toBe(2)
  expect(await app.ctx.syncItems.countCards(link.id)).toBe(2)
})

test('undoing tells of what it cannot read, and takes back the rest', async () => {
  const scene = await openShop()
  const { app, link } = scene
  fill(scene, 100)
  await runOnce(scene)
  fill(scene, 150)
  const run = await runOnce(scene)
  await damage(scene, run.id, { 'Роза 1': { body: '{}' } })

  const id = (await undoRun(app.ctx, link, run, 'Марина')) ?? 0
  await carryAll(app)

  expect(await app.ctx.syncRuns.find(id)).toMatchObject({ state: 'done', updated: 4 })
  expect(prices(scene)).toMatchObject({ 'Роза 1': 150, 'Роза 2': 100, 'Роза 5': 100 })
  expect(await app.ctx.syncReport.causes(id)).toMatchObject([{ code: 'step_unreadable', count: 1 }])
})

const ROSES = [1, 2, 3, 4, 5]

function fill(scene: ShopScene, price: number) {
  if (price === 100) scene.evotor.catalogueOf(scene.link.storeId).fill({ groups: [], products: [] })
  for (const n of ROSES) put(scene, `Роза ${n}`, n, price)
}

function put({ evotor, link }: ShopScene, name: string, nth: number, price = 150) {
  const id = `00000000-0000-4000-8000-${String(nth).padStart(12, '0')}`
  evotor.catalogueOf(link.storeId).put({ id, name, price, quantity: 1 })
}

/** A run that rests because a call is refused, from the first one or after so many. */
async function pausedRun(scene: ShopScene, method = 'market.edit', after = 0) {
  const { vk } = scene
  vk.refuse(method, { code: 14 }, { after })
  const run = await runOnce(scene)
  expect(run).toMatchObject({ state: 'paused' })
  vk.calm()
  return run
}

async function damage({ app }: ShopScene, runId: number, rows: Damage) {
  const steps = await app.ctx.db('sync_steps').where({ run_id: runId })
  for (const { id, body } of steps) {
    const { name } = JSON.parse(body) as { name: string }
    const row = rows[name]
    if (row?.body !== undefined)
      await app.ctx.db('sync_steps').where({ id }).update({ body: row.body })
    if (row?.action !== undefined)
      await app.ctx.db.raw('update sync_steps set action = ? where id = ?', [row.action, id])
  }
}

const prices = ({ community }: ShopScene) =>
  Object.fromEntries([...community.items.values()].map(({ title, price }) => [title, price / 100]))
