import { expect, test } from 'vitest'
import type { Run } from '../../../app/store/sync-run-rows.ts'
import { MARINA } from '../../simulators/vk.ts'
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
  runWhole,
  type SmallWorld,
} from '../../support/catalogue/small-world.ts'

/** What VK does, and what is to come of it. */
interface Case {
  name: string
  begin: (world: SmallWorld) => unknown
  /** Of the run it happens to. */
  ends: Partial<Run>
  /** How long the run wants to rest, in minutes. */
  minutes?: number
  trouble?: string
}

const minute = 60_000
const refusing =
  (method: string, code: number, msg?: string) =>
  ({ scene: { vk } }: SmallWorld) => {
    vk.refuse(method, { code, ...(msg && { msg }) })
  }

test('what VK asks for is waited for, or asked of the owner; afterwards the run goes on and nothing is there twice', async () => {
  const cases: Case[] = [
    {
      name: 'captcha',
      begin: refusing('market.add', 14),
      ends: { state: 'paused', reason: 'captcha' },
      minutes: 60,
    },
    {
      name: 'flood',
      begin: refusing('market.add', 9),
      ends: { state: 'paused', reason: 'flood' },
      minutes: 15,
    },
    {
      name: 'a limit of the day',
      begin: refusing('execute', 29),
      ends: { state: 'paused', reason: 'limit_reached' },
      minutes: 180,
    },
    {
      name: 'VK broken inside',
      begin: refusing('market.addToAlbum', 10),
      ends: { state: 'paused', reason: 'platform_fault' },
      minutes: 1,
    },
    {
      name: 'a confirmation',
      begin: refusing('market.add', 17),
      ends: { state: 'failed', reason: 'validation_required' },
      trouble: 'validation_required',
    },
    {
      name: 'no right to goods',
      begin: (world) => {
        refusing('execute', 15)(world)
        refusing('market.get', 15)(world)
      },
      ends: { state: 'failed', reason: 'market_right_missing' },
      trouble: 'market_right_missing',
    },
    {
      name: 'goods switched off',
      begin: ({ community }) => (community.market = false),
      ends: { state: 'failed', reason: 'market_disabled' },
      trouble: 'market_disabled',
    },
    {
      name: 'the role taken away',
      begin: ({ community }) => community.roles.set(MARINA.id, 0),
      ends: { state: 'failed', reason: 'group_access_lost' },
      trouble: 'group_access_lost',
    },
    {
      name: 'no more goods in a community',
      begin: refusing('market.add', 1405),
      ends: { state: 'failed', reason: 'too_many_items' },
      trouble: 'too_many_items',
    },
  ]
  const scene = await openScene()
  for (const [number, { name, begin, ends, minutes, trouble }] of cases.entries()) {
    const world = await openWorld(scene, number, 4)
    const { ctx, link } = world
    begin(world)

    const id = await beginRun(world)
    await carry(world)
    const run = await ctx.syncRuns.find(id)

    expect(run, name).toMatchObject(ends)
    const rest = run?.resumeAt && Math.round((run.resumeAt.getTime() - Date.now()) / minute)
    expect(rest, name).toBe(minutes)
    const links = ['captcha', 'a confirmation'].includes(name)
    expect(run?.reasonLink, name).toEqual(
      links ? expect.stringMatching(/^http.*not_robot_captcha/) : undefined,
    )
    expect((await ctx.syncLinks.get(link.id))?.trouble?.code, name).toBe(trouble)
    calm(world)
    expect(await runWhole(world), name).toMatchObject({ state: 'done', failed: 0 })
    expect(await faultsOf(world), name).toEqual([])
  }
})

test.each([
  ['an answer that never comes', 'drop'],
  ['error 36 after the deed', 36],
  ['error 10 before it', 10],
  ['error 1 before it', 1],
  ['error 6 before it', 6],
  ['HTTP 502', 502],
  ['a line that breaks', 'reset'],
] as const)('a new card and %s: it is looked for before it is made again', async (_name, way) => {
  const scene = await openScene()
  const world = await openWorld(scene, 1, 5)
  const { vk } = scene
  if (way === 'drop') vk.dropAfter('market.add', 2)
  else if (way === 'reset') vk.fault('/method/market.add', { way, times: 2 })
  else if (way === 502) vk.fault('/method/market.add', { status: way, times: 2 })
  else vk.refuse('market.add', { code: way }, { times: 2 })

  expect(await runWhole(world)).toMatchObject({ state: 'done', created: 5, failed: 0 })

  expect(await faultsOf(world)).toEqual([])
  expect(world.community.items.size).toBe(5)
  expect(vk.writes.filter(({ method }) => method === 'market.add')).toHaveLength(5)
})

test('what VK refuses of one card leaves the others alone, and is told with its reason', async () => {
  const scene = await openScene()
  const world = await openWorld(scene, 1, 6)
  const { vk } = scene
  await runWhole(world)
  const [first, second, third, fourth] = [...world.community.items.keys()]
  const { till } = world
  for (const { id } of till.products.values()) till.setPrice(id, 5)
  vk.refuse('market.edit', { code: 100, msg: 'name is bad' }, aimedAt(first))
  vk.refuse('market.edit', { code: 204 }, aimedAt(second))
  vk.refuse('market.edit', { code: 1403 }, aimedAt(third)) // deleted between reading and writing
  vk.refuse('market.edit', { code: 36 }, { ...aimedAt(fourth), times: 1 }) // then there is nothing to change
  world.community.items.delete(third ?? 0)

  const run = await runWhole(world)

  expect(run).toMatchObject({ state: 'done', created: 1, updated: 3, failed: 2 })
  const reasons = await world.ctx.syncSteps.reasons(run?.id ?? 0)
  expect(reasons.map(({ count }) => count)).toEqual([1, 1])
  calm(world)
  await runWhole(world)
  expect(await faultsOf(world)).toEqual([])
})

