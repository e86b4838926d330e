import type { Context } from '../../context.ts'
import { ConnectFailed, NotFound, ProviderError } from '../../errors.ts'
import { randomText } from '../../oauth/pkce.ts'
import { createApi } from '../../providers/api.ts'
import type { Kept } from '../../store/sign-in-attempts.ts'
import type { Outsider } from '../../store/identities.ts'
import type { User } from '../../store/users.ts'
import { failureOf, refuseErrors, single } from '../connections/connect-failures.ts'
import { outsiderOf, signInOutsider } from './match-identity.ts'
import { confirmOutsider, linkOutsider } from './link-identity.ts'
import type { Enter } from './sign-in.ts'
import { wayOf } from './sign-in-ways.ts'
import {
  FAILURES,
  type SignInEnding,
  type SignInFailure,
  type Traveller,
} from './sign-in-ending.ts'

/**
 * Opens an attempt and gives the platform's address to send the person to.
 * @throws NotFound when nobody signs in by this platform, ConnectFailed `not_configured`, `provider_disabled`
 */
export async function beginSignIn(
  ctx: Context,
  { returnTo, ...traveller }: Traveller & { returnTo?: string | undefined },
): Promise<URL> {
  const { provider, redirectUri = provider.redirectUri } = traveller
  if (!provider.signIn) throw new NotFound(`no signing in by ${provider.key}`)
  if (provider.disabled) throw new ConnectFailed('provider_disabled')
  if (!provider.configured) throw new ConnectFailed('not_configured')
  const state = randomText()
  const { scopes } = provider.signIn
  const { url, verifier } = provider.auth.begin({ redirectUri, state, scopes })
  await ctx.signInAttempts.open(originOf(traveller, state), { verifier, returnTo })
  return url
}

/**
 * Finishes what {@link beginSignIn} began. Before the state is known to be ours, nobody is called. The tokens tell who
 * it is and are forgotten: giving them back would end a connection that the person has by the same application.
 * `enter` begins the session of who comes in; who links has one.
 */
export async function completeSignIn(
  ctx: Context,
  traveller: Traveller,
  callback: URLSearchParams,
  enter?: Enter,
): Promise<SignInEnding> {
  const state = single(callback, 'state')
  const kept = state && (await ctx.signInAttempts.take(originOf(traveller, state)))
  if (!state || !kept) return { failure: 'invalid_state', returnTo: undefined }
  const { returnTo } = kept
  const outcome = await comeBack(ctx, traveller, { state, ...kept }, { callback, enter })
  return typeof outcome === 'string' ? { failure: outcome, returnTo } : { user: outcome, returnTo }
}

const originOf = ({ provider, sessionId, purpose, userId }: Traveller, state: string) => ({
  state,
  sessionId,
  ...wayOf(provider),
  purpose,
  userId,
})

async function comeBack(
  ctx: Context,
  traveller: Traveller,
  attempt: Kept & { state: string },
  { callback, enter }: { callback: URLSearchParams; enter: Enter | undefined },
): Promise<User | SignInFailure> {
  try {
    const { auth, signIn, disabled } = traveller.provider
    if (!signIn || disabled) throw new ConnectFailed('provider_disabled')
    refuseErrors(callback, auth.proof)
    const { outsider, name } = await whoIsThis(ctx, traveller, attempt, callback)
    const { purpose, userId } = traveller
    const outcome = await (purpose === 'link'
      ? linkOutsider(ctx, userId, outsider)
      : purpose === 'confirm'
        ? confirmOutsider(ctx, userId, outsider)
        : signInOutsider(ctx, outsider, name, enter))
    if (typeof outcome === 'string') note(ctx, traveller, outcome)
    return outcome
  } catch (error) {
    const failure = FAILURES[failureOf(error)] ?? 'sign_in_failed'
    note(ctx, traveller, failure, error)
    return failure
  }
}

async function whoIsThis(
  ctx: Context,
  { provider, redirectUri = provider.redirectUri }: Traveller,
  { state, verifier }: Kept & { state: string },
  callback: URLSearchParams,
): Promise<{ outsider: Outsider; name: string | undefined }> {
  const http = ctx.httpFor(provider)
  const arrival = { redirectUri, state, callback, ...(verifier && { verifier }) }
  const tokens = await provider.auth.complete(http, arrival)
  const api = createApi(http, provider, tokens)
  const account = await (provider.signIn?.identify?.(api) ?? provider.identify(api))
  const outsider = outsiderOf(provider.key, account, provider.signIn?.edition)
  if (outsider) return { outsider, name: account.name }
  throw new ProviderError('nobody is named', { code: 'bad_response', kind: 'configuration' })
}

function note(
  ctx: Context,
  { provider, purpose, userId }: Traveller,
  reason: SignInFailure,
  error?: unknown,
) {
  ctx.log.warn('sign_in_with_failed', {
    provider: provider.key,
    purpose,
    user: userId,
    reason,
    ...(error instanceof ProviderError && { error }),
  })
}
