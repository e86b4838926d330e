import type { Context } from '../../../context.ts'
import type { Known } from '../../../store/sync-items.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import { isGone, skipped } from '../../../catalogue/decide-step.ts'
import { YML } from '../../../catalogue/file-capacity.ts'
import { buildItem } from '../../../catalogue/build-item.ts'
import type { Owned } from '../../../catalogue/owner/overrides.ts'
import type { Settings } from '../../../catalogue/settings.ts'
import { createGroupIndex } from '../../../catalogue/group-index.ts'
import type { Step } from '../../../catalogue/steps.ts'
import { showingOf } from '../../../catalogue/owner/showings.ts'
import { ownedOf } from '../goods/owned.ts'
import { keepShowings } from '../goods/keep-showings.ts'
import { listSource, type ListedSource } from '../runs/list-source.ts'
import { unready } from '../runs/not-ready.ts'
import { fencedSource } from '../runs/fenced-endpoints.ts'
import { refreshNames } from '../runs/refresh-names.ts'
import { type RunLease, stillOurs } from '../runs/run-lease.ts'
import { sourceOf } from '../endpoints.ts'

/**
 * Keeps up the goods of a pair without a community: they are given out as a file, and nothing is sent.
 * @throws RunEnd when the till is not connected; ProviderError as it fails
 */
export async function listForFile(
  ctx: Context,
  { run, link, hold }: { run: Run; link: Link; hold: RunLease },
): Promise<void> {
  const till = await sourceOf(ctx, link)
  if (!till) throw await unready(ctx, link)
  const look = { whole: run.whole, run, byHand: run.origin === 'manual' }
  const permitted = fencedSource(till, hold)
  const listed = await listSource(ctx, link, permitted, look)
  if (run.whole) await refreshNames(ctx, { run, link }, permitted)
  const here = listed.known.filter((one) => !isGone(one))
  const owned = await ownedOf(ctx, link)
  const steps = leftOutOf(here, owned, listed, link.settings)
  const outlook = {
    ...{ shownBefore: 0, total: 0, digest: '', changes: listed.changes, products: here.length },
    ...{ skipped: steps.length, unchanged: here.length - steps.length },
  }
  stillOurs(await ctx.syncResults.begin(run, outlook, steps))
  const fates = new Map(steps.map((step) => [step.productId, step]))
  const products = here.map(({ product }) => product)
  const showings = products.map((product) => {
    const step = fates.get(product.id)
    return showingOf(product, step ? { step } : {}, undefined, owned(product.id).overrides)
  })
  await keepShowings(ctx, link, run, { products, showings })
}

/** What the file goes without, so that the run tells why. */
function leftOutOf(
  here: readonly Known[],
  owned: (productId: string) => Owned,
  { groups }: ListedSource,
  settings: Settings,
): Step[] {
  const groupIndex = createGroupIndex({ groups, albumOf: new Map(), albums: [], capacity: YML })
  return here
    .flatMap(({ product }) => {
      const verdict = buildItem(product, groupIndex, settings, true, owned(product.id))
      if ('item' in verdict) return []
      return [skipped(product, undefined, 'refused' in verdict ? verdict.refused : verdict.leftOut)]
    })
    .map(({ step }) => step)
    .sort((a, b) => BY_NAME.compare(a.name, b.name))
}

const BY_NAME = new Intl.Collator('ru', { numeric: true })
