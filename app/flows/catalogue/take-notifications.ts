import type { Context } from '../../context.ts'
import type { Hint } from '../../providers/change-notifications.ts'
import type { Provider } from '../../providers/provider.ts'
import { checkConnection } from '../connections/check-health.ts'

/** Catalogues a hint concerns are looked at sooner; an account's connections are checked at once. Repeating does no harm. */
export async function takeChangeNotifications(
  ctx: Context,
  provider: Provider,
  hints: readonly Hint[],
): Promise<void> {
  for (const hint of hints) {
    if ('storeId' in hint) await ctx.syncLinks.hint(hint.storeId)
    else await askAfter(ctx, provider, hint.accountId)
  }
}

/** Whatever has been said of the account, the platform itself is asked whether we still may. */
async function askAfter(ctx: Context, provider: Provider, accountId: string) {
  await ctx.syncLinks.hintAccount(provider.key, accountId)
  for (const connection of await ctx.connections.ofAccount(provider.key, accountId))
    await checkConnection(ctx, connection, provider)
}
