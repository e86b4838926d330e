import type { ConnectFailure } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import type { User } from '../../store/users.ts'
import type { Purpose } from '../../store/vocabulary.ts'
import type { Unrecognised } from './known-user.ts'

/** Why nobody came in; codes for `/login?error=`. */
export type SignInFailure =
  | Unrecognised
  | 'access_denied'
  | 'invalid_state'
  | 'provider_unavailable'
  | 'rate_limited'
  | 'tls_error'
  | 'address_refused'
  | 'not_configured'
  | 'provider_disabled'
  | 'no_way_out'
  | 'sign_in_failed'

/**
 * Who is on the way: the browser (or what a caller of the API is known by), and the person if they are linking.
 * `redirectUri` is the platform's usual one unless given, and has to be the same on the way there and back.
 */
export interface Traveller {
  provider: Provider
  sessionId: string
  purpose: Purpose
  redirectUri?: string | undefined
  /** Present when linking or proving again, and only then. */
  userId?: number | undefined
}

/** How it ended; `returnTo` is an own path. */
export type SignInEnding = { returnTo: string | undefined } & (
  { user: User; failure?: undefined } | { user?: undefined; failure: SignInFailure }
)

/** What connecting tells apart and a person who only wants to come in need not. */
export const FAILURES: Partial<Record<ConnectFailure, SignInFailure>> = {
  access_denied: 'access_denied',
  provider_disabled: 'provider_disabled',
  provider_unavailable: 'provider_unavailable',
  rate_limited: 'rate_limited',
  tls_error: 'tls_error',
  address_refused: 'address_refused',
  no_way_out: 'no_way_out',
}
