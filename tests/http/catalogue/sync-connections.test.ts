import { describe, expect, test } from 'vitest'
import { checkConnection } from '../../../app/flows/connections/check-health.ts'
import { PERSON } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { carryAll, openShop, runOnce, type ShopScene } from '../../support/catalogue/shop.ts'

describe.each(ENGINES)('Goods and their connections on %s', (engine) => {
  test('a trouble ends with a reconnection, a check by hand, or a recovery; what is due then runs', async () => {
    const scene = await openShop({ engine, everyMinutes: 10 })
    const { app, browser, vk } = scene
    vk.refuse('market.get', { code: 15 })
    vk.refuse('market.getProducts', { code: 15 })
    await runOnce(scene)
    const troubled = await linkOf(scene)
    await dueNow(scene)
    await carryAll(app)
    const resting = await app.ctx.syncRuns.history([scene.link.id], 9)

    await browser.connect('vk')
    const reconnected = await linkOf(scene)
    await app.ctx.syncLinks.setTrouble(scene.link.id, { code: 'confirmation_required', values: {} })
    await browser.submit(await browser.get('/vk'), '/vk/check')
    const checked = await linkOf(scene)
    await app.ctx.syncLinks.setTrouble(scene.link.id, { code: 'user_blocked', values: {} })
    const connection = await app.ctx.connections.find(1, 'vk')
    if (!connection) throw new Error('not connected')
    await app.ctx.notices.openIncident(connection, 'user_blocked', [])
    const [provider] = app.ctx.providers.all.filter(({ key }) => key === 'vk')
    const incident = { ...connection, incident: 'user_blocked' }
    if (provider) await checkConnection(app.ctx, incident, provider)

    expect(troubled?.trouble?.code).toBe('market_right_missing')
    expect(resting).toHaveLength(1)
    expect([reconnected?.trouble, checked?.trouble]).toEqual([undefined, undefined])
    expect((await linkOf(scene))?.trouble).toBeUndefined()
    vk.calm()
    await carryAll(app)
    expect(await app.ctx.syncRuns.last(scene.link.id)).toMatchObject({
      state: 'done',
      origin: 'schedule',
    })
  })

  test('without a connection nothing is begun by itself, and the pair stays for the next account', async () => {
    const scene = await openShop({ engine, everyMinutes: 10 })
    const { app, browser, link } = scene
    await browser.submit(await browser.get('/vk'), '/vk/disconnect')

    const run = await runOnce(scene)
    await dueNow(scene)
    await carryAll(app)
    const before = await app.ctx.syncRuns.history([link.id], 9)
    await browser.connect('vk')
    await dueNow(scene)
    await carryAll(app)

    expect(run).toMatchObject({ state: 'failed', reason: 'not_ready' })
    expect(before.map(({ id }) => id)).toEqual([run.id])
    expect(await app.ctx.syncRuns.last(link.id)).toMatchObject({ state: 'done' })
  })

  test('deleting the account in the middle of a run ends it quietly, and leaves nothing', async () => {
    const scene = await openShop({ engine })
    const { app, browser, vk } = scene
    vk.fault('/method/photos.getMarketUploadServer', { delay: 200 })
    vk.fault('/method/execute', { delay: 200 })
    const page = await browser.get('/account/delete')
    const going = runOnce(scene).catch(() => undefined)
    await expect.poll(() => vk.count('/method/execute')).toBeGreaterThan(0)

    await browser.submit(page, '/account/delete', { password: PERSON.password })
    await going

    for (const table of ['links', 'items', 'groups', 'runs', 'steps', 'photos'])
      expect(await app.ctx.db(`sync_${table}`).select('id'), table).toEqual([])
  })
})

test('the export holds the goods, the runs and the photos, and no secret address', async () => {
  const scene = await openShop()
  const { app, browser, link } = scene
  const run = await runOnce(scene)
  const key = (await app.ctx.syncLinks.feedKey(link)) ?? ''

  const file = await browser.submit(await browser.get('/account'), '/account/export')

  const data = JSON.parse(file.html) as { sync: { pairs: unknown[]; photos: unknown[] } }
  expect(data.sync).toMatchObject({
    pairs: [
      {
        storeName: link.storeName,
        communityName: link.communityName,
        settings: { categoryId: link.settings.categoryId },
        runs: [{ id: run.id, state: 'done', created: run.created }],
      },
    ],
    photos: [{ name: 'vitrina.jpg', width: 600, height: 600 }],
  })
  const [pair] = data.sync.pairs as { goods: { itemId?: number }[] }[]
  expect(pair?.goods.filter(({ itemId }) => itemId)).toHaveLength(run.created)
  expect(file.html).not.toContain(key)
})

const linkOf = ({ app, link }: ShopScene) => app.ctx.syncLinks.get(link.id)

const dueNow = ({ app, link }: ShopScene) => app.ctx.syncLinks.setNextRun(link.id, new Date(0))
