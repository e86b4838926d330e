import type { Context } from '../../context.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import type { Limit } from '../../store/limits.ts'
import type { User } from '../../store/users.ts'
import { otherWays } from './other-ways.ts'
import { queueAccountLetter, resetLink } from '../notices/account-outbox.ts'

/** Further letters are not written, and nobody is told: the page answers alike for every address. */
const LETTERS: Limit = { name: 'reset_account', most: 3, windowMs: 3600_000 }
const BY_ADMINISTRATOR_MS = 24 * 3600_000

/** Posts a letter with a one-time link, in the background: the page answers alike and equally fast for every address. */
export function requestReset(ctx: Context, typed: string): void {
  if (!ctx.mail) return
  ctx.later('reset_failed', async () => {
    const found = await ctx.users.findByEmail(canonicalEmail(typed))
    if (!found || (await ctx.limits.hit(LETTERS, String(found.user.id))).exceeded) return
    await queueAccountLetter(ctx, found.user, { kind: 'reset' })
    ctx.log.info('reset_asked', { user: found.user.id })
  })
}

/** A one-time link for an administrator to hand over; good for a day. */
export async function makeResetLink(
  ctx: Context,
  user: User,
  administratorId?: number,
): Promise<string> {
  await ctx.events.add({
    event: 'reset_link_made',
    userId: user.id,
    details: { by: administratorId },
  })
  ctx.log.info('reset_link_made', { user: user.id, by: administratorId })
  return await resetLink(ctx, user.id, BY_ADMINISTRATOR_MS)
}

/** Uses up the link and sets the password; signs nobody in and ends every session. Undefined: the link is dead. */
export async function resetPassword(
  ctx: Context,
  token: string,
  password: string,
): Promise<User | undefined> {
  const userId = await ctx.resets.take(token)
  const user = userId === undefined ? undefined : await ctx.users.find(userId)
  if (user) await setPassword(ctx, user, password)
  return user
}

/**
 * Sets a password, ends all of the person's sessions, links and API tokens, and tells them: whoever had got in may have
 * made a token to stay. Gives the number of tokens.
 */
export async function setPassword(ctx: Context, user: User, password: string): Promise<number> {
  const hash = await ctx.passwords.hash(password)
  await ctx.openSessions.endAll(user.id) // before as well: a crash in between must leave none of the old ones
  await ctx.users.setPasswordHash(user.id, hash)
  await ctx.openSessions.endAll(user.id)
  await ctx.resets.forgetAll(user.id)
  const programs = await ctx.apiTokens.removeAll(user.id)
  await ctx.events.add({ event: 'password_changed', userId: user.id })
  ctx.log.info('password_changed', { user: user.id })
  await queueAccountLetter(ctx, user, {
    kind: 'password_changed',
    ways: await otherWays(ctx, user),
  })
  return programs
}
