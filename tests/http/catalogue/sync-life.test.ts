import { expect, test } from 'vitest'
import { preview } from '../../../app/flows/catalogue/preview.ts'
import { retryRun, startRun, undoRun } from '../../../app/flows/catalogue/runs/start-run.ts'
import { syncDue } from '../../../app/flows/catalogue/sync-due.ts'
import { readSettings } from '../../../app/catalogue/settings.ts'
import { startApp } from '../../support/app.ts'
import { ENGINES } from '../../support/databases.ts'
import { faultsOf } from '../../support/catalogue/converged.ts'
import {
  carryAll,
  NEVER_BROKEN,
  openShop,
  type ShopScene,
  type Wishes,
} from '../../support/catalogue/shop.ts'
import {
  beginRun,
  carry,
  openWorld,
  productOf,
  runWhole,
} from '../../support/catalogue/small-world.ts'
import { snapshotOf } from '../../support/snapshot.ts'

test('what a preview shows is what the run does, step by step, and what VK is asked for', async () => {
  const scene = await openScene()
  const world = await openWorld(scene, 1, 8)
  const { ctx, link, till, community } = world
  await runWhole(world)
  const ids = [...till.products.keys()]
  till.setPrice(ids[0] ?? '', 7)
  till.setQuantity(ids[1] ?? '', 0)
  till.put(productOf(1, 50))
  till.put({ ...productOf(1, 51), price: 0 })
  scene.vk.handDelete([...community.items.keys()][5] ?? 0)
  const again = await snapshotOf(world)

  const draft = await preview(ctx, link)
  const shown = await ctx.syncSteps.page(draft.id, { page: 1, size: 100 })
  await again() // looking has changed nothing
  scene.vk.writes.length = 0
  const id = await startRun(ctx, link, { draft, confirmed: false, by: 'Марина' })
  await carry(world)

  const run = await ctx.syncRuns.find(id ?? 0)
  const done = await ctx.syncSteps.page(id ?? 0, { page: 1, size: 100 })
  expect(run).toMatchObject({ state: 'done', total: draft.total, skipped: draft.skipped })
  expect(done.map(({ step }) => step)).toEqual(shown.map(({ step }) => step))
  expect(done.every(({ state }) => state === 'done' || state === 'skipped')).toBe(true)
  const sent = scene.vk.writes.map(({ method }) => method)
  const count = (name: string) => sent.filter((method) => method === name).length
  const planned = (...actions: string[]) =>
    shown.filter(({ step }) => actions.includes(step.action)).length
  expect(count('market.add')).toBe(planned('create'))
  expect(count('market.edit')).toBe(planned('update', 'hide', 'restore'))
  expect(await faultsOf(world)).toEqual([])
})

test('a catalogue newer than the one that was shown is not sent; one that shrinks is asked about', async () => {
  const scene = await openScene()
  const world = await openWorld(scene, 1, 20)
  const { ctx, link, till } = world
  await runWhole(world)
  const ids = [...till.products.keys()]
  till.setPrice(ids[0] ?? '', 7)
  const draft = await preview(ctx, link)
  till.setPrice(ids[1] ?? '', 8)
  scene.vk.writes.length = 0

  const stale = await startRun(ctx, link, { draft, confirmed: false, by: 'Марина' })
  await carry(world)

  expect(await ctx.syncRuns.find(stale ?? 0)).toMatchObject({ reason: 'snapshot_stale' })
  expect(scene.vk.writes).toEqual([])

  await runWhole(world)
  for (const id of ids.slice(0, 12)) till.remove(id)
  scene.vk.writes.length = 0
  const wish = { confirmed: false, by: 'Марина' }
  const missed = await startRun(ctx, link, wish) // from one listing it may be a slip
  await carry(world)
  expect(await ctx.syncRuns.find(missed ?? 0)).toMatchObject({ state: 'done', hidden: 0 })
  const shrunk = await startRun(ctx, link, wish)
  await carry(world)
  expect(await ctx.syncRuns.find(shrunk ?? 0)).toMatchObject({
    state: 'failed',
    reason: 'catalog_shrunk',
    reasonValues: { before: 20, after: 8 },
  })
  expect(scene.vk.writes).toEqual([])
  const agreed = await startRun(ctx, link, { ...wish, confirmed: true })
  await carry(world)
  expect(await ctx.syncRuns.find(agreed ?? 0)).toMatchObject({ state: 'done', hidden: 12 })
})

