import type { Context } from '../../context.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import type { NewUser, User } from '../../store/users.ts'
import type { Enter } from './sign-in.ts'

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
 * ten first registrations at once make one administrator. The account and its first session are one unit.
 */
export async function register(
  ctx: Context,
  { email, name, password, address }: Registration,
  enter?: Enter,
): Promise<User | 'email_taken' | 'registration_closed'> {
  if (!(await isRegistrationOpen(ctx))) return 'registration_closed'
  const passwordHash = await ctx.passwords.hash(password)
  const newcomer = { email: canonicalEmail(email), name, passwordHash }

  const outcome = await ctx.inOne(async (unit) => {
    const user = await admit(unit, newcomer)
    if (typeof user === 'string') return user
    await unit.users.noteSignIn(user.id)
    await unit.events.add({ event: 'registered', userId: user.id, address })
    await unit.events.add({ event: 'signed_in', userId: user.id, address })
    await enter?.(unit, user)
    return user
  })
  if (typeof outcome !== 'string')
    ctx.log.info('registered', { user: outcome.id, role: outcome.role, address })
  return outcome
}

async function admit(unit: Context, newcomer: NewUser) {
  const founder = await unit.users.addFounder(newcomer)
  if (founder) return founder
  if (unit.config.registration !== 'open') {
    const again = await unit.users.findByEmail(newcomer.email)
    return again ? 'email_taken' : 'registration_closed'
  }
  return (await unit.users.add(newcomer)) ?? 'email_taken'
}
