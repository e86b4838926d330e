import { setTimeout as pause } from 'node:timers/promises'
import { msUntil } from '../../clock.ts'
import type { Access, Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection-rows.ts'
import { isUnavailable } from '../../store/db.ts'
import { announceIncident } from '../notices/open-incident.ts'
import { revoke } from './disconnect.ts'
import { applyRefusalThreshold } from './refusal-threshold.ts'
import { accessOf, isUsable, load, type Loaded, needsRefresh, type Wanted } from './load-tokens.ts'
import { verdictOf } from './health-verdict.ts'

/** Longer than a refresh can take (15 s) with the storing of its result, so that nobody takes over one under way. */
export const LEASE_MS = 30_000

const REST_AFTER_FAILURE_MS = 30_000
/** A platform may ask for a day, as one does that prolongs no sooner. */
export const LONGEST_REST_MS = 24 * 3600_000
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

/** `refused`: the grant is gone; `thrown_away`: the row is another by now, so the answer, good or bad, means nothing. */
function count(
  { metrics }: Context,
  { provider }: Wanted,
  outcome: 'refreshed' | 'refused' | 'failed' | 'thrown_away',
) {
  metrics.refreshes.inc({ platform: provider.key, outcome })
}

/** The journal is not worth failing for. */
function note(ctx: Context, { connection }: Loaded, event: 'refreshed' | 'refresh_failed') {
  const { userId, provider } = connection
  ctx.later('journal_failed', () => ctx.events.add({ event, userId, provider }))
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

/** `invalid_grant` is believed only if the row is still the one we refreshed (RFC 6749 §5.2, RFC 9700 §4.14). */
async function afterFailure(
  ctx: Context,
  wanted: Wanted,
  before: Loaded,
  claim: string,
  failure: ProviderError,
): Promise<Access> {
  const dead = failure.kind === 'dead'
  const now = await load(ctx, wanted.id)
  const same = now.connection.revision === before.connection.revision
  const meaning = dead ? await refused(ctx, wanted, failure, same) : failure
  if (same && meaning.kind === 'dead') await learn(ctx, now.connection, wanted.provider, meaning)
  await ctx.refreshes.release(before.connection, claim, dead ? 0 : restAfter(failure))
  if (!same) {
    count(ctx, wanted, 'thrown_away')
    return accessOf(now)
  }
  count(ctx, wanted, dead ? 'refused' : 'failed')
  ctx.log.warn('refresh_failed', { ...about(wanted), reason: failure.code, detail: failure.detail })
  note(ctx, now, 'refresh_failed')
  if (!dead && isUsable(wanted, now)) return accessOf(now)
  throw meaning
}

/** Written down while the lease is ours: whoever waits for it finds the grant gone and asks the platform nothing. */
async function learn(
  ctx: Context,
  connection: Connection,
  provider: Provider,
  meaning: ProviderError,
) {
  await ctx.inOne(async (unit) => {
    const learned = await unit.checks.learn(connection, verdictOf(connection, meaning))
    if (learned) await announceIncident(unit, learned, provider)
  })
}

/**
 * However it was refused, for its owner the grant is gone; or its time was up. It counts once, however many callers wait
 * for it, where a platform is not believed at once.
 */
async function refused(
  ctx: Context,
  { id, provider }: Wanted,
  failure: ProviderError,
  counts: boolean,
): Promise<ProviderError> {
  const code = failure.code === 'token_expired' ? failure.code : 'token_revoked'
  const refusal = new ProviderError('refresh refused', { code, kind: 'dead' }, { cause: failure })
  return counts ? await applyRefusalThreshold(ctx, id, provider, refusal) : refusal
}

const restAfter = ({ retryAt }: ProviderError) =>
  Math.max(REST_AFTER_FAILURE_MS, msUntil(retryAt, LONGEST_REST_MS))

const about = ({ id, provider }: Wanted) => ({ connection: id, provider: provider.key })
