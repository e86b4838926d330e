import type { Context } from '../context.ts'
import { forgetDeleted } from '../store/db.ts'

const DAY_MS = 24 * 3600_000

/** Deletes what has run out: sessions, attempts, links, counters and lanes at once, checks after 30 days, runs after 90, the journal after a year. Words that people lack are written. */
export async function sweep(ctx: Context, now: Date): Promise<void> {
  const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS)
  await ctx.sessions.sweep()
  await ctx.attempts.sweep()
  await ctx.signInAttempts.sweep()
  await ctx.resets.sweep()
  await ctx.invitations.sweep()
  await ctx.limits.sweep()
  await ctx.paces.sweep()
  await ctx.apiTokens.sweep()
  await ctx.checkHistory.sweep(daysAgo(30), now)
  await ctx.notices.sweep(daysAgo(30))
  await ctx.deliveries.sweep(daysAgo(30))
  await ctx.syncRuns.sweep(daysAgo(90), daysAgo(1))
  await ctx.events.sweep(daysAgo(365))
  await ctx.overview.sweep(daysAgo(2))
  await ctx.instances.sweep()
  await ctx.userSearch.fill()
  await forgetDeleted(ctx.db)
  ctx.log.info('swept')
}
