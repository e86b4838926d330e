import type { Context } from '../context.ts'
import { ProviderError } from '../errors.ts'
import type { Tokens } from '../oauth/tokens.ts'
import type { Provider } from '../providers/provider.ts'
import { forgetDeleted } from '../store/db.ts'
import { disconnectedNews } from './news.ts'

/** What became of the grant at the platform: removed, not reached, or only the person can remove it there. */
export type Farewell = 'revoked' | 'unreached' | 'by_hand'

const REVOKE_TIMEOUT_MS = 5_000

/** Deletes the tokens first, whatever the platform says, then tells the platform. Undefined: there was no connection. */
export async function disconnect(
  ctx: Context,
  userId: number,
  provider: Provider,
): Promise<Farewell | undefined> {
  const removed = await ctx.connections.remove(userId, provider.key)
  if (!removed) return undefined
  const farewell = removed.tokens ? await revoke(ctx, provider, removed.tokens) : 'by_hand'
  await tidyUp(ctx, userId, provider)
  return farewell
}

/** Comes last and fails quietly: the tokens are gone from here and have been given back, and nothing may undo that. */
async function tidyUp(ctx: Context, userId: number, provider: Provider) {
  ctx.log.info('disconnected', { user: userId, provider: provider.key })
  try {
    await dropOffer(ctx, userId, provider)
    await forgetDeleted(ctx.db)
    await ctx.notices.closeAll(userId, provider.key)
    await ctx.events.add({ event: 'disconnected', userId, provider: provider.key })
    await ctx.deliveries.queue(userId, disconnectedNews(provider))
  } catch (error) {
    ctx.log.error('tidying_failed', { user: userId, provider: provider.key, error })
  }
}

/** Another account that was offered and not chosen is over with the connection it was to replace. */
export async function dropOffer(ctx: Context, userId: number, provider: Provider): Promise<void> {
  const offer = await ctx.offers.take(userId, provider.key)
  if (offer) await revoke(ctx, provider, offer.tokens)
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
