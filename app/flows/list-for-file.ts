import type { Context } from '../context.ts'
import type { Link } from '../store/sync-links.ts'
import type { Run } from '../store/sync-run-rows.ts'
import type { Worker } from '../store/sync-runs.ts'
import { isGone } from '../sync/fate.ts'
import { listTill } from './list-till.ts'
import { unready } from './not-ready.ts'
import { tillOf } from './sync-ends.ts'

/**
 * Keeps up the goods of a pair without a community: they are given out as a file, and nothing is sent.
 * @throws RunEnd when the till is not connected; ProviderError as it fails
 */
export async function listForFile(
  ctx: Context,
  { run, link, worker }: { run: Run; link: Link; worker: Worker },
): Promise<void> {
  const till = await tillOf(ctx, link.userId)
  if (!till) throw await unready(ctx, link)
  const { known, changes } = await listTill(ctx, link, till, { whole: run.whole, counts: true })
  const products = known.filter((one) => !isGone(one)).length
  const nothing = { shownBefore: 0, total: 0, skipped: 0, digest: '' }
  await ctx.syncRuns.setOutlook(run.id, worker, {
    ...nothing,
    changes,
    products,
    unchanged: products,
  })
}
