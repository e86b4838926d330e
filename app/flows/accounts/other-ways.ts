import type { Context } from '../../context.ts'
import { isSame } from '../../store/identities.ts'
import type { User } from '../../store/users.ts'
import { signInProviders, wayOf } from './sign-in-ways.ts'

/** What opens a person's account beside the password, as they know it: `Google (marina@example.ru), ВКонтакте`. */
export async function otherWays(ctx: Context, { id }: Pick<User, 'id'>): Promise<string> {
  const providers = signInProviders(ctx)
  const identities = await ctx.identities.of(id)
  const named = identities.flatMap((identity) => {
    const provider = providers.find((one) => isSame(identity)(wayOf(one)))
    if (!provider) return []
    return [identity.email ? `${provider.title} (${identity.email})` : provider.title]
  })
  return named.join(', ')
}
