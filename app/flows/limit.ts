import type { Context } from '../context.ts'
import { TooManyRequests } from '../errors.ts'
import type { Hit, Limit } from '../store/limits.ts'

/**
 * Counts a hit; `what` chooses the words of the refusal.
 * @throws TooManyRequests when there were too many
 */
export async function countOrRefuse(
  ctx: Context,
  limit: Limit,
  subject: string,
  what: TooManyRequests['what'] = 'page',
): Promise<Hit> {
  const hit = await ctx.limits.hit(limit, subject)
  refuseBeyond(hit, what)
  return hit
}

/** @throws TooManyRequests when there were too many */
export function refuseBeyond({ exceeded, resetsInMs }: Hit, what: TooManyRequests['what']): void {
  if (exceeded) throw new TooManyRequests(what, resetsInMs / 1000)
}
