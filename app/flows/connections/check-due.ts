import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import { sendNoticeLetters } from '../notices/send-letters.ts'
import { watchOutages } from '../notices/watch-outages.ts'
import { drain, waitFor } from './drain-due.ts'

/**
 * One tick: checks every connection that has not been checked since `since`. Platforms go side by side, so a slow one
 * holds up no other; instances share the work by leases. Stops early, between checks, when `signal` aborts. At its end
 * all it found is told together; nobody waits for the letters.
 */
export async function checkDue(ctx: Context, since: Date, signal: AbortSignal): Promise<void> {
  const begun = performance.now()
  await ctx.providers.refresh()
  const checked = await Promise.all(
    ctx.providers.all.map((provider) => checkPlatform(ctx, provider, since, signal)),
  )
  const count = checked.reduce((sum, one) => sum + one, 0)
  ctx.log.debug('checked', { count, ms: Math.round(performance.now() - begun) })
  await watchOutages(ctx)
  ctx.later('telling_failed', () => sendNoticeLetters(ctx, new Date(), signal))
}

async function checkPlatform(
  ctx: Context,
  provider: Provider,
  since: Date,
  signal: AbortSignal,
): Promise<number> {
  let count = 0
  for (;;) {
    count += await drain(ctx, provider, since, signal)
    const leaseEnd = await ctx.checks.nextLeaseEnd(provider.key, since)
    if (!leaseEnd || signal.aborted) return count
    await waitFor(leaseEnd, signal) // somebody else's check; ours if they died over it
  }
}
