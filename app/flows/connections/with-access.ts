import { msUntil } from '../../clock.ts'
import type { Access, Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import { type Api, createApi } from '../../providers/api.ts'
import type { Connection } from '../../store/connection-rows.ts'
import { applyRefusalThreshold, askAgainFrom, belowThreshold } from './refusal-threshold.ts'
import {
  accessOf,
  canRefresh,
  isUsable,
  load,
  type Loaded,
  needsRefresh,
  type Wanted,
} from './load-tokens.ts'
import { LEASE_MS, refreshUnderLease } from './refresh.ts'
import { LONGEST_REST_MS } from './refresh-outcome.ts'
import { isTried } from '../../store/vocabulary.ts'

const PATIENCE_MS = LEASE_MS + 2_000

/**
 * The one door to a connection's tokens. Runs `use` with fresh ones; if the platform calls them invalid all the same,
 * refreshes once and repeats once (RFC 6750 §3.1).
 * @throws ProviderError, `dead` when only reconnecting helps
 */
export async function withAccess<T>(
  ctx: Context,
  id: number,
  provider: Provider,
  use: (api: Api, access: Access) => Promise<T>,
): Promise<T> {
  try {
    return await useFresh(ctx, id, provider, use)
  } catch (error) {
    throw error instanceof ProviderError ? error.of(provider.key) : error
  }
}

async function useFresh<T>(
  ctx: Context,
  id: number,
  provider: Provider,
  use: (api: Api, access: Access) => Promise<T>,
): Promise<T> {
  const http = ctx.httpFor(provider)
  const access = await freshAccess(ctx, { id, provider })
  try {
    return await use(createApi(http, provider, access.tokens), access)
  } catch (error) {
    if (!isRejection(error)) throw error
    if (!canRefresh(provider, access.tokens))
      throw await applyRefusalThreshold(ctx, id, provider, error)
  }
  const renewed = await freshAccess(ctx, { id, provider, rejected: access.revision })
  try {
    return await use(createApi(http, provider, renewed.tokens), renewed)
  } catch (error) {
    throw await applyRefusalThreshold(ctx, id, provider, error)
  }
}

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

const isRejection = (error: unknown) =>
  error instanceof ProviderError && error.kind === 'dead' && error.code === 'token_revoked'

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
