import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import { revoke } from './disconnect.ts'
import { replaceByOffer } from './save-connection.ts'

/**
 * Ends the question which of two accounts stays; the other one's grant is removed where the platform can do that. False
 * when the offer has run out (ten minutes) or was answered already. When our database fails, the person may choose again.
 */
export async function chooseAccount(
  ctx: Context,
  userId: number,
  provider: Provider,
  choice: 'keep' | 'replace',
): Promise<boolean> {
  if (choice === 'replace') return await replaceByOffer(ctx, userId, provider)
  const offer = await ctx.offers.take(userId, provider.key)
  if (offer) await revoke(ctx, provider, offer.tokens)
  return offer !== undefined
}
