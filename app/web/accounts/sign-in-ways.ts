import type { Context } from '../../context.ts'
import { hasPassword } from '../../flows/accounts/change-account.ts'
import { signInProviders, wayOf } from '../../flows/accounts/sign-in-ways.ts'
import { type Identity, isSame } from '../../store/identities.ts'
import type { User } from '../../store/users.ts'

/** An account at a platform that opens the person's own, as its row on the page says it. */
export interface ShownWay {
  id: number
  title: string
  /** The address or number by which the person knows it. */
  who: string
  createdAt: Date
  lastUsedAt: Date | undefined
  /** It opens the account today; not so where the platform is switched off, or is another server by now. */
  works: boolean
  /** False when no other way would be left; a platform that is not set up any more is none. */
  removable: boolean
}

/** How a person can sign in, and what else they could. */
export async function waysOf(ctx: Context, user: User) {
  const byPassword = await hasPassword(ctx, user)
  const identities = await ctx.identities.of(user.id)
  const usable = signInProviders(ctx)
  const works = (identity: Identity) => usable.map(wayOf).some(isSame(identity))

  const ways = identities.map((one): ShownWay => ({
    id: one.id,
    title: ctx.providers.find(one.provider)?.title ?? one.provider,
    who: one.email ?? `ID ${one.subject}`,
    createdAt: one.createdAt,
    lastUsedAt: one.lastUsedAt,
    works: works(one),
    removable: byPassword || identities.some((other) => other !== one && works(other)),
  }))
  const linked = new Set(identities.filter(works).map(({ provider }) => provider))
  return { hasPassword: byPassword, ways, linkable: usable.filter(({ key }) => !linked.has(key)) }
}
