import type { PlatformHttp } from '../http/http-options.ts'
import type { Tokens } from './tokens.ts'

/** The address a person is sent to, and what must be kept on the server until they come back. */
export interface Departure {
  url: URL
  /** PKCE code verifier (RFC 7636 §4.1); a secret. */
  verifier?: string
}

/** A person came back: what we sent them with, and what the platform put into the callback's query. */
export interface Arrival {
  redirectUri: string
  state: string
  verifier?: string
  callback: URLSearchParams
}

/** What a person is sent off with. `scopes` replace the platform's usual ones, as when only signing in. */
export interface Start {
  redirectUri: string
  state: string
  scopes?: readonly string[]
}

/** How a platform lets people in. All calls throw ProviderError; `complete` ConnectFailed for a callback that is none. */
export interface Auth {
  /** The callback parameter without which there was no consent; `code` where it is absent (RFC 6749 §4.1.2). */
  proof?: string
  begin(start: Start): Departure
  /** Redeems the authorization code; never repeated once it may have arrived. */
  complete(http: PlatformHttp, arrival: Arrival): Promise<Tokens>
  /** Absent where tokens cannot be renewed. An absent new refresh token means the old one stays. */
  refresh?(http: PlatformHttp, tokens: Tokens): Promise<Tokens>
  /** Absent where a grant can only be removed by hand. */
  revoke?(http: PlatformHttp, tokens: Tokens): Promise<void>
}
