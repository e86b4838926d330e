import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'

/** An end of the goods' way was made anew, works again, or its owner has seen to it: what rested is tried again. */
export async function endTroubles(
  ctx: Context,
  userId: number,
  { source, target }: Provider,
): Promise<void> {
  if (source || target) await ctx.syncLinks.endTroubles(userId)
}
