import type { Context } from '../context.ts'
import { canonicalEmail } from '../emails.ts'
import type { User } from '../store/users.ts'

export interface Registration {
  email: string
  name: string
  password: string
  address: string
}

/** Whether anybody may register now: the first person always, further ones when registration is open. */
export async function isRegistrationOpen(ctx: Context): Promise<boolean> {
  return ctx.config.registration === 'open' || (await ctx.users.isEmpty())
}

/**
 * Makes an account; the first of all is the administrator. Ten registrations of one address at once make one user,
 * ten first registrations at once make one administrator.
 */
export async function register(
  ctx: Context,
  { email, name, password, address }: Registration,
): Promise<User | 'email_taken' | 'registration_closed'> {
  if (!(await isRegistrationOpen(ctx))) return 'registration_closed'
  const passwordHash = await ctx.passwords.hash(password)
  const newcomer = { email: canonicalEmail(email), name, passwordHash }

  const founder = await ctx.users.addFounder(newcomer)
  if (!founder && ctx.config.registration !== 'open') {
    const again = await ctx.users.findByEmail(newcomer.email)
    return again ? 'email_taken' : 'registration_closed'
  }
  const user = founder ?? (await ctx.users.add(newcomer))
  if (!user) return 'email_taken'
  await ctx.users.noteSignIn(user.id)
  await ctx.events.add({ event: 'registered', userId: user.id, address })
  await ctx.events.add({ event: 'signed_in', userId: user.id, address })
  ctx.log.info('registered', { user: user.id, role: user.role, address })
  return user
}
