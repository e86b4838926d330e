import type { Context } from '../context.ts'
import type { Provider } from '../providers/provider.ts'
import { revoke } from './disconnect.ts'
import { saveConnection } from './keep-connection.ts'

/**
 * Ends the question which of two accounts stays; the other one's grant is removed where the platform can do that. False when the offer has run out (ten minutes) or was answered already.
 */
export async function chooseAccount(
  ctx: Context,
  userId: number,
  provider: Provider,
  choice: 'keep' | 'replace',
): Promise<boolean> {
  const offer = await ctx.attempts.takeOffer(userId, provider.key)
  if (!offer) return false
  if (choice === 'keep') {
    await revoke(ctx, provider, offer.tokens)
    return true
  }
  const replaced = await ctx.connections.tokensOf(userId, provider.key)
  await saveConnection(ctx, userId, provider, { ...offer, verified: true })
  if (replaced) await revoke(ctx, provider, replaced)
  return true
}
