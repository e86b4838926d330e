import type { Context } from '../../../context.ts'
import { ProviderError } from '../../../errors.ts'
import type { Link } from '../../../store/sync-links.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import { countAgain, type RunExecution } from './step-results.ts'
import { shopOf } from './plan-run.ts'
import { listForFile } from '../files/run-file-only.ts'
import { unready } from './not-ready.ts'
import { createPictures } from '../load-picture.ts'
import { fencedEndpoints } from './fenced-endpoints.ts'
import { prepareRun } from './prepare-run.ts'
import { readBack } from './read-back.ts'
import { renameAlbums } from './rename-albums.ts'
import { keepRunLease, type RunLease, stillOurs } from './run-lease.ts'
import { sendAlbums } from './send-albums.ts'
import { sendChanges } from './send-changes.ts'
import { sendNew } from './send-new.ts'
import { findUnconfirmed } from './find-unconfirmed.ts'
import { refuseStrange } from './unreadable-steps.ts'
import { connectedEndpoints, type Endpoints } from '../endpoints.ts'
import { end, endBadly, type Errand } from './end-run.ts'

/** New cards are looked for and sent again so often; then the run rests. */
const ROUNDS = 3

/**
 * Carries a claimed run out, from wherever an earlier worker left it. Whatever goes wrong is kept with the run: it pauses,
 * or ends with its reason. Never throws for what a platform or a person does.
 */
export async function executeRun(ctx: Context, run: Run, signal: AbortSignal): Promise<void> {
  const link = await ctx.syncLinks.get(run.linkId)
  if (!link) return
  const hold = keepRunLease(ctx, run, signal)
  try {
    if (link.target === undefined) await listForFile(ctx, { run, link, hold })
    else await carryToShop(ctx, { run, link }, hold)
    await end(ctx, { run, link })
  } catch (error) {
    await endBadly(ctx, { run, link }, error)
  } finally {
    hold.release()
  }
}

async function carryToShop(ctx: Context, { run, link }: Errand, hold: RunLease): Promise<void> {
  const ends = await connectedEndpoints(ctx, link)
  if (!ends) throw await unready(ctx, link)
  const way = fencedEndpoints(ends, hold)
  if (isUnprepared(run)) await prepareRun(ctx, { run, link, way, hold })
  else await countAgain(ctx, run)
  hold.check()
  const shop = shopOf(ctx, link, way, run)
  const written: RunExecution['written'] = new Map()
  await send({ ctx, run, link, hold, shop, written, ...goodsOf(ctx, link, way) })
}

/** Until its steps are kept, a run begins from the beginning. */
const isUnprepared = ({ stage }: Run) => stage === 'source' || stage === 'target'

const goodsOf = (ctx: Context, { userId }: Link, { source, fromTill, target }: Endpoints) => ({
  capacity: target.capacity,
  pictures: createPictures(ctx, {
    userId,
    fetch: (image) => source.image(fromTill, image),
    frame: target.capacity.picture,
  }),
})

async function send(carrying: RunExecution): Promise<void> {
  const { ctx, run } = carrying
  await refuseStrange(carrying)
  let again = true
  for (let round = 0; again; round += 1) {
    if (round === ROUNDS) throw unsettled()
    await sendChanges(carrying)
    await sendNew(carrying)
    again = await findUnconfirmed(carrying)
  }
  stillOurs(await ctx.syncRuns.setStage(run, 'albums'))
  await renameAlbums(carrying)
  await sendAlbums(carrying)
  await readBack(carrying)
  if (await ctx.syncSteps.anyOpen(run.id)) throw unsettled()
  await countAgain(ctx, run)
}

const unsettled = () =>
  new ProviderError('new cards do not appear', { code: 'bad_response', kind: 'temporary' })
