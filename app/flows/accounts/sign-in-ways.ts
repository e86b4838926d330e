import type { Context } from '../../context.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Way } from '../../store/identities.ts'

/** Platforms by which people may sign in here, in the order of the cards. */
export const signInProviders = ({ providers }: Context): Provider[] =>
  providers.all.filter(({ signIn, configured, disabled }) => signIn && configured && !disabled)

/** As which way of signing in the accounts of a platform are known. */
export const wayOf = ({ key, signIn }: Provider): Way => ({
  provider: key,
  edition: signIn?.edition,
})
