import { msUntil } from '../../clock.ts'
import type { Access, Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { announceIncident } from '../notices/open-incident.ts'
import { verdictOf } from './health-verdict.ts'
import { accessOf, isUsable, load, type Loaded, type Wanted } from './load-tokens.ts'
import { applyRefusalThreshold } from './refusal-threshold.ts'

const REST_AFTER_FAILURE_MS = 30_000
/** A platform may ask for a day, as one does that prolongs no sooner. */
export const LONGEST_REST_MS = 24 * 3600_000

/** `refused`: the grant is gone; `thrown_away`: the row is another by now, so the answer, good or bad, means nothing. */
export function count(
  { metrics }: Context,
  { provider }: Wanted,
  outcome: 'refreshed' | 'refused' | 'failed' | 'thrown_away',
) {
  metrics.refreshes.inc({ platform: provider.key, outcome })
}

/** The journal is not worth failing for. */
export function note(ctx: Context, { connection }: Loaded, event: 'refreshed' | 'refresh_failed') {
  const { userId, provider } = connection
  ctx.later('journal_failed', () => ctx.events.add({ event, userId, provider }))
}

/** `invalid_grant` is believed only if the row is still the one we refreshed (RFC 6749 §5.2, RFC 9700 §4.14). */
export async function afterFailure(
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

export const about = ({ id, provider }: Wanted) => ({ connection: id, provider: provider.key })
