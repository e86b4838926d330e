import type { Context } from '../../../app/context.ts'
import { drain } from '../../../app/flows/connections/drain-due.ts'
import { BUSIEST } from './sizes.ts'

const CLAIMED_AT_ONCE = 25
const CLAIMS = 40
/** CPU of the claims may be so much of the tick's. */
const MOST_SHARE = 0.05

/**
 * CPU of claims alone, and of so many seconds of a tick, in a database where very many are due. Claims
 * are timed first, by themselves: within a tick everything else runs beside them.
 */
export async function tick(ctx: Context, seconds: number): Promise<void> {
  await ctx.providers.refresh()
  const provider = ctx.providers.get(BUSIEST)
  const since = new Date()
  const claims = await cpuOf(async () => {
    for (let turn = 0; turn < CLAIMS; turn += 1)
      await ctx.checks.claim(BUSIEST, since, CLAIMED_AT_ONCE, `bench:${turn}`, 1)
  })
  const stopping = new AbortController()
  setTimeout(() => {
    stopping.abort()
  }, seconds * 1000)
  const all = await cpuOf(() => drain(ctx, provider, since, stopping.signal))
  const [row] = await ctx
    .db('connections')
    .where({ provider: BUSIEST })
    .where('last_checked_at', '>=', since)
    .count<{ count: number | string }[]>({ count: '*' })
  const count = Number(row?.count)
  const claim = claims / (CLAIMS * CLAIMED_AT_ONCE)
  const check = all / count
  console.log(
    `tick: ${count} checks, CPU ${check.toFixed(2)} ms a check; claim ${claim.toFixed(3)} ms a check, ` +
      `${((claim / check) * 100).toFixed(1)} %: ${claim / check <= MOST_SHARE ? 'kept' : 'BROKEN'}`,
  )
}

async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
