import { createHash } from 'node:crypto'
import type { PlatformHttp, Request } from '../http/http-options.ts'
import type { Answer } from '../http/call.ts'
import type { Tokens } from '../oauth/tokens.ts'

/** Requests in the name of one account, and what was granted for it. */
export interface Api {
  readonly tokens: Tokens
  send: (request: Request) => Promise<Answer>
  /** Without the token, and not counted among its calls: files, and hosts that are not the API's. */
  sendOpenly: (request: Request) => Promise<Answer>
  /** The same for addresses that stand in a platform's data: the public internet and the platform's own hosts only. */
  fetchFile: (request: Request) => Promise<Answer>
  /** Told of elements of a list that nobody can read; {@link readEach} does. */
  unreadable?: PlatformHttp['unreadable']
  /** Nothing is known against the platform; several calls may be under way at once. */
  isCalm?: () => boolean
}

/** How a platform wants to be called with a token. */
export interface Manner {
  /** Calls a second one token may make, over everything we do with it; no limit if left out. */
  perSecond?: number
  /** Puts the access token into a request; `Authorization: Bearer` (RFC 6750 §2.1) unless the platform differs. */
  sign?: (request: Request, tokens: Tokens) => Request
}

/** Requests that carry this account's token. */
export function createApi(
  http: PlatformHttp,
  { sign = bearer, perSecond }: Manner,
  tokens: Tokens,
): Api {
  const lane = perSecond === undefined ? undefined : laneOf(tokens)
  return {
    tokens,
    isCalm: () => http.breaker.name === 'closed',
    send: (request) => http.send({ ...(lane && { lane }), ...sign(request, tokens) }),
    sendOpenly: (request) => http.sendOpenly(request),
    fetchFile: (request) => http.fetchFile(request),
    ...(http.unreadable && { unreadable: http.unreadable }),
  }
}

/** The token's calls are counted together, and its text goes nowhere. */
const laneOf = ({ accessToken }: Tokens) =>
  createHash('sha256').update(accessToken).digest('base64url')

/** RFC 6750 §2.1. */
export function bearer(request: Request, { accessToken }: Tokens): Request {
  return { ...request, headers: { ...request.headers, authorization: `Bearer ${accessToken}` } }
}
