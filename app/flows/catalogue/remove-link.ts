import type { Context } from '../../context.ts'
import type { Link } from '../../store/sync-links.ts'

/** Removes a pair with all that is known of it. Its history goes first, some at a time: nobody else waits for that. */
export async function removeLink(
  ctx: Context,
  { id, userId }: Pick<Link, 'id' | 'userId'>,
): Promise<void> {
  await ctx.syncRuns.forgetEnded(id)
  await ctx.syncLinks.remove(userId, id)
}
