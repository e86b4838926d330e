import type { Context } from '../../context.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import { isOrphan } from '../../store/db-errors.ts'
import type { Limit } from '../../store/limits.ts'
import type { User } from '../../store/users.ts'
import { refuseBeyond } from '../limit.ts'

/** What the form sent and where from. */
export interface Credentials {
  email: string
  password: string
  address: string
}

/** Begins the session of somebody who has come in: part of the unit that notes it. */
export type Enter = (unit: Context, user: User) => Promise<void>

/**
 * `passwordHash` is what the password was compared with: {@link isStillPassword} proves it once the session stands.
 * `left` is how many more tries the account has, known address or not. `blocked`: the password is right, and an
 * administrator keeps its owner out.
 */
export type SignIn =
  | { user: User; passwordHash: string }
  | { user: undefined; left: number; blocked?: User['blocked'] }

const WINDOW_MS = 15 * 60_000
const PER_ACCOUNT: Limit = { name: 'sign_in_account', most: 10, windowMs: WINDOW_MS }
const PER_ADDRESS: Limit = { name: 'sign_in_address', most: 30, windowMs: WINDOW_MS }

/**
 * Compares a password. An unknown address takes the same time and gives the same answer as a wrong password. Where the
 * owner has signed in before, tries are counted apart: a stranger who uses up the others locks nobody out there.
 * The session, what was counted and the journal are one unit.
 * @throws TooManyRequests
 */
export async function signIn(
  ctx: Context,
  { email: typed, password, address }: Credentials,
  enter: Enter,
): Promise<SignIn> {
  const email = canonicalEmail(typed)
  const found = await ctx.users.findByEmail(email)
  const known = found && (await ctx.events.knowsAddress(found.user.id, address))
  const account = known ? `${email} ${address}` : email
  const left = await countTry(ctx, account, address)

  const right = await ctx.passwords.matches(password, found?.passwordHash)
  if (!right || !found?.passwordHash) {
    ctx.log.info('sign_in_failed', { user: found?.user.id, address })
    await ctx.events.add({ event: 'sign_in_failed', userId: found?.user.id, address })
    return { user: undefined, left }
  }
  const { user, passwordHash } = found
  if (user.blocked) {
    ctx.log.info('sign_in_refused', { user: user.id, address })
    await ctx.events.add({ event: 'sign_in_refused', userId: user.id, address })
    return { user: undefined, left, blocked: user.blocked }
  }
  const isThere = await unlessDeleted(() =>
    ctx.inOne(async (unit) => {
      await unit.limits.undo(PER_ADDRESS, address)
      await unit.limits.forget(PER_ACCOUNT, account)
      await unit.users.noteSignIn(user.id)
      await unit.events.add({ event: 'signed_in', userId: user.id, address })
      await enter(unit, user)
    }),
  )
  if (!isThere) return { user: undefined, left }
  ctx.log.info('signed_in', { user: user.id, address })
  return { user, passwordHash }
}

/** False when the account was deleted while its owner came in, here or elsewhere. */
export async function unlessDeleted(enter: () => Promise<void>): Promise<boolean> {
  try {
    await enter()
    return true
  } catch (error) {
    if (isOrphan(error)) return false
    throw error
  }
}

/**
 * A password may be changed while somebody signs in with the old one. The change ends the sessions it finds; one that
 * is stored later finds out here.
 */
export async function isStillPassword(ctx: Context, { id }: User, hash: string): Promise<boolean> {
  return (await ctx.users.passwordHash(id)) === hash
}

/** Both counts are one unit, and stay where they refuse; an address beyond its own uses up nobody's account. */
async function countTry(ctx: Context, account: string, address: string): Promise<number> {
  const hit = await ctx.inOne(async ({ limits }) => {
    const byAddress = await limits.hit(PER_ADDRESS, address)
    return byAddress.exceeded ? byAddress : await limits.hit(PER_ACCOUNT, account)
  }, 'relaxed')
  refuseBeyond(hit, 'sign_in')
  return PER_ACCOUNT.most - hit.count
}
