import type { Context } from '../../context.ts'
import type { User } from '../../store/users.ts'
import { signInProviders, wayOf } from './sign-in-ways.ts'

/** Takes a way of signing in away; the last that works stays. Undefined when this person has no such way. */
export async function unlink(
  ctx: Context,
  { id: userId }: User,
  id: number,
): Promise<'unlinked' | 'last_way' | undefined> {
  const usable = signInProviders(ctx).map(wayOf)
  const removed = await ctx.identities.remove(userId, id, usable)
  if (!removed || removed === 'last_way') return removed
  const { provider } = removed
  await ctx.events.add({ event: 'unlinked', userId, provider, details: { provider } })
  ctx.log.info('unlinked', { user: userId, provider })
  return 'unlinked'
}
