import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import type { Provider } from '../../providers/provider.ts'
import { forgetDeleted } from '../../store/db.ts'
import { disconnectedEvent } from '../notices/webhook-events.ts'

/** What became of the grant at the platform: removed, not reached, or only the person can remove it there. */
export type Farewell = 'revoked' | 'unreached' | 'by_hand'

const REVOKE_TIMEOUT_MS = 5_000

/**
 * Deletes the tokens first, whatever the platform says, with everything that was said about the connection; then tells
 * the platform. Undefined: there was no connection.
 */
export async function disconnect(
  ctx: Context,
  userId: number,
  provider: Provider,
): Promise<Farewell | undefined> {
  const removed = await ctx.inOne((unit) => remove(unit, userId, provider))
  if (!removed) return undefined
  ctx.log.info('disconnected', { user: userId, provider: provider.key })
  await forgetQuietly(ctx)
  if (removed.offered) await revoke(ctx, provider, removed.offered)
  return removed.tokens ? await revoke(ctx, provider, removed.tokens) : 'by_hand'
}

/** The tokens are gone from the tables; a file that is busy or full keeps nobody from giving them back. */
async function forgetQuietly({ db, log }: Context) {
  try {
    await forgetDeleted(db)
  } catch (error) {
    log.error('tidying_failed', { error })
  }
}

/** Another account that was offered and not chosen is over with the connection it was to replace. */
async function remove(unit: Context, userId: number, provider: Provider) {
  const { key } = provider
  const removed = await unit.connections.remove(userId, key)
  if (!removed) return undefined
  const offer = await unit.offers.take(userId, key)
  await unit.notices.closeAll(userId, key)
  await unit.events.add({ event: 'disconnected', userId, provider: key })
  await unit.deliveries.queue(userId, disconnectedEvent(provider))
  return { ...removed, offered: offer?.tokens }
}

/** Asks the platform to forget a grant; never throws for the platform's sake (RFC 7009 §2.2). */
export async function revoke(ctx: Context, provider: Provider, tokens: Tokens): Promise<Farewell> {
  if (!provider.auth.revoke) return 'by_hand'
  const http = ctx.httpFor(provider)
  try {
    await provider.auth.revoke(
      { ...http, send: (request) => http.send({ ...request, timeoutMs: REVOKE_TIMEOUT_MS }) },
      tokens,
    )
    return 'revoked'
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    ctx.log.warn('revoke_failed', { provider: provider.key, reason: error.code })
    return 'unreached'
  }
}
