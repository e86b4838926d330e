import type { Context } from '../../context.ts'
import { isOrphan } from '../../store/db-errors.ts'
import type { Outsider } from '../../store/identities.ts'
import type { User } from '../../store/users.ts'
import { queueAccountLetter } from '../notices/account-outbox.ts'

/** Why somebody the platform knows is not let in here; codes for `/login?error=`. `invalid_state`: they are gone. */
export type Unrecognised =
  | 'sign_in_unknown'
  | 'sign_in_email_taken'
  | 'sign_in_taken'
  | 'registration_closed'
  | 'account_blocked'
  | 'other_account'
  | 'invalid_state'

export async function knownUser(ctx: Context, outsider: Outsider): Promise<User | undefined> {
  const identity = await ctx.identities.find(outsider)
  return identity && (await ctx.users.find(identity.userId))
}

/** A person may delete their account meanwhile. */
export async function linkIfThere(
  ctx: Context,
  userId: number,
  outsider: Outsider,
): Promise<boolean> {
  try {
    return await ctx.identities.link(userId, outsider)
  } catch (error) {
    if (isOrphan(error)) return false
    throw error
  }
}

/** Told by mail as a new password is: it opens the account as well. */
export async function noteLinked(ctx: Context, user: User, { provider }: Outsider) {
  await ctx.events.add({ event: 'linked', userId: user.id, provider, details: { provider } })
  ctx.log.info('linked', { user: user.id, provider })
  const { title = provider } = ctx.providers.find(provider) ?? {}
  await queueAccountLetter(ctx, user, { kind: 'linked', title })
}
