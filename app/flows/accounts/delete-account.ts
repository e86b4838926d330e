import type { Context } from '../../context.ts'
import { forgetDeleted } from '../../store/db.ts'
import type { User } from '../../store/users.ts'
import { removeLink } from '../catalogue/remove-link.ts'
import { revoke } from '../connections/disconnect.ts'

/**
 * Deletes a person with everything that is theirs; grants are revoked where the platform can. The only administrator
 * may go when nobody else is left, not before. `by`: an administrator who does it in their place.
 */
export async function deleteAccount(ctx: Context, user: User, by?: User): Promise<boolean> {
  const grants = await grantsOf(ctx, user)
  if (await ctx.users.isNeeded(user.id)) return false
  await emptyOut(ctx, user)
  if (!(await ctx.users.removeUnlessNeeded(user.id, by?.id))) return false
  ctx.log.info('account_deleted', { user: user.id, by: by?.id })
  await Promise.all(grants.map(({ provider, tokens }) => revoke(ctx, provider, tokens)))
  await forgetDeleted(ctx.db)
  const details = { user: user.id, ...(by && { by: by.id }) }
  await ctx.events.add({ event: 'account_deleted', details })
  return true
}

/** What may be very much goes first, some at a time: nobody else waits for that. */
async function emptyOut(ctx: Context, { id }: User) {
  for (const link of await ctx.syncLinks.list(id)) await removeLink(ctx, link)
  await ctx.photos.forgetAll(id)
  await ctx.checkHistory.forget(id)
  await ctx.events.forget(id)
}

/** Everything to be given back, read before it is gone. */
async function grantsOf(ctx: Context, { id }: User) {
  await ctx.providers.refresh()
  const held = await Promise.all(
    ctx.providers.all.map(async (provider) => {
      const tokens = await ctx.connections.tokensOf(id, provider.key)
      const offer = await ctx.offers.find(id, provider.key)
      return [tokens, offer?.tokens].flatMap((one) => (one ? [{ provider, tokens: one }] : []))
    }),
  )
  return held.flat()
}
