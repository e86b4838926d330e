import { describe, expect, test } from 'vitest'
import { endingOf } from '../../../app/catalogue/sku.ts'
import { undoRun } from '../../../app/flows/catalogue/runs/start-run.ts'
import { parted } from '../../../app/providers/ok/article.ts'
import { formOf } from '../../support/browser.ts'
import { ENGINES } from '../../support/databases.ts'
import { carryAll, runOnce } from '../../support/catalogue/shop.ts'
import { beginRun, carry } from '../../support/catalogue/small-world.ts'
import { openTwoShops, type TwoShops } from '../../support/catalogue/two-shops.ts'

describe.each(ENGINES)('One till feeds two communities on %s', (engine) => {
  test('both get the goods, and afterwards only what changes', async () => {
    const shops = await openTwoShops({ engine })
    const { app, till, vk, ok, group, toVk, toOk } = shops

    expect(await runOnce({ app, link: toVk })).toMatchObject({
      state: 'done',
      created: 6,
      failed: 0,
    })
    expect(await runOnce({ app, link: toOk })).toMatchObject({
      state: 'done',
      created: 6,
      failed: 0,
    })
    expect(pricesAtOk(shops)).toEqual(pricesAtVk(shops))
    expect(new Set(endingsAtOk(shops)).size).toBe(6)
    const names = [...group.catalogs.values()].map(({ name }) => name)
    expect(names.toSorted()).toEqual(['Букеты', 'Горшки'])

    forget(shops)
    await runBoth(shops)
    expect([vk.writes, ok.market.writes]).toEqual([[], []]) // a second run writes nothing

    const [first = '', second = '', third = ''] = till.products.keys()
    till.setPrice(first, 777)
    till.setQuantity(second, 50)
    till.setQuantity(third, 0)
    await runBoth(shops)
    expect(vk.writes.map(({ method }) => method)).toEqual(Array(3).fill('market.edit'))
    expect(ok.market.writes.map(({ method }) => method).toSorted()).toEqual([
      'market.edit',
      'market.setStatus',
    ])
    expect(pricesAtOk(shops)).toEqual(pricesAtVk(shops))
    expect(pricesAtOk(shops)).toContain(77_700)
    expect(statuses(shops).filter((status) => status !== 'ACTIVE')).toEqual(['CLOSED'])

    till.setQuantity(third, 3)
    await runBoth(shops)
    expect(statuses(shops)).toEqual(Array(6).fill('ACTIVE'))
    forget(shops)
    await runBoth(shops)
    expect([vk.writes, ok.market.writes]).toEqual([[], []])
  })

  test('what one undoes stays as it is with the other', async () => {
    const shops = await openTwoShops({ engine })
    const { app, till, toVk, toOk } = shops
    await runBoth(shops)
    const before = pricesAtOk(shops)
    for (const id of till.products.keys()) till.setPrice(id, 900)
    await runOnce({ app, link: toVk })
    const run = await runOnce({ app, link: toOk })
    expect(pricesAtOk(shops)).toEqual(Array(6).fill(90_000))

    await undoRun(app.ctx, toOk, run, 'Марина')
    await carryAll(app)

    expect(pricesAtOk(shops)).toEqual(before)
    expect(pricesAtVk(shops)).toEqual(Array(6).fill(90_000))
    expect(await app.ctx.syncLinks.get(toOk.id)).toMatchObject({ paused: true })
    expect(await app.ctx.syncLinks.get(toVk.id)).toMatchObject({ paused: false })
  })

  test('a process that dies in the middle of a run makes no card twice', async () => {
    const shops = await openTwoShops({ engine })
    const { app, ok, group, toOk } = shops
    const { ctx } = app
    ok.dropAfter('market.add', 1)
    const id = await beginRun({ ctx, link: toOk })
    let died = 0
    for (const call of [30, 34, 38, 42, 47, 53, 60, 70, 80, 95]) {
      if ((await carry({ ctx }, { call, after: died % 2 === 0 })) === 'died') died += 1
    }
    for (let tries = 0; tries < 5; tries += 1) {
      const run = await ctx.syncRuns.find(id)
      if (run?.state === 'paused') await ctx.syncRuns.resume(id)
      await carry({ ctx })
    }

    expect(died).toBeGreaterThan(3)
    expect(await ctx.syncRuns.find(id)).toMatchObject({ state: 'done', failed: 0 })
    expect(group.products.size).toBe(6)
    expect(new Set(endingsAtOk(shops)).size).toBe(6)
    const names = [...group.catalogs.values()].map(({ name }) => name)
    expect(names.toSorted()).toEqual(['Букеты', 'Горшки'])
  })
})

