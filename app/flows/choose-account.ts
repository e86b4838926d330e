import type { Context } from '../context.ts'
import { ConnectFailed } from '../errors.ts'
import type { Tokens } from '../oauth/tokens.ts'
import type { Provider } from '../providers/provider.ts'
import type { Offer } from '../store/offers.ts'
import { revoke } from './disconnect.ts'
import { saveConnection } from './keep-connection.ts'

/**
 * Ends the question which of two accounts stays; the other one's grant is removed where the platform can do that. False
 * when the offer has run out (ten minutes) or was answered already.
 */
export async function chooseAccount(
  ctx: Context,
  userId: number,
  provider: Provider,
  choice: 'keep' | 'replace',
): Promise<boolean> {
  const offer = await ctx.offers.take(userId, provider.key)
  if (!offer) return false
  if (choice === 'keep') {
    await revoke(ctx, provider, offer.tokens)
    return true
  }
  const replaced = await replace(ctx, userId, provider, offer)
  // Chosen a second time after a failure of ours, it may be there already: then there is nothing to give back.
  const other = replaced && replaced.accessToken !== offer.tokens.accessToken
  if (other) await revoke(ctx, provider, replaced)
  return true
}

/** Gives the tokens that were there. When our database fails, the offer goes back and the person may choose again. */
async function replace(
  ctx: Context,
  userId: number,
  provider: Provider,
  offer: Offer,
): Promise<Tokens | null> {
  try {
    const replaced = await ctx.connections.tokensOf(userId, provider.key)
    await saveConnection(ctx, userId, provider, { ...offer, verified: true })
    return replaced
  } catch (error) {
    if (!(error instanceof ConnectFailed)) await ctx.offers.keep(userId, provider.key, offer)
    throw error
  }
}
