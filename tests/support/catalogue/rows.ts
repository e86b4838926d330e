import type { Context } from '../../../app/context.ts'
import type { Route } from '../../../app/store/sync-links.ts'
import type { Outlook, Worker } from '../../../app/store/sync-runs.ts'
import type { Claim } from '../../../app/store/sync-run-rows.ts'
import type { Settled } from '../../../app/store/sync-steps.ts'
import type { Item } from '../../../app/catalogue/items.ts'
import { readSettings, type Settings } from '../../../app/catalogue/settings.ts'
import type { ChangeStep, Step } from '../../../app/catalogue/steps.ts'

export const WORKER: Worker = { instance: 'test', workplace: 'host:1:1' }

const ROUTE = {
  source: 'evotor',
  target: 'vk',
  storeId: 'store-1',
  storeName: 'Цветы у дома',
  communityId: '777',
  communityName: 'Цветы у дома ВК',
  communityUrl: 'https://vk.com/club777',
} satisfies Route

export async function addLink(
  ctx: Context,
  {
    userId = 1,
    settings = {},
    ...route
  }: Partial<typeof ROUTE> & {
    userId?: number
    settings?: Partial<Settings>
  } = {},
) {
  const id = await ctx.syncLinks.add(userId, { ...ROUTE, ...route }, readSettings(settings))
  const link = await ctx.syncLinks.get(id)
  if (!link) throw new Error('no link')
  return link
}

export const item = (more: Partial<Item> = {}): Item => ({
  title: 'Роза красная, 60 см',
  description: 'Свежая роза из Эквадора.',
  price: 18_000,
  sku: '12 abcdef012345',
  stock: 32,
  hidden: false,
  categoryId: '5',
  photo: 'own:1',
  ...more,
})

let made = 0

/** All that a step of any action may have. */
type Parts = Partial<Omit<ChangeStep, 'action'>>

export function step(action: Step['action'], more: Parts = {}): Step {
  made += 1
  const shown = action !== 'skip'
  return {
    action,
    productId: `product-${made}`,
    name: `Товар ${made}`,
    tillPrice: 18_000,
    fields: [],
    ...(shown && { item: item() }),
    ...(action !== 'create' && shown && { itemId: String(1000 + made) }),
    ...((action === 'delete' || action === 'skip') && { reason: { code: 'gone' } }),
    ...more,
  } as Step
}

const outlook = (steps: readonly Step[], more: Partial<Outlook> = {}): Outlook => {
  const skipped = steps.filter(({ action }) => action === 'skip').length
  return {
    products: steps.length,
    shownBefore: 102,
    changes: 0,
    unchanged: 0,
    total: steps.length - skipped,
    skipped,
    digest: 'c41b',
    ...more,
  }
}

/** What a person would be shown. */
export async function addDraft(
  ctx: Context,
  link: { id: number; revision: number },
  steps: readonly Step[],
  more: Partial<Outlook> = {},
): Promise<number> {
  const id = await ctx.syncRuns.draft(
    { linkId: link.id, linkRevision: link.revision, origin: 'manual', whole: true },
    outlook(steps, more),
  )
  if (id === undefined) throw new Error('no draft')
  await ctx.syncSteps.replace(id, steps)
  return id
}

/** A run that is being carried out: nothing is settled yet. */
export async function addRun(
  ctx: Context,
  link: { id: number; revision: number },
  steps: readonly Step[],
  more: Partial<Outlook> & { origin?: 'manual' | 'schedule' | 'hint' | 'retry' | 'undo' } = {},
): Promise<number> {
  const { origin = 'manual', ...figures } = more
  const id = await ctx.syncRuns.queue({
    linkId: link.id,
    linkRevision: link.revision,
    origin,
    ...(origin === 'manual' && { startedBy: 'Марина Ковалёва' }),
    whole: true,
  })
  if (id === undefined) throw new Error('a run is under way')
  await ctx.syncRuns.claim(WORKER, 60_000, [])
  await ctx.syncRuns.setOutlook(await claimOf(ctx, id), outlook(steps, figures))
  await ctx.syncSteps.replace(id, steps)
  return id
}

const COUNTED = {
  create: 'created',
  update: 'updated',
  restore: 'updated',
  hide: 'hidden',
  delete: 'removed',
  skip: 'skipped',
} as const

/** What whoever carries it out has to show. */
export async function claimOf(ctx: Context, runId: number): Promise<Claim> {
  const run = await ctx.syncRuns.find(runId)
  if (!run) throw new Error('no run')
  return run
}

/** Settles the steps of these places; a code means that it failed. */
export async function settle(
  ctx: Context,
  runId: number,
  ends: readonly { place: number; code?: string; values?: Record<string, string | number> }[],
): Promise<void> {
  const all = []
  for await (const page of ctx.syncSteps.all(runId)) all.push(...page)
  for (const { place, code, values } of ends) {
    const kept = all[place]
    if (!kept) throw new Error(`no step at ${place}`)
    const end: Settled = code
      ? { id: kept.id, state: 'failed', reason: { code, ...(values && { values }) } }
      : { id: kept.id, state: 'done' }
    await ctx.syncSteps.settle(runId, [end])
    await ctx.syncRuns.count(await claimOf(ctx, runId), {
      [code ? 'failed' : COUNTED[kept.step.action]]: 1,
    })
  }
}