test('a card whose article alone is left is known as ours', async () => {
  const shops = await openTwoShops()
  const { app, ok, toOk } = shops
  await runOnce({ app, link: toOk })
  await app.ctx.syncLinks.remove(toOk.userId, toOk.id)
  const again = await app.ctx.syncLinks.add(toOk.userId, toOk, toOk.settings)
  const link = await app.ctx.syncLinks.get(again)
  if (!link) throw new Error('no pair')
  forget(shops)

  expect(await runOnce({ app, link })).toMatchObject({ state: 'done', created: 0 })

  expect(ok.market.writes.filter(({ method }) => method === 'market.add')).toEqual([])
})

test('a month later the cards of a group are shown again', async () => {
  const shops = await openTwoShops()
  const { app, ok, toOk } = shops
  await runOnce({ app, link: toOk })
  ok.endDisplay()

  const run = await runOnce({ app, link: toOk })

  expect(run).toMatchObject({ state: 'done', created: 0, failed: 0 })
  expect(statuses(shops)).toEqual(Array(6).fill('ACTIVE'))
  expect([...shops.group.products.values()].every(({ until = 0 }) => until > Date.now())).toBe(true)
})

test('the end of one way is told of that way alone', async () => {
  const shops = await openTwoShops()
  const { app, browser, ok, toVk, toOk } = shops
  await runBoth(shops)
  ok.dropRole('575100000001')
  const [id = ''] = shops.till.products.keys()
  shops.till.setPrice(id, 5)

  await runBoth(shops)

  expect((await app.ctx.syncLinks.get(toOk.id))?.trouble).toMatchObject({
    code: 'market_forbidden',
  })
  expect((await app.ctx.syncLinks.get(toVk.id))?.trouble).toBeUndefined()
  const page = await browser.get(`/sync?link=${toOk.id}`)
  expect(page.text).toContain('Одноклассник')
  expect(page.text).not.toContain('во ВКонтакте')
})

test('pages: the rail has both, each pair its settings and its history', async () => {
  const shops = await openTwoShops()
  const { app, browser, toVk, toOk, group, photoId } = shops
  await app.ctx.syncLinks.remove(toOk.userId, toOk.id)
  const chosen = await browser.get('/sync/settings?link=new&target=ok')
  expect(chosen.text).toContain('Букет и Лист')
  expect(chosen.text).not.toContain('Категория')
  const form = {
    ...formOf(chosen, '/sync/settings'),
    photo_id: String(photoId),
    group_id: group.id,
  }
  const template = chosen.dom.querySelector('#description_tpl')?.text ?? ''
  const saved = await browser.post('/sync/settings', { ...form, description_tpl: template })
  expect(saved.location).toMatch(/^\/sync\/preview\?link=\d+$/)
  const link = (await app.ctx.syncLinks.list(toVk.userId)).find(({ target }) => target === 'ok')
  if (!link) throw new Error('no pair')
  expect(link).toMatchObject({ communityId: group.id, communityName: group.name })

  await runOnce({ app, link: toVk })
  const run = await runOnce({ app, link })
  expect(run).toMatchObject({ state: 'done', created: 6 })

  const dashboard = await browser.get('/connections')
  expect(dashboard.dom.querySelectorAll('.rail')).toHaveLength(2)
  for (const key of ['vk', 'ok'])
    expect(dashboard.dom.querySelector(`.route [aria-labelledby=c-${key}]`)).not.toBeNull()
  const receipt = await browser.get(`/sync/runs/${run.id}`)
  expect(receipt.text).toContain('Одноклассник')
  expect(receipt.text).not.toContain('ВКонтакте')
  const history = await browser.get('/sync/runs')
  for (const name of [group.name, toVk.communityName]) expect(history.text).toContain(name)
})

const forget = ({ vk, ok }: TwoShops) => {
  vk.writes.length = 0
  ok.market.writes.length = 0
}

async function runBoth({ app, toVk, toOk }: TwoShops) {
  await runOnce({ app, link: toVk })
  await runOnce({ app, link: toOk })
}

const pricesAtVk = ({ community }: TwoShops) =>
  [...community.items.values()].map(({ price }) => price).toSorted((a, b) => a - b)

const pricesAtOk = ({ group }: TwoShops) =>
  [...group.products.values()].map(({ price }) => price).toSorted((a, b) => a - b)

const statuses = ({ group }: TwoShops) => [...group.products.values()].map(({ status }) => status)

const endingsAtOk = ({ group }: TwoShops) =>
  [...group.products.values()].map(({ description }) => endingOf(parted(description).sku))
