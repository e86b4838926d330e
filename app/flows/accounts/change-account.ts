import type { Context } from '../../context.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import type { Limit } from '../../store/limits.ts'
import type { User } from '../../store/users.ts'
import { exportSync } from '../catalogue/export-sync.ts'
import { countOrRefuse } from '../limit.ts'
import { queueAccountLetter } from '../notices/account-outbox.ts'

const ADDRESS_CHANGES: Limit = { name: 'email_change', most: 10, windowMs: 3600_000 }
const PASSWORD_CHECKS: Limit = { name: 'password_check', most: 10, windowMs: 15 * 60_000 }

/** People who came by a platform may have none. */
export const hasPassword = async ({ users }: Context, { id }: User): Promise<boolean> =>
  (await users.passwordHash(id)) !== null

/**
 * Whether a signed-in person knows their password; somebody at a browser left open does not.
 * @throws TooManyRequests after ten wrong answers in a quarter of an hour
 */
export async function knowsPassword(
  ctx: Context,
  { id }: User,
  password: string,
): Promise<boolean> {
  await countOrRefuse(ctx, PASSWORD_CHECKS, String(id))
  const right = await ctx.passwords.matches(password, await ctx.users.passwordHash(id))
  if (right) await ctx.limits.forget(PASSWORD_CHECKS, String(id))
  return right
}

/**
 * False when the new address belongs to somebody else. Links sent to the old one end, and it is told.
 * @throws TooManyRequests after ten changes of address in an hour, so that nobody tries out who is here
 */
export async function changeProfile(
  ctx: Context,
  user: User,
  profile: { name: string; email: string; timeZone: string },
): Promise<boolean> {
  const email = canonicalEmail(profile.email)
  const moves = email !== user.email
  if (moves) await countOrRefuse(ctx, ADDRESS_CHANGES, String(user.id))
  const changed = await ctx.users.update(user.id, { ...profile, email })
  if (changed && moves) await afterMove(ctx, user)
  return changed
}

/** `user` is still as they were. */
async function afterMove(ctx: Context, user: User) {
  await ctx.resets.forgetAll(user.id)
  await ctx.events.add({ event: 'email_changed', userId: user.id })
  ctx.log.info('email_changed', { user: user.id })
  await queueAccountLetter(ctx, user, { kind: 'email_changed' })
}

/** Everything we keep about a person, without tokens and password. What may be very much comes some at a time. */
export async function exportAccount(ctx: Context, user: User): Promise<Record<string, unknown>> {
  const connections = await ctx.connections.list(user.id)
  const webhook = await ctx.webhooks.find(user.id)
  const identities = await ctx.identities.of(user.id)
  return {
    account: user,
    signInWays: identities.map(({ provider, subject, email, createdAt, lastUsedAt }) => ({
      provider,
      subject,
      email,
      createdAt,
      lastUsedAt,
    })),
    connections: connections.map(
      ({ provider, account, scope, isOnline, health, reason, connectedAt, lastCheckedAt }) => ({
        provider,
        account,
        scope,
        isOnline,
        health,
        reason,
        connectedAt,
        lastCheckedAt,
      }),
    ),
    webhook: webhook && {
      url: webhook.url,
      enabled: webhook.enabled,
      createdAt: webhook.createdAt,
    },
    sync: await exportSync(ctx, user),
    events: ctx.events.ofUser(user.id),
  }
}
