import type { Context } from '../../context.ts'
import { canonicalEmail, isEmail } from '../../texts/emails.ts'
import type { Account } from '../../providers/account.ts'
import type { Outsider } from '../../store/identities.ts'
import type { NewUser, User } from '../../store/users.ts'
import { type Enter, unlessDeleted } from './sign-in.ts'
import { knownUser, linkIfThere, noteLinked, type Unrecognised } from './known-user.ts'

/** Undefined when the platform names no account, or by an id that cannot be kept. */
export function outsiderOf(
  provider: string,
  { id, email }: Account,
  edition?: string,
): Outsider | undefined {
  if (!id || !/^[^\p{Cc}\p{Cs}]{1,255}$/u.test(id)) return undefined
  return { provider, edition, subject: id, email: provenEmail(email) }
}

/** Only ASCII: signs that look alike fold into one another, and the address would be somebody else's. */
function provenEmail(email: Account['email']): string | undefined {
  if (!email?.verified || !/^[\x21-\x7e]+$/.test(email.address)) return undefined
  const address = canonicalEmail(email.address)
  return isEmail(address) ? address : undefined
}

/** Lets them in as {@link recognise} says, and writes it down with the session. */
export async function signInOutsider(
  ctx: Context,
  outsider: Outsider,
  name: string | undefined,
  enter?: Enter,
): Promise<User | Unrecognised> {
  const user = await recognise(ctx, outsider, name)
  if (typeof user === 'string') return user
  if (user.blocked) return await refuseBlocked(ctx, user, outsider)
  const { provider } = outsider
  const isThere = await unlessDeleted(() =>
    ctx.inOne(async (unit) => {
      await unit.identities.noteUse(outsider)
      await unit.users.noteSignIn(user.id)
      const details = { provider }
      await unit.events.add({ event: 'signed_in', userId: user.id, provider, details })
      await enter?.(unit, user)
    }),
  )
  if (!isThere) return 'sign_in_unknown'
  ctx.log.info('signed_in', { user: user.id, provider })
  return user
}

async function refuseBlocked(ctx: Context, { id }: User, { provider }: Outsider) {
  const details = { provider }
  await ctx.events.add({ event: 'sign_in_refused', userId: id, provider, details })
  return 'account_blocked' as const
}

/**
 * Whose account of ours it is, and makes one where that is allowed. An address lets nobody into an account in which it
 * was only typed: somebody may have typed it there before its owner came. Two who come at once for one account make one.
 */
async function recognise(
  ctx: Context,
  outsider: Outsider,
  name: string | undefined,
): Promise<User | Unrecognised> {
  for (;;) {
    const known = await knownUser(ctx, outsider)
    if (known) return known
    const { email } = outsider
    if (!email) return 'sign_in_unknown'
    const found = await ctx.users.findByEmail(email)
    const outcome = found
      ? await joinByEmail(ctx, found.user, outsider)
      : await admit(ctx, outsider, { email, name: nameOf(name, email), passwordHash: null })
    if (outcome) return outcome
  }
}

/** Undefined when somebody was quicker: then everything is asked anew. */
async function joinByEmail(
  ctx: Context,
  user: User,
  outsider: Outsider,
): Promise<User | Unrecognised | undefined> {
  // An administrator's server may say any address; only its own id for somebody counts.
  if (outsider.edition || !(await ctx.identities.proves(user.id, user.email)))
    return 'sign_in_email_taken'
  if (!(await linkIfThere(ctx, user.id, outsider))) return undefined
  await noteLinked(ctx, user, outsider)
  return user
}

/** The same rules as for registering: the first of all is the administrator. Undefined as above. */
async function admit(
  ctx: Context,
  outsider: Outsider,
  newcomer: NewUser,
): Promise<User | Unrecognised | undefined> {
  // Asked once: whoever was let in as the first must not become one more when somebody is quicker.
  const first = await ctx.users.isEmpty()
  if (!first && ctx.config.registration !== 'open') return 'registration_closed'
  const user = await ctx.identities.addUser(outsider, newcomer, first)
  if (!user) return undefined
  const { provider } = outsider
  await ctx.events.add({ event: 'registered', userId: user.id, provider, details: { provider } })
  ctx.log.info('registered', { user: user.id, role: user.role, provider })
  return user
}

/** What people are called there need not fit here. */
function nameOf(name = '', email: string): string {
  const clean = name
    .normalize('NFC')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
  return Array.from(clean || (email.split('@')[0] ?? ''))
    .slice(0, LONGEST_NAME)
    .join('')
    .trim()
}

const LONGEST_NAME = 100
