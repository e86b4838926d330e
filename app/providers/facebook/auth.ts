import { ProviderError } from '../../errors.ts'
import { badResponse, readJson } from '../../http/answer.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import type { Auth } from '../../oauth/auth.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import { type App, graphOver, readGraph, signed } from './graph.ts'
import { checkAlive, checkExtended, lasting, provisional } from './life.ts'
import type { Endpoints } from '../oauth-platform.ts'
import { exchange, inspect } from './token-calls.ts'

/**
 * There is no refresh token: a token that lives is exchanged for one of 60 days, at once after the code and again
 * halfway (developers.facebook.com/documentation/facebook-login/guides/access-tokens/get-long-lived).
 */
export function facebookAuth(app: App, usual: Auth, at: Endpoints): Partial<Auth> {
  return {
    async complete(http, arrival) {
      const short = await usual.complete(graphOver(http), arrival)
      const long = await unlessTemporary(exchange(app, at, http, short))
      const seen = await unlessTemporary(inspect(app, at, http, long ?? short))
      const now = new Date()
      return long && seen ? lasting(long, seen, now) : provisional(long ?? short, seen, now)
    },
    async refresh(http, old) {
      checkAlive(old, new Date())
      const fresh = await exchange(app, at, http, old)
      const seen = await inspect(app, at, http, fresh)
      const renewed = lasting(fresh, seen, new Date())
      checkExtended(old, renewed, new Date())
      return { ...renewed, ...(old.scope && { scope: old.scope }) }
    },
    revoke: (http, tokens) => revoke(app, at, http, tokens),
  }
}

/** The code is spent: what fails for the moment is made up for soon, with the token there is. */
async function unlessTemporary<T>(step: Promise<T>): Promise<T | undefined> {
  try {
    return await step
  } catch (error) {
    if (error instanceof ProviderError && error.kind === 'temporary') return undefined
    throw error
  }
}

/** Takes back all that was granted; answers `true` or `{"success":true}` (…/graph-api/reference/user/permissions). */
async function revoke(app: App, at: Endpoints, http: PlatformHttp, { accessToken }: Tokens) {
  const url = at.revokeUrl ?? `${at.apiUrl}/me/permissions`
  const answer = await http.send(signed(app, { url, method: 'DELETE' }, accessToken))
  if (answer.status < 400 && readJson(answer) === true) return
  if (readGraph(answer).success !== true) throw badResponse('not revoked', answer)
}
