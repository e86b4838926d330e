import { onTestFinished } from 'vitest'
import { syncDue } from '../../../app/flows/catalogue/sync-due.ts'
import { toJpeg } from '../../../app/pictures/index.ts'
import type { Run } from '../../../app/store/sync-run-rows.ts'
import type { Link } from '../../../app/store/sync-links.ts'
import { readSettings, type Settings } from '../../../app/catalogue/settings.ts'
import { type Evotor, startEvotor } from '../../simulators/evotor.ts'
import { FLOWERS } from '../../simulators/vk/categories.ts'
import { MARINA, startVk, type Vk } from '../../simulators/vk.ts'
import type { Community } from '../../simulators/vk/state.ts'
import { type Options, startApp, type TestApp } from '../app.ts'
import type { Browser } from '../browser.ts'
import { painted } from '../pictures.ts'
import { everybody } from '../crowd.ts'

/** A till and a community with EvoSync between them, connected, and one pair of theirs. */
export interface ShopScene {
  app: TestApp
  browser: Browser
  evotor: Evotor
  vk: Vk
  link: Link
  community: Community
}

export type Wishes = Partial<Settings> &
  Pick<Options, 'engine' | 'env' | 'http' | 'quietMs'> & {
    /** How VK lets people in; tokens of VK ID are renewed. */
    signIn?: 'classic' | 'vkid'
  }

/** A breaker would only make a test wait: these are about what comes of single faults. */
export const NEVER_BROKEN = { breaker: { failures: Infinity, cooldownMs: 1, successes: 1 } }

/** As fast as the simulators answer. */
export const UNPACED = { VK_PER_SECOND: '9999' }

/** What makes a pair that is a file only of any other. */
export const NOWHERE = {
  target: undefined,
  communityId: undefined,
  communityName: undefined,
  communityUrl: undefined,
}

/** Both platforms, both connected; goods of the first store go to the first community. */
export async function openShop({
  engine = 'sqlite',
  env = {},
  http = {},
  quietMs = 50,
  signIn = 'classic',
  ...settings
}: Wishes = {}): Promise<ShopScene> {
  const [evotor, vk] = await Promise.all([startEvotor(), startVk()])
  onTestFinished(() => Promise.all([evotor.stop(), vk.stop()]).then(() => undefined))
  vk.perSecond = 1000
  const app = await startApp({
    engine,
    evotor,
    vk,
    quietMs,
    http,
    env: { ...UNPACED, ...vk.variables(signIn), ...env },
  })
  const browser = app.newBrowser()
  await browser.register()
  await browser.connect('evotor')
  await browser.connect('vk', { account: MARINA.id })
  const link = await addLink({ app, evotor, vk }, settings)
  return { app, browser, evotor, vk, link, community: communityOf(vk, link) }
}

/** A pair with the owner's picture for all, and a category: nothing stands in a product's way. */
async function addLink(
  { app: { ctx }, evotor, vk }: Pick<ShopScene, 'app' | 'evotor' | 'vk'>,
  settings: Partial<Settings> = {},
  { store = evotor.users[0]?.stores[0], community = firstMarket(vk) } = {},
): Promise<Link> {
  const owner = (await everybody(ctx))[0]
  if (!store || !owner) throw new Error('no store, or nobody who owns it')
  const photo = await ctx.photos.save(owner.id, { name: 'vitrina.jpg', ...(await vitrina()) })
  const whole = readSettings({
    categoryId: FLOWERS,
    photoId: photo.id,
    everyMinutes: 0,
    ...settings,
  })
  const route = {
    source: evotor.key,
    target: vk.key,
    storeId: store.id,
    storeName: store.name,
    communityId: String(community.id),
    communityName: community.name,
    communityUrl: `https://vk.com/${community.screenName}`,
  }
  const id = await ctx.syncLinks.add(owner.id, route, whole)
  const link = await ctx.syncLinks.get(id)
  if (!link) throw new Error('no link')
  return link
}

/** Begins whatever is due and waits until nothing goes on any more. */
export async function carryAll({ ctx }: Pick<TestApp, 'ctx'>): Promise<void> {
  await syncDue(ctx, new AbortController().signal)
  while (ctx.carrying.size > 0) await Promise.all(ctx.carrying.values())
}

/** A person's run, from the button to its end. */
export async function runOnce(
  { app, link }: Pick<ShopScene, 'app' | 'link'>,
  {
    whole = true,
    confirmed = false,
    origin = 'manual',
  }: Partial<Pick<Run, 'whole' | 'confirmed' | 'origin'>> = {},
): Promise<Run> {
  const { ctx } = app
  const now = await ctx.syncLinks.get(link.id)
  const id = await ctx.syncRuns.queue({
    linkId: link.id,
    linkRevision: now?.revision ?? 1,
    origin,
    whole,
    confirmed,
  })
  if (id === undefined) throw new Error('one is under way')
  await carryAll(app)
  const run = await ctx.syncRuns.find(id)
  if (!run) throw new Error('the run left nothing behind')
  return run
}

const vitrina = async () => toJpeg(await painted(600, 600).png().toBuffer())

function communityOf(vk: Vk, { communityId }: Link): Community {
  const community = vk.communities.get(Number(communityId))
  if (!community) throw new Error(`no community ${communityId}`)
  return community
}

function firstMarket(vk: Vk): Community {
  const found = [...vk.communities.values()].find(({ market }) => market)
  if (!found) throw new Error('no community with goods')
  return found
}
