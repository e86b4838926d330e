import { accessOf, isUsable, load, type Loaded, needsRefresh, type Wanted } from './load-tokens.ts'
import { isTried } from '../../store/vocabulary.ts'
import { ProviderError } from '../../errors.ts'
import type { Access, Context } from '../../context.ts'
import { LEASE_MS, refreshUnderLease } from './refresh.ts'
import { msUntil } from '../../clock.ts'
import type { Connection } from '../../store/connection.ts'
import { LONGEST_REST_MS } from './refresh-outcome.ts'
import { askAgainFrom, belowThreshold } from './refusal-threshold.ts'

const PATIENCE_MS = LEASE_MS + 2_000

/**
 * Tokens that outlive the margin. However many ask, on however many instances, the platform sees one refresh: callers
 * in the process share a promise, processes share the lease in the row.
 */
export async function freshAccess(ctx: Context, wanted: Wanted): Promise<Access> {
  let running = ctx.refreshing.get(wanted.id)
  while (running) {
    const shared = await running
    if (shared.revision !== wanted.rejected) return shared
    running = ctx.refreshing.get(wanted.id)
  }
  const task = loadOrRefresh(ctx, wanted).finally(() => {
    ctx.refreshing.delete(wanted.id)
  })
  ctx.refreshing.set(wanted.id, task)
  return await task
}

async function loadOrRefresh(ctx: Context, wanted: Wanted): Promise<Access> {
  const began = performance.now()
  const waited = () => performance.now() - began
  while (waited() < PATIENCE_MS) {
    const loaded = await load(ctx, wanted.id)
    if (!needsRefresh(wanted, loaded)) return accessOf(loaded)
    if (!isTried(loaded.connection)) throw knownDead(loaded.connection)
    if (isResting(loaded.connection)) return stillGood(wanted, loaded)
    const claim = ctx.claimName()
    const outwaited = waited() > LEASE_MS
    if (await ctx.refreshes.claim(loaded.connection, claim, LEASE_MS, outwaited))
      return await refreshUnderLease(ctx, wanted, claim)
    await new Promise((wake) => setTimeout(wake, 25 + Math.random() * 50))
  }
  throw new ProviderError('another refresh takes too long', {
    code: 'refresh_failed',
    kind: 'temporary',
  })
}

/** A failed refresh is not hurried by a busy page. */
const isResting = (connection: Connection) => {
  const { refreshAfter } = connection
  return askAgainFrom(connection) !== undefined || msUntil(refreshAfter, LONGEST_REST_MS) > 0
}

function stillGood(wanted: Wanted, loaded: Loaded): Access {
  if (isUsable(wanted, loaded)) return accessOf(loaded)
  const { refreshAfter } = loaded.connection
  const doubted = askAgainFrom(loaded.connection)
  if (doubted) throw belowThreshold(doubted)
  throw new ProviderError('refresh is resting', {
    code: 'refresh_failed',
    kind: 'temporary',
    ...(refreshAfter && { retryAt: refreshAfter }),
  })
}

/** A refused refresh is not repeated: only reconnecting helps. */
export const knownDead = ({ reason }: Connection) =>
  new ProviderError('known to be dead', { code: reason ?? 'token_revoked', kind: 'dead' })