test('a listing that fails, breaks off, is empty or goes in circles removes nothing; sold out in bulk is read twice', async () => {
  const scene = await openScene()
  const { evotor, vk } = scene
  const world = await openWorld(scene, 1, 14)
  const { ctx, till } = world
  await runWhole(world)
  vk.writes.length = 0
  const whole = { groups: [...till.groups.values()], products: [...till.products.values()] }
  const troubles: [name: string, begin: () => void, end: () => void, reason: string][] = [
    [
      'fails',
      () => evotor.fault('*', { status: 500 }),
      () => evotor.mend(),
      'provider_unavailable',
    ],
    [
      'breaks off',
      () => Object.assign(evotor, { pageSize: 5, failAfterPages: 1 }),
      () => Object.assign(evotor, { pageSize: 1000, failAfterPages: Infinity }),
      'provider_unavailable',
    ],
    [
      'goes in circles',
      () => Object.assign(evotor, { pageSize: 5, repeatCursor: true }),
      () => Object.assign(evotor, { pageSize: 1000, repeatCursor: false }),
      'odd_answer',
    ],
    [
      'is empty',
      () => {
        till.fill({ groups: whole.groups, products: [] })
      },
      () => {
        till.fill(whole)
      },
      'store_empty',
    ],
  ]
  for (const [name, begin, end, reason] of troubles) {
    begin()
    for (let times = 0; times < 3; times += 1) {
      const id = await beginRun(world)
      await carry(world)
      const run = await ctx.syncRuns.find(id)
      expect(run, name).toMatchObject({ state: 'paused', reason, reasonPlatform: 'evotor' })
    }
    end()
    await runWhole(world)
  }
  expect(vk.writes).toEqual([])

  for (const { id } of till.products.values()) till.setQuantity(id, 0)
  evotor.asked.length = 0
  await runWhole(world)
  expect(evotor.asked.filter(({ path }) => path.endsWith('/products'))).toHaveLength(2)
})

test('a link deleted and made anew finds its cards again; the owner’s own are left alone', async () => {
  const scene = await openScene()
  const { vk } = scene
  const world = await openWorld(scene, 1, 6)
  const { ctx, link, community } = world
  await runWhole(world)
  const own = vk.handAdd({ title: 'Моя ваза', sku: 'ВАЗА-1' }, community.id)
  vk.handAlbum('Мои вещи', [own], community.id)
  const before = JSON.stringify(community.items.get(own))
  await ctx.syncLinks.remove(link.userId, link.id)
  const id = await ctx.syncLinks.add(link.userId, link, link.settings)
  const anew = { ...world, link: { ...link, id } }

  const run = await runWhole(anew)

  expect(run).toMatchObject({ state: 'done', created: 0, failed: 0 })
  expect(community.items.size).toBe(7)
  expect(JSON.stringify(community.items.get(own))).toBe(before)
  expect([...community.albums.values()].find(({ title }) => title === 'Мои вещи')?.items).toEqual(
    new Set([own]),
  )
  expect(await faultsOf(anew)).toEqual([])
})

test('a run is undone, what failed is tried again, and a stop keeps what is done', async () => {
  const scene = await openScene()
  const world = await openWorld(scene, 1, 6)
  const { ctx, link, till, community } = world
  await runWhole(world)
  const shop = () =>
    [...community.items.values()].map(({ title, price, availability }) => ({
      ...{ title, price, availability },
    }))
  const before = shop()
  for (const { id } of till.products.values()) till.setPrice(id, 900)
  till.setQuantity([...till.products.keys()][0] ?? '', 0)
  const [first] = community.items.keys()
  scene.vk.refuse('market.edit', { code: 204 }, { itemId: first ?? 0 })

  const run = await runWhole(world)
  expect(run).toMatchObject({ state: 'done', failed: 1 })
  scene.vk.calm()
  if (run) await retryRun(ctx, link, run, 'Марина')
  await carry(world)
  const retried = await ctx.syncRuns.last(link.id)
  expect(retried).toMatchObject({ origin: 'retry', state: 'done', total: 1, failed: 0 })
  for (const one of [retried, run]) {
    if (one) await undoRun(ctx, link, one, 'Марина')
    await carry(world)
  }
  expect(shop()).toEqual(before)
  expect(await ctx.syncLinks.get(link.id)).toMatchObject({ paused: true })

  scene.vk.handDelete([...community.items.keys()][2] ?? 0)
  if (run) await undoRun(ctx, link, run, 'Марина')
  await carry(world)
  expect(community.items.size).toBe(before.length - 1) // nothing rises again by being undone

  const id = await beginRun(world)
  await carry({ ...world, ctx: stoppedAtOnce(ctx, id) })
  expect(await ctx.syncRuns.find(id)).toMatchObject({ state: 'stopped', reason: 'stopped' })
})

test.each(ENGINES)(
  'two instances on %s share the work: a run has one worker at a time',
  async (engine) => {
    const scene = await openScene({ engine })
    const { app, evotor, vk } = scene
    const beside = await startApp({ evotor, vk, beside: app, quietMs: 20 })
    const worlds = [await openWorld(scene, 1, 4), await openWorld(scene, 2, 4)]
    for (const world of worlds) await beginRun(world)

    await Promise.all([carryAll(app), carryAll(beside), carryAll(app), carryAll(beside)])

    for (const world of worlds) {
      expect(world.community.items.size).toBe(4)
      expect(await world.ctx.syncRuns.last(world.link.id)).toMatchObject({ state: 'done' })
    }
    expect(vk.writes.filter(({ method }) => method === 'market.add')).toHaveLength(8)
  },
)

