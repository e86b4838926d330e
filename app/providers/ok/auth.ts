import type { PlatformHttp } from '../../http/http-options.ts'
import { DEAD } from '../../oauth/token-answer.ts'
import { ProviderError } from '../../errors.ts'
import { asObject, badResponse } from '../../http/answer.ts'
import type { Auth, Departure } from '../../oauth/auth.ts'
import { oauth2 } from '../../oauth/oauth2.ts'
import type { Tokens } from '../../oauth/tokens.ts'
import { readAnswer } from './answers.ts'
import { isLong, prolonged, withEnds } from './life.ts'
import type { OkSettings } from './settings.ts'
import { type App, signed } from './sign.ts'

/** OAuth 2.0 with departures (docs/platforms/ok.md#signing-in): rights parted by semicolons, tokens called sessions. */
export function okAuth(own: OkSettings, app: App, callUrl: string): Auth {
  const usual = oauth2({
    authorizeUrl: own.AUTHORIZE_URL ?? 'https://connect.ok.ru/oauth/authorize',
    tokenUrl: own.TOKEN_URL ?? 'https://api.ok.ru/oauth/token.do',
    clientId: own.CLIENT_ID ?? '',
    clientSecret: app.secret,
    clientAuth: 'body',
    scopes: own.SCOPES,
    extraAuthorizeParams: { layout: 'w' },
    errors: { invalid_token: DEAD, invalid_request: DEAD, access_denied: DEAD },
  })
  const renew = async (http: PlatformHttp, old: Tokens) =>
    withEnds(await renewed(usual, http, old), new Date())

  return {
    begin: (start) => partedBySemicolons(usual.begin(start)),
    complete: async (http, arrival) =>
      withEnds(await usual.complete(sessionsOver(http), arrival), new Date()),
    refresh: async (http, old) => {
      if (!isLong(old)) return await renew(http, old)
      const seen = await touch(app, callUrl, http, old)
      return seen ?? (await renew(http, old))
    },
  }
}

function partedBySemicolons({ url, ...departure }: Departure): Departure {
  const scope = url.searchParams.get('scope')
  if (scope) url.searchParams.set('scope', scope.replaceAll(' ', ';'))
  return { url, ...departure }
}

/** OK names the type of its tokens `session`, where RFC 6749 §7.1 would have one it defines. */
const sessionsOver = (http: PlatformHttp): PlatformHttp => ({
  ...http,
  async send(request) {
    const answer = await http.send(request)
    return { ...answer, text: answer.text.replace(/("token_type"\s*:\s*")session"/i, '$1bearer"') }
  },
})

/** No new refresh token is promised: the old one ends when it was to end. */
async function renewed(usual: Auth, http: PlatformHttp, old: Tokens): Promise<Tokens> {
  if (!usual.refresh || old.refreshToken === old.accessToken)
    throw new ProviderError('nothing to refresh with', { ...DEAD })
  const fresh = await usual.refresh(sessionsOver(http), { ...old, carried: {} })
  if (fresh.refreshToken !== old.refreshToken) delete fresh.refreshExpiresAt
  return fresh
}

/** What it is when it is done is unsure: `true`, or an object that says so; no list, and nothing of another kind. */
const isYes = (body: unknown) =>
  body === true || asObject(body)?.success === true || asObject(body)?.result === true

/** Thirty days from now for an access that lives; undefined for one that is over, which a refresh token may replace. */
async function touch(app: App, url: string, http: PlatformHttp, old: Tokens) {
  const form = { method: 'auth.touchSession' }
  try {
    const answer = await http.send(signed(app, { url, form, repeat: 'safe' }, old))
    if (!isYes(readAnswer(answer))) throw badResponse('neither done nor refused', answer)
    return prolonged(old, new Date())
  } catch (error) {
    const over = error instanceof ProviderError && error.kind === 'dead'
    if (!over || old.refreshToken === old.accessToken) throw error
    return undefined
  }
}
