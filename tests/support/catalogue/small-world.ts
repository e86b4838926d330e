import type { Context } from '../../../app/context.ts'
import { vkMarket } from '../../../app/providers/vk/market.ts'
import { syncDue } from '../../../app/flows/catalogue/sync-due.ts'
import type { Run } from '../../../app/store/sync-run-rows.ts'
import type { Link } from '../../../app/store/sync-links.ts'
import { readSettings, type Settings } from '../../../app/catalogue/settings.ts'
import { type EvotorCatalogue, LONG_AGO, tillId } from '../../simulators/evotor/catalogue.ts'
import { MARINA } from '../../simulators/vk.ts'
import type { Community } from '../../simulators/vk/state.ts'
import { type Death, mortal } from './mortal.ts'
import type { ShopScene } from './shop.ts'

/** A store of a few products and a community of its own, on a scene that many of them share. */
export interface SmallWorld {
  scene: ShopScene
  /** Of a process that does not die, and waits for nobody's good mood. */
  ctx: Context
  number: number
  link: Link
  community: Community
  till: EvotorCatalogue
}

/** What running a pair takes, wherever it leads. */
export type Pair = Pick<SmallWorld, 'ctx' | 'link'>

/** A community nobody has ever sold anything in, and the store filled anew with this many products in two groups. */
export async function openWorld(
  scene: ShopScene,
  number: number,
  products: number,
  settings: Partial<Settings> = {},
): Promise<SmallWorld> {
  const { app, evotor, vk, link: first } = scene
  const community = emptyCommunity(900_000 + number)
  vk.communities.set(community.id, community)
  vk.writes.length = 0
  vk.asked.length = 0
  evotor.asked.length = 0
  const till = evotor.catalogueOf(first.storeId)
  till.fill({
    groups: ['Букеты', 'Горшки'].map((name, at) => group(groupIdOf(number, at), name)),
    products: [],
  })
  for (let at = 0; at < products; at += 1) till.put(productOf(number, at))
  const id = await app.ctx.syncLinks.add(
    first.userId,
    {
      ...first,
      target: vk.key,
      communityId: String(community.id),
      communityName: community.name,
      communityUrl: `https://vk.com/${community.screenName}`,
    },
    readSettings({ ...first.settings, ...settings }),
  )
  const link = await app.ctx.syncLinks.get(id)
  if (!link) throw new Error('no link')
  return { scene, ctx: impatient(scene), number, link, community, till }
}

export const groupIdOf = (number: number, at: number) => tillId(number, 1_000 + at)

export const productOf = (number: number, at: number) => ({
  id: tillId(number, at),
  name: `Товар номер ${at + 1}`,
  code: String(at + 1),
  ...(at % 3 !== 2 && { parent_id: groupIdOf(number, at % 2) }),
  price: 100 + at,
  quantity: 1 + at,
})

const group = (id: string, name: string) => ({ id, name, attributes: [], updated_at: LONG_AGO })

const emptyCommunity = (id: number): Community => ({
  id,
  name: `Лавка ${id}`,
  screenName: `lavka_${id}`,
  type: 'page',
  market: true,
  roles: new Map([[MARINA.id, 3]]),
  items: new Map(),
  removed: new Map(),
  albums: new Map(),
  photos: new Map(),
})

/** VK's pauses of a second are those of a millisecond. */
export function impatient({ app: { ctx }, vk }: Pick<ShopScene, 'app' | 'vk'>): Context {
  const quick = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms / 1000))
  const target = vkMarket(vk.variables().VK_API_URL ?? '', 'vk.com', quick)
  const all = ctx.providers.all.map((one) => (one.key === 'vk' ? { ...one, target } : one))
  return { ...ctx, providers: { ...ctx.providers, all } }
}

/** A run is begun, or the one that rests goes on. Gives its number. */
export async function beginRun({ ctx, link }: Pair, { whole = true } = {}): Promise<number> {
  const active = await ctx.syncRuns.active(link.id)
  if (active) await ctx.syncRuns.resume(active.id)
  const id =
    active?.id ??
    (await ctx.syncRuns.queue({
      linkId: link.id,
      linkRevision: link.revision,
      origin: 'manual',
      whole,
      confirmed: true,
    }))
  if (id === undefined) throw new Error('a run was not begun')
  return id
}

/** Carries whatever waits, in a process that may die; its lease is over at once then. True: it has died. */
export async function carry({ ctx }: Pick<Pair, 'ctx'>, death?: Death): Promise<number | 'died'> {
  const process = mortal(ctx, death)
  try {
    await syncDue(process.ctx, new AbortController().signal)
    while (process.ctx.carrying.size > 0) await Promise.all(process.ctx.carrying.values())
  } catch (error) {
    if (!process.dead) throw error
  }
  if (!process.dead) return process.calls
  await process.quiet()
  await ctx
    .db('sync_runs')
    .where({ state: 'running' })
    .update({ lease_until: new Date(0) })
  return 'died'
}

/** One more run from beginning to end; undefined: there was nothing to do. */
export async function runWhole(world: Pair): Promise<Run | undefined> {
  const id = await beginRun(world)
  for (let tries = 0; tries < 5; tries += 1) {
    await carry(world)
    const run = await world.ctx.syncRuns.find(id)
    if (run?.state !== 'paused') return run
    await world.ctx.syncRuns.resume(id)
  }
  throw new Error('a run that rests for ever')
}