test('a link, an account or its settings may go or change at any call of a run: nothing breaks', async () => {
  const scene = await openScene()
  const { app } = scene
  const ways = ['link', 'settings', 'connection'] as const
  let number = 10
  for (const way of ways)
    for (let call = 3; call < 60; call += 4) {
      number += 1
      const world = await openWorld(scene, number, 3)
      const { ctx, link } = world
      const change = {
        link: () => ctx.syncLinks.remove(link.userId, link.id),
        settings: () =>
          ctx.syncLinks.change(link.id, link, readSettings({ ...link.settings, gone: 'delete' })),
        connection: async () => {
          await ctx.db('connections').where({ provider: 'vk' }).update({ provider: 'vk-away' })
        },
      }
      await beginRun(world)
      await carry({ ...world, ctx: changedAt(ctx, call, change[way]) })
      await ctx
        .db('connections')
        .whereIn('provider', ['vk-away', 'vk'])
        .update({ provider: 'vk', is_online: true, health: 'online', reason: null }) // connected anew
      expect(
        app.lines.filter(({ level }) => level === 'error'),
        `${way} at ${call}`,
      ).toEqual([])
      if (way === 'link') continue
      await runWhole(world)
      expect(await faultsOf(world), `${way} at ${call}`).toEqual([])
    }
})

test('a process that goes down lets its runs go, and the next one goes on with them', async () => {
  const scene = await openScene()
  const { vk, app } = scene
  vk.latencyMs = 20
  const world = await openWorld(scene, 1, 12)
  const id = await beginRun(world)
  const stopping = new AbortController()
  await syncDue(app.ctx, stopping.signal)
  await expect.poll(() => world.community.items.size).toBeGreaterThan(1)

  stopping.abort()
  await Promise.all(app.ctx.carrying.values())

  expect(await app.ctx.syncRuns.find(id)).toMatchObject({ state: 'queued', stage: 'sending' })
  await carryAll(app)
  expect(await app.ctx.syncRuns.find(id)).toMatchObject({ state: 'done', created: 12 })
  expect(world.community.items.size).toBe(12)
})

test('a stop that is asked for is not forgotten when the process dies, nor when the run would rest', async () => {
  const scene = await openScene()
  const { vk } = scene
  const world = await openWorld(scene, 1, 6)
  const { ctx } = world
  const id = await beginRun(world)
  await carry(world, { call: 30, after: true })
  await ctx.syncRuns.askStop(id)
  const before = vk.writes.length
  await carry(world)

  expect(await ctx.syncRuns.find(id)).toMatchObject({ state: 'stopped' })
  expect(vk.writes).toHaveLength(before)

  const next = await beginRun(world)
  vk.refuse('market.add', { code: 14 })
  await carry({ ...world, ctx: changedAt(ctx, 25, () => ctx.syncRuns.askStop(next)) })
  expect(await ctx.syncRuns.find(next)).toMatchObject({ state: 'stopped' })
})

type Ctx = ShopScene['app']['ctx']

/** A person presses «stop» before anything is sent. */
function stoppedAtOnce(ctx: Ctx, id: number): Ctx {
  const { syncSteps, syncRuns } = ctx
  let seen: () => void = () => undefined
  const isSeen = new Promise<void>((done) => (seen = done))
  const hold: typeof syncRuns.hold = async (...given) => {
    const found = await syncRuns.hold(...given)
    if (found === 'stop') setImmediate(seen)
    return found
  }
  const pending: typeof syncSteps.pending = async (...given) => {
    await syncRuns.askStop(id)
    await isSeen // it is looked for every two seconds
    return await syncSteps.pending(...given)
  }
  return { ...ctx, syncSteps: { ...syncSteps, pending }, syncRuns: { ...syncRuns, hold } }
}

/** Something happens just before the run's n-th call. */
function changedAt(ctx: Ctx, call: number, change: () => Promise<unknown>): Ctx {
  let calls = 0
  const watched = <T extends object>(store: T): T =>
    new Proxy(store, {
      get(target, name) {
        const verb = Reflect.get(target, name) as unknown
        if (typeof verb !== 'function') return verb
        return (...given: unknown[]) => {
          calls += 1
          const go = () => Reflect.apply(verb, target, given) as unknown
          return calls === call ? change().then(go) : go()
        }
      },
    })
  const { syncRuns, syncItems, syncSteps, syncLinks } = ctx
  return {
    ...ctx,
    syncRuns: watched(syncRuns),
    syncItems: watched(syncItems),
    syncSteps: watched(syncSteps),
    syncLinks: watched(syncLinks),
    httpFor: (provider) => watched(ctx.httpFor(provider)),
  }
}

async function openScene(wishes: Wishes = {}): Promise<ShopScene> {
  const scene = await openShop({ quietMs: 30, http: NEVER_BROKEN, ...wishes })
  scene.vk.perSecond = Infinity
  return scene
}
