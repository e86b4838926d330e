import { setTimeout as pause } from 'node:timers/promises'
import type { Access, Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import { isUnavailable } from '../../store/db-errors.ts'
import { revoke } from './disconnect.ts'
import { accessOf, load, type Loaded, needsRefresh, type Wanted } from './load-tokens.ts'
import { about, afterFailure, count, note } from './refresh-outcome.ts'

/** Longer than a refresh can take (15 s) with the storing of its result, so that nobody takes over one under way. */
export const LEASE_MS = 30_000

const STORING_MS = 12_000

/**
 * Refreshes while the lease is ours. Reads again first: somebody may have refreshed between our reading and our claim.
 * No transaction is open during the call; what comes back is stored by compare-and-set.
 */
export async function refreshUnderLease(
  ctx: Context,
  wanted: Wanted,
  claim: string,
): Promise<Access> {
  const loaded = await loadUnderLease(ctx, wanted, claim)
  const { connection } = loaded
  if (!needsRefresh(wanted, loaded)) {
    giveBack(ctx, connection.id, claim)
    return accessOf(loaded)
  }
  const answer = await callPlatform(ctx, wanted, loaded)
  if (answer instanceof ProviderError) return await afterFailure(ctx, wanted, loaded, claim, answer)

  const stored = await storeStubbornly(ctx, loaded, answer)
  ctx.log.info(stored ? 'refreshed' : 'refresh_thrown_away', about(wanted))
  count(ctx, wanted, stored ? 'refreshed' : 'thrown_away')
  if (!stored) return await withoutOurs(ctx, wanted, answer)
  note(ctx, loaded, 'refreshed')
  return { tokens: answer, revision: connection.revision + 1 }
}

/** Whoever cannot even read has no use for the lease, which others would wait for. */
async function loadUnderLease(ctx: Context, wanted: Wanted, claim: string): Promise<Loaded> {
  try {
    return await load(ctx, wanted.id)
  } catch (error) {
    giveBack(ctx, wanted.id, claim)
    throw error
  }
}

/** Nobody waits for it, and where it fails the lease ends by itself: a good answer is not spoilt by it. */
function giveBack(ctx: Context, id: number, claim: string) {
  ctx.later('lease_kept', () => ctx.refreshes.letGo(id, claim))
}

/** Somebody connected anew meanwhile, and theirs is the one to use; or disconnected, and ours is given back. */
async function withoutOurs(ctx: Context, { id, provider }: Wanted, ours: Tokens): Promise<Access> {
  if (!(await ctx.connections.findById(id))) await revoke(ctx, provider, ours)
  return accessOf(await load(ctx, id))
}

async function callPlatform(
  ctx: Context,
  { provider }: Wanted,
  { tokens }: Loaded,
): Promise<Tokens | ProviderError> {
  const { auth } = provider
  if (!auth.refresh)
    return new ProviderError('cannot refresh', { code: 'token_expired', kind: 'dead' })
  try {
    return await auth.refresh(ctx.httpFor(provider), tokens)
  } catch (error) {
    if (error instanceof ProviderError) return error
    throw error
  }
}

/** The old refresh token is spent: a database that is away for a moment must not cost the connection. */
async function storeStubbornly(
  ctx: Context,
  { connection }: Loaded,
  tokens: Tokens,
): Promise<boolean> {
  const giveUp = performance.now() + STORING_MS
  for (;;) {
    try {
      return await ctx.refreshes.store(connection, tokens)
    } catch (error) {
      if (!isUnavailable(error) || performance.now() > giveUp) throw error
      await pause(300)
    }
  }
}
