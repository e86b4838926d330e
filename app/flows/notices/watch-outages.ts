import type { Context } from '../../context.ts'
import type { PlatformOutage, Struck } from '../../store/platform-outages.ts'
import { OURS, OUTAGES } from './incident-rules.ts'

/** So many owners of one platform have been told: it is the platform, not an account. */
const MANY = 3
/** A connection or two may stay away for reasons of their own when everybody else is back. */
const LEFT_OVER = 0.1

/** Tells administrators once that a platform is down for many, and once that it is over: one notice a platform. */
export async function watchOutages(ctx: Context): Promise<void> {
  const struck = await ctx.outages.struck(OUTAGES)
  const running = await ctx.outages.running()
  const keys = new Set([...struck, ...running].map(({ provider }) => provider))
  for (const key of keys) {
    const now = struck.filter(({ provider }) => provider === key)
    const known = running.find(({ provider }) => provider === key)
    if (known && isOver(known, now)) await end(ctx, known)
    else await beginIfMany(ctx, key, now)
  }
}

const countOf = (struck: readonly Struck[]) => struck.reduce((sum, { count }) => sum + count, 0)

const isOver = ({ hit }: PlatformOutage, now: readonly Struck[]) => countOf(now) <= hit * LEFT_OVER

async function end(ctx: Context, outage: PlatformOutage) {
  if (await ctx.outages.end(outage)) ctx.log.info('outage_over', { provider: outage.provider })
}

/** What only an administrator can end is told from the first connection on, and during an outage too. */
async function beginIfMany(ctx: Context, provider: string, now: readonly Struck[]) {
  const ours = now.find(({ code }) => OURS.includes(code))
  const hit = ours?.count ?? countOf(now)
  const [most] = now.toSorted((one, other) => other.count - one.count)
  const code = ours?.code ?? most?.code
  if (!code || (!ours && hit < MANY)) return
  const superseded = ours ? OUTAGES.filter((one) => !OURS.includes(one)) : []
  if (await ctx.outages.begin({ provider, code, hit }, superseded))
    ctx.log.warn('outage', { provider, reason: code, count: hit })
}
