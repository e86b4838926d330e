import type { Context } from '../../../app/context.ts'
import type { Link, Route } from '../../../app/store/sync-links.ts'
import type { NewRun } from '../../../app/store/sync-runs.ts'
import type { Product } from '../../../app/catalogue/goods.ts'
import { readSettings, type Settings } from '../../../app/catalogue/settings.ts'
import type { Action, ChangeStep, Step } from '../../../app/catalogue/steps.ts'
import type { Engine } from '../../support/databases.ts'
import { item } from '../../support/catalogue/rows.ts'
import { addPerson, openContext } from '../context.ts'

export const ROUTE = {
  source: 'evotor',
  target: 'vk',
  storeId: '20170101-STORE',
  storeName: 'Цветы на Лесной',
  communityId: '21450987',
  communityName: 'Букеты',
  communityUrl: 'https://vk.com/bukety',
} satisfies Route

/** A person with one pair of a store and a community. */
export async function openPair(engine: Engine) {
  const ctx = await openContext(engine)
  const { id: userId } = await addPerson(ctx)
  return { ctx, userId, link: await addPair(ctx, userId) }
}

/** Another community for the same store. */
export async function addPair(
  ctx: Context,
  userId: number,
  route: Partial<typeof ROUTE> = {},
  settings: Partial<Settings> = {},
): Promise<Link> {
  return addRoute(ctx, userId, { ...ROUTE, ...route }, settings)
}

/** A file of the same store's goods. */
export function addFile(ctx: Context, userId: number): Promise<Link> {
  const { source, storeId, storeName } = ROUTE
  return addRoute(ctx, userId, { source, storeId, storeName })
}

async function addRoute(
  ctx: Context,
  userId: number,
  route: Route,
  settings: Partial<Settings> = {},
): Promise<Link> {
  const id = await ctx.syncLinks.add(userId, route, readSettings(settings))
  const link = await ctx.syncLinks.get(id)
  if (!link) throw new Error('no link')
  return link
}

export const newRun = (linkId: number, changes: Partial<NewRun> = {}): NewRun => ({
  linkId,
  linkRevision: 1,
  origin: 'manual',
  whole: true,
  ...changes,
})

export const product = (id: string, changes: Partial<Product> = {}): Product => ({
  id,
  name: `Роза ${id}`,
  service: false,
  unit: 'шт',
  price: 15_000,
  sellable: true,
  description: '',
  choices: {},
  ...changes,
})

export function step(
  productId: string,
  action: Action = 'create',
  changes: Partial<Omit<ChangeStep, 'action'>> = {},
): Step {
  const one = { action, productId, name: `Роза ${productId}`, fields: [] }
  const own = {
    create: { item: item() },
    update: { item: item(), itemId: '1' },
    hide: { item: item(), itemId: '1' },
    restore: { item: item(), itemId: '1' },
    delete: { itemId: '1', reason: { code: 'gone' } },
    skip: { reason: { code: 'gone' } },
  }
  return { ...one, ...own[action], ...changes } as Step
}
