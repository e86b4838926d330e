import type { Access, Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Api } from '../../providers/api.ts'
import type { Connection } from '../../store/connection.ts'
import { withAccess } from './with-access.ts'
import { knownDead } from './fresh-access.ts'
import { checkConnection } from './check-health.ts'
import { liveStatus } from './live-status.ts'
import { isTried } from '../../store/vocabulary.ts'

/**
 * Calls in a connection's name for a page, a program or a run. A grant known to be gone asks the platform nothing, and what
 * a call finds out the connection is told: its page shows it at once, and the next caller need not find it out again.
 * @throws ProviderError, `dead` when only reconnecting helps
 */
export async function useConnection<T>(
  ctx: Context,
  id: number,
  provider: Provider,
  use: (api: Api, access: Access) => Promise<T>,
): Promise<T> {
  const connection = await asItStands(ctx, id, provider)
  if (connection && !isTried(connection)) throw knownDead(connection).of(provider.key)
  try {
    return await withAccess(ctx, id, provider, use)
  } catch (error) {
    await learnFrom(ctx, id, provider, error)
    throw error
  }
}

/** What ended by its own date cannot be renewed; the platform has the last word, once in a while. */
async function asItStands(ctx: Context, id: number, provider: Provider) {
  const connection = await ctx.connections.findById(id)
  if (!connection || !isTried(connection) || !hasEnded(connection)) return connection
  return (await liveStatus(ctx, connection, provider)).connection
}

const hasEnded = ({ renewable, expiresAt }: Connection) =>
  !renewable && expiresAt !== undefined && expiresAt.getTime() <= Date.now()

/**
 * A grant that is gone or a right that is missing is looked at anew, unless the connection shows it already; of several
 * who find out at once one asks.
 */
export async function learnFrom(
  ctx: Context,
  id: number,
  provider: Provider,
  error: unknown,
): Promise<void> {
  if (!(error instanceof ProviderError)) return
  const { kind } = error
  if (kind !== 'dead' && kind !== 'permission') return
  const shown = kind === 'dead' ? 'revoked' : 'permission'
  const running = ctx.lookingAgain.get(id)
  if (running) {
    await running
    return
  }
  const look = lookAgain(ctx, id, provider, shown).finally(() => ctx.lookingAgain.delete(id))
  ctx.lookingAgain.set(id, look)
  await look
}

/** Never throws: what the caller met is more to the point. */
async function lookAgain(
  ctx: Context,
  id: number,
  provider: Provider,
  shown: Connection['health'],
): Promise<void> {
  try {
    const connection = await ctx.connections.findById(id)
    if (connection && connection.health !== shown) await checkConnection(ctx, connection, provider)
  } catch (error) {
    ctx.log.warn('look_again_failed', { connection: id, provider: provider.key, error })
  }
}
