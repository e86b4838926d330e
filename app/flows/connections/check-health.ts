import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Seen, Verdict } from '../../store/checks.ts'
import type { Connection } from '../../store/connection.ts'
import { withAccess } from './with-access.ts'
import { announceIncident } from '../notices/open-incident.ts'
import { type Cause, causeOf } from '../notices/failure-reason.ts'
import { isPause, onlineVerdict, verdictOf } from './health-verdict.ts'

const PROBE_TIMEOUT_MS = 10_000
/** Shorter ones would bring the same connection up again and again within a tick, before others had their turn. */
const SHORTEST_PAUSE_MS = 60_000

/**
 * Asks the platform who the connection belongs to and records what follows. Gives the connection as it stands then;
 * undefined when it was removed or made anew meanwhile, when its `claim` was lost, or when nothing could be found out,
 * which `unasked` is told.
 */
export async function checkConnection(
  ctx: Context,
  connection: Connection,
  provider: Provider,
  claim?: string,
  unasked?: (why: Cause) => void,
): Promise<Connection | undefined> {
  const begun = performance.now()
  const checked = await check(ctx, connection, provider, { claim, unasked })
  const ms = performance.now() - begun
  const platform = provider.key
  ctx.metrics.checks.inc({ platform, verdict: checked?.health ?? 'unknown' })
  ctx.metrics.checkSeconds.observe({ platform }, ms / 1000)
  ctx.recent.noteCheck(platform, ms)
  return checked
}

async function check(
  ctx: Context,
  connection: Connection,
  provider: Provider,
  { claim, unasked }: { claim: string | undefined; unasked?: ((why: Cause) => void) | undefined },
): Promise<Connection | undefined> {
  const { id } = connection
  let { revision } = connection
  const seen = () => ({ ...connection, revision, ...(claim !== undefined && { claim }) })
  try {
    const account = await withAccess(ctx, id, provider, (api, access) => {
      revision = access.revision
      return provider.identify({
        ...api,
        send: (request) => api.send({ timeoutMs: PROBE_TIMEOUT_MS, ...request }),
      })
    })
    return await conclude(ctx, seen(), provider, onlineVerdict(connection, account))
  } catch (failure) {
    if (!(failure instanceof ProviderError)) throw failure
    if (isPause(failure)) {
      await postpone(ctx, seen(), failure)
      unasked?.(causeOf(failure))
      return
    }
    return await conclude(ctx, seen(), provider, verdictOf(connection, failure))
  }
}

/** What was found, and what its owner is told of it: both or neither. */
async function conclude(ctx: Context, seen: Seen, provider: Provider, verdict: Verdict) {
  return await ctx.inOne(async (unit) => {
    const connection = await unit.checks.record(seen, verdict)
    if (connection) await announceIncident(unit, connection, provider)
    return connection
  })
}

async function postpone(ctx: Context, seen: Seen, failure: ProviderError) {
  const until = new Date(Math.max(failure.retryAt?.getTime() ?? 0, Date.now() + SHORTEST_PAUSE_MS))
  await ctx.checks.postpone(seen, until, failure.code === 'captcha' ? 'captcha' : undefined)
  return undefined
}
