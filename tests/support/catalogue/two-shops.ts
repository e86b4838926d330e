import { onTestFinished } from 'vitest'
import { readSettings, type Settings } from '../../../app/catalogue/settings.ts'
import { toJpeg } from '../../../app/pictures/index.ts'
import type { Link } from '../../../app/store/sync-links.ts'
import { type EvotorCatalogue, LONG_AGO } from '../../simulators/evotor/catalogue.ts'
import { MARINA as AT_OK, type Ok, startOk } from '../../simulators/ok.ts'
import type { OkGroup } from '../../simulators/ok/state.ts'
import { MARINA as AT_VK, type Vk } from '../../simulators/vk.ts'
import { FLOWERS } from '../../simulators/vk/categories.ts'
import type { Community } from '../../simulators/vk/state.ts'
import { type Options, startApp, type TestApp } from '../app.ts'
import type { Browser } from '../browser.ts'
import type { Engine } from '../databases.ts'
import { painted } from '../pictures.ts'
import { startEvotor, startVk } from '../simulators.ts'
import { UNPACED } from './shop.ts'
import { groupIdOf, productOf } from './small-world.ts'
import { everybody } from '../crowd.ts'

/** One till, a community of ВКонтакте and a group of Одноклассники, all connected; a pair leads to each. */
export interface TwoShops {
  app: TestApp
  browser: Browser
  till: EvotorCatalogue
  vk: Vk
  ok: Ok
  community: Community
  group: OkGroup
  /** The owner's picture for all. */
  photoId: number
  toVk: Link
  toOk: Link
}

export interface Wishes extends Pick<Options, 'env'> {
  engine?: Engine
  products?: number
  settings?: Partial<Settings>
}

export async function openTwoShops({
  engine = 'sqlite',
  products = 6,
  env = {},
  settings = {},
}: Wishes = {}): Promise<TwoShops> {
  const [evotor, vk, ok] = await Promise.all([startEvotor(), startVk(), startOk()])
  onTestFinished(() => ok.stop())
  vk.perSecond = 1000
  const app = await startApp({
    ...{ engine, evotor, vk, simulators: [ok], quietMs: 50 },
    env: { ...UNPACED, ...env },
  })
  const browser = app.newBrowser()
  await browser.register()
  await browser.connect('evotor')
  await browser.connect('vk', { account: AT_VK.id })
  await browser.connect('ok', { account: AT_OK.id })

  const [store] = evotor.users[0]?.stores ?? []
  const community = [...vk.communities.values()].find(({ market }) => market)
  const [group] = ok.market.groups.values()
  const [owner] = await everybody(app.ctx)
  if (!store || !community || !group || !owner) throw new Error('something is missing')
  const till = fill(evotor.catalogueOf(store.id), products)
  const jpeg = await toJpeg(await painted(600, 600).png().toBuffer())
  const photo = await app.ctx.photos.save(owner.id, { name: 'vitrina.jpg', ...jpeg })
  const from = { source: 'evotor', storeId: store.id, storeName: store.name }
  const usual = { photoId: photo.id, everyMinutes: 0, ...settings }
  const link = async (target: string, { id, name }: { id: string; name: string }, own: object) => {
    const place = {
      communityId: id,
      communityName: name,
      communityUrl: `https://${target}.ru/${id}`,
    }
    const whole = readSettings({ ...usual, ...own })
    const linkId = await app.ctx.syncLinks.add(owner.id, { ...from, target, ...place }, whole)
    const added = await app.ctx.syncLinks.get(linkId)
    if (!added) throw new Error('no pair')
    return added
  }
  const there = { id: String(community.id), name: community.name }
  return {
    ...{ app, browser, till, vk, ok, community, group, photoId: photo.id },
    toVk: await link('vk', there, { categoryId: FLOWERS }),
    toOk: await link('ok', group, {}),
  }
}

/** Products in two groups, and some in none. */
function fill(till: EvotorCatalogue, products: number): EvotorCatalogue {
  const groups = ['Букеты', 'Горшки'].map((name, at) => ({
    ...{ id: groupIdOf(1, at), name, attributes: [], updated_at: LONG_AGO },
  }))
  till.fill({ groups, products: [] })
  for (let at = 0; at < products; at += 1) till.put(productOf(1, at))
  return till
}
