import type { Context } from '../../context.ts'
import type { Invitation } from '../../store/invitations.ts'
import type { User } from '../../store/users.ts'
import type { Role } from '../../store/vocabulary.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import { queueAccountLetter } from '../notices/account-outbox.ts'
import type { Registration } from './register.ts'
import type { Enter } from './sign-in.ts'

const LIFE_MS = 7 * 24 * 3600_000

/** A one-time link for an administrator to hand over; good for a week. */
export async function inviteByLink(ctx: Context, role: Role, by: User): Promise<string> {
  const token = await ctx.inOne(async (unit) => {
    const id = await opened(unit, role, by)
    return await unit.invitations.renew(id)
  })
  if (token === undefined) throw new Error('an invitation died as it was made')
  return `${ctx.config.baseUrl}/invite?token=${token}`
}

/** The same by letter. `email_taken`: whose address it is, is here already. */
export async function inviteByLetter(
  ctx: Context,
  role: Role,
  typed: string,
  by: User,
): Promise<'queued' | 'email_taken'> {
  const email = canonicalEmail(typed)
  if (await ctx.users.findByEmail(email)) return 'email_taken'
  const id = await ctx.inOne((unit) => opened(unit, role, by, email))
  const to = { email, name: '' }
  await queueAccountLetter(ctx, by, { kind: 'invitation', id: String(id) }, to)
  return 'queued'
}

async function opened(unit: Context, role: Role, by: User, email?: string): Promise<number> {
  const id = await unit.invitations.open(by.id, { role, email, lifeMs: LIFE_MS })
  await unit.events.add({ event: 'invited', userId: by.id, details: { role } })
  unit.afterCommit(() => {
    unit.log.info('invited', { by: by.id, role, invitation: id })
  })
  return id
}

/** Takes one back; its link is dead at once. */
export async function takeBack(ctx: Context, id: number, by: User): Promise<boolean> {
  return await ctx.inOne(async (unit) => {
    if (!(await unit.invitations.remove(id))) return false
    await unit.events.add({ event: 'invitation_taken_back', userId: by.id })
    return true
  })
}

/**
 * Makes the account an invitation is for, whether or not anybody may register; its address is the one of the letter,
 * where there was one. Invitation, account and session are one unit: `dead` and `email_taken` use nothing up.
 */
export async function acceptInvitation(
  ctx: Context,
  token: string,
  { email, name, password, address }: Registration,
  enter: Enter,
): Promise<User | 'dead' | 'email_taken'> {
  const invitation = await ctx.invitations.find(token)
  if (!invitation) return 'dead'
  const passwordHash = await ctx.passwords.hash(password)
  const newcomer = { email: invitation.email ?? canonicalEmail(email), name, passwordHash }
  try {
    const user = await ctx.inOne(async (unit) => {
      const added = await unit.users.add(newcomer, invitation.role)
      if (!added) return 'email_taken'
      await useUp(unit, invitation, token)
      await unit.users.noteSignIn(added.id)
      const details = { by: invitation.madeBy, role: invitation.role }
      await unit.events.add({ event: 'registered', userId: added.id, address, details })
      await unit.events.add({ event: 'signed_in', userId: added.id, address })
      await enter(unit, added)
      return added
    })
    if (user !== 'email_taken') ctx.log.info('registered', { user: user.id, role: user.role })
    return user
  } catch (error) {
    if (error instanceof Dead) return 'dead'
    throw error
  }
}

/** Somebody was quicker, or it was taken back: then nobody is added. */
class Dead extends Error {}

async function useUp(unit: Context, invitation: Invitation, token: string) {
  if (!(await unit.invitations.take(invitation, token))) throw new Dead('used meanwhile')
}
