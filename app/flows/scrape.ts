import type { Context } from '../context.ts'
import { isUnavailable } from '../store/db-errors.ts'

const STATES = ['closed', 'open', 'probing'] as const

/** Everything /metrics tells; what stands in the database is read now. A database that is away costs its own figures. */
export async function scrape(ctx: Context): Promise<string> {
  readBreakers(ctx)
  readTicks(ctx)
  readPool(ctx)
  ctx.metrics.databaseUp.set((await readDatabase(ctx)) ? 1 : 0)
  return await ctx.metrics.text()
}

function readBreakers(ctx: Context) {
  for (const provider of ctx.providers.all) {
    const { name } = ctx.httpFor(provider).breaker
    for (const state of STATES)
      ctx.metrics.breaker.set({ platform: provider.key, state }, state === name ? 1 : 0)
  }
}

function readTicks({ metrics, ticks }: Context) {
  for (const { job, ageMs, late } of ticks.all()) {
    metrics.jobAge.set({ task: job }, ageMs / 1000)
    metrics.jobLate.set({ task: job }, late ? 1 : 0)
  }
}

function readPool({ metrics, overview }: Context) {
  for (const [state, count] of Object.entries(overview.pool())) {
    metrics.databasePool.set({ state }, count)
  }
}

async function readDatabase(ctx: Context): Promise<boolean> {
  const { connections, postponed } = ctx.metrics
  const read = await readCounts(ctx)
  connections.reset()
  postponed.reset()
  ctx.metrics.backupAge.remove()
  if (!read) return false
  const { last, trouble } = read.backups
  if (last) ctx.metrics.backupAge.set((Date.now() - last.at.getTime()) / 1000)
  ctx.metrics.backupFailed.set(trouble ? 1 : 0)
  for (const { provider, health, count } of read.connections) {
    connections.inc({ platform: nameOf(ctx, provider), health }, count)
  }
  for (const { provider, count } of read.postponed) {
    postponed.inc({ platform: nameOf(ctx, provider) }, count)
  }
  return true
}

async function readCounts({ overview, backups }: Context) {
  try {
    const [connections, postponed, copies] = await Promise.all([
      overview.connections(),
      overview.postponed(),
      backups.state(),
    ])
    return { connections, postponed, backups: copies }
  } catch (error) {
    if (isUnavailable(error)) return undefined
    throw error
  }
}

/** Rows of a platform that is no longer there are counted under one name. */
const nameOf = ({ providers }: Context, key: string) => (providers.find(key) ? key : 'other')
