import { msSince, msUntil } from '../../clock.ts'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { checkConnection } from './check-health.ts'

/** How long an answer of the platform counts as fresh: plan 002's five minutes. */
const FRESH_MS = 5 * 60_000
const LONGEST_REST_MS = 3600_000

/** A connection as the platform has just shown it, or as it showed it within five minutes. */
export interface LiveStatus {
  connection: Connection
  /** Whether nobody had to be asked. */
  cached: boolean
}

/**
 * Asks the platform unless it was asked within five minutes, by the timetable, by a person, or by another instance:
 * the row itself is the cache.
 * @throws NotFound when the connection is removed meanwhile
 */
export async function liveStatus(
  ctx: Context,
  connection: Connection,
  provider: Provider,
): Promise<LiveStatus> {
  const cached = isFresh(connection)
  ctx.metrics.statusCache.inc({ result: cached ? 'hit' : 'miss' })
  if (cached) return { connection, cached }
  const checked = await checkConnection(ctx, connection, provider)
  const now = checked ?? (await ctx.connections.findById(connection.id))
  if (!now) throw new NotFound('connection')
  return { connection: now, cached }
}

/** While a platform asks to be left in peace, what is known has to do. */
function isFresh({ lastCheckedAt, nextCheckAt }: Connection): boolean {
  return msUntil(nextCheckAt, LONGEST_REST_MS) > 0 || msSince(lastCheckedAt) < FRESH_MS
}