test('a photo nobody can read, a forbidden link, a full album: each costs what it has to and no more', async () => {
  const scene = await openScene()
  const { vk } = scene
  const world = await openWorld(scene, 1, 6)
  const { till } = world
  const [linked] = till.products.values()
  till.change(linked?.id ?? '', { description: 'Подробности здесь: https://clck.ru/abc и в лавке' })
  vk.refuse('market.saveProductPhotoBulk', { code: 129 }, { times: 1 })
  vk.rules.mostInAlbum = 1

  const run = await runWhole(world)

  expect(run).toMatchObject({ state: 'done', created: 6, failed: 0 })
  expect([...world.community.albums.values()].map(({ items }) => items.size)).toEqual([1, 1])
  expect(await world.ctx.syncSteps.reasons(run?.id ?? 0)).toEqual([
    { code: 'album_full', count: 2 },
  ])
  expect(
    [...world.community.items.values()].map(({ description }) => description).join(),
  ).not.toMatch(/clck/)
})

test('when there may be no more albums, the goods go without them and the rest of the run is done', async () => {
  const scene = await openScene()
  scene.vk.rules.mostAlbums = 1
  const world = await openWorld(scene, 1, 6)

  const run = await runWhole(world)

  expect(run).toMatchObject({ state: 'done', created: 6, failed: 0 })
  expect(await world.ctx.syncSteps.reasons(run?.id ?? 0)).toEqual([
    { code: 'too_many_albums', count: 2 },
  ])
})

test('where VK takes no batches, changes go one by one, and that is remembered', async () => {
  const scene = await openScene()
  const { vk } = scene
  const world = await openWorld(scene, 1, 5)
  const { till, ctx, link } = world
  await runWhole(world)
  vk.rules.executeRefusesWrites = true
  const raise = (price: number) => {
    for (const { id } of till.products.values()) till.setPrice(id, price)
  }
  raise(11)

  expect(await runWhole(world)).toMatchObject({ state: 'done', updated: 5, failed: 0 })
  expect(await ctx.syncLinks.get(link.id)).toMatchObject({ singly: true })
  raise(12)
  const before = vk.made.get('execute')
  expect(await runWhole(world)).toMatchObject({ state: 'done', updated: 5, failed: 0 })
  expect((vk.made.get('execute') ?? 0) - (before ?? 0)).toBe(1) // reading

  vk.fault('/method/market.edit', { status: 503 })
  raise(13)
  const id = await beginRun(world)
  await carry(world)
  expect(await ctx.syncRuns.find(id)).toMatchObject({ state: 'paused', failed: 0 })
})

test('a token that ends in the middle of a run is renewed once, and the run goes on', async () => {
  const scene = await openScene({ signIn: 'vkid' })
  const { vk } = scene
  const world = await openWorld(scene, 1, 10)
  vk.latencyMs = 10
  const id = await beginRun(world)
  const carrying = carry(world)
  await expect.poll(() => world.community.items.size).toBeGreaterThan(1)

  for (const token of vk.tokens.values()) token.expiresAt = 1
  const renewals = vk.tokens.size
  await carrying

  expect(await world.ctx.syncRuns.find(id)).toMatchObject({ state: 'done', created: 10, failed: 0 })
  expect(vk.tokens.size - renewals).toBe(1)
  expect(await faultsOf(world)).toEqual([])
})

test('a token that is gone for good ends the run, and the connection says so; two links of one token never hurry VK', async () => {
  const scene = await openScene({ env: { VK_PER_SECOND: '100' } })
  const { vk, app } = scene
  vk.perSecond = 100
  const worlds = [await openWorld(scene, 1, 6), await openWorld(scene, 2, 6)]
  for (const world of worlds) await beginRun(world)
  await carryAll(app)

  expect(vk.tooFast).toBe(0)
  for (const { link } of worlds)
    expect(await app.ctx.syncRuns.last(link.id)).toMatchObject({ state: 'done', failed: 0 })

  vk.revoke(MARINA.id)
  for (const world of worlds) await beginRun(world)
  await carryAll(app)
  for (const { link } of worlds)
    expect(await app.ctx.syncRuns.last(link.id)).toMatchObject({ reason: 'token_revoked' })
})

async function openScene(wishes: Wishes = {}): Promise<ShopScene> {
  const scene = await openShop({ quietMs: 30, http: NEVER_BROKEN, ...wishes })
  scene.vk.perSecond = Infinity
  return scene
}

const aimedAt = (itemId: number | undefined) => (itemId === undefined ? {} : { itemId })

function calm({ scene: { vk }, community }: SmallWorld) {
  vk.calm()
  vk.mend()
  community.market = true
  community.roles.set(MARINA.id, 3)
}
