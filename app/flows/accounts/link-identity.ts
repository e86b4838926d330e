import type { Context } from '../../context.ts'
import type { Outsider } from '../../store/identities.ts'
import type { User } from '../../store/users.ts'
import { knownUser, linkIfThere, noteLinked, type Unrecognised } from './known-user.ts'

/** Another way in for somebody who is in; linking the same account again changes nothing. */
export async function linkOutsider(
  ctx: Context,
  userId: number | undefined,
  outsider: Outsider,
): Promise<User | Unrecognised> {
  const user = userId === undefined ? undefined : await ctx.users.find(userId)
  if (!user) return 'invalid_state'
  if (await linkIfThere(ctx, user.id, outsider)) {
    await noteLinked(ctx, user, outsider)
    return user
  }
  const identity = await ctx.identities.find(outsider)
  return identity?.userId === user.id ? user : 'sign_in_taken'
}

/** Whether it is this very person again: by an account that opens theirs already, and no other. */
export async function confirmOutsider(
  ctx: Context,
  userId: number | undefined,
  outsider: Outsider,
): Promise<User | Unrecognised> {
  const user = await knownUser(ctx, outsider)
  if (!user || user.id !== userId) return 'other_account'
  await ctx.identities.noteUse(outsider)
  return user
}
