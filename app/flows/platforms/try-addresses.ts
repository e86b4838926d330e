import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import type { PlatformHttp, Request } from '../../http/http-options.ts'
import { sendToTokenEndpoint } from '../../oauth/token-endpoint.ts'
import { randomText } from '../../oauth/pkce.ts'
import { custom } from '../../providers/custom.ts'
import { bearer } from '../../providers/api.ts'
import type { Finding, TrialOutcome, Tried } from './findings.ts'
import { bad, errorIn, FINE, finding } from './trial-answers.ts'

const TIMEOUT_MS = 6_000

/** Asks each of a platform's addresses what only a stranger could ask, and tells what the answers mean. */
export async function tryAddresses(ctx: Context, platform: Tried): Promise<Finding[]> {
  const http = ctx.probe()
  return await Promise.all([
    finding('authorize', () => tryAuthorize(ctx, http, platform)),
    finding('token', () => tryToken(ctx, http, platform)),
    finding('userinfo', () => tryUserinfo(http, platform)),
  ])
}

/** The address a person would be sent to; a server usually sends them on to its sign-in page. */
async function tryAuthorize({ config }: Context, http: PlatformHttp, platform: Tried) {
  const { auth, redirectUri } = custom(platform, config.baseUrl)
  const { url } = auth.begin({ redirectUri, state: randomText() })
  try {
    const { status } = await http.send(patient({ url: url.href, headers: { accept: 'text/html' } }))
    if (status === 404) return bad('missing', status)
    return status < 400 ? FINE : { ...bad('rejects', status), tone: 'warn' as const }
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'redirected') return FINE
    throw error
  }
}

/** A code nobody gave has to be refused by its name (RFC 6749 §5.2). */
async function tryToken(
  { config }: Context,
  http: PlatformHttp,
  platform: Tried,
): Promise<TrialOutcome> {
  const { redirectUri } = custom(platform, config.baseUrl)
  const { clientId, clientSecret = '', clientAuth, tokenUrl } = platform
  const answer = await sendToTokenEndpoint({ clientId, clientSecret, clientAuth }, http, tokenUrl, {
    grant_type: 'authorization_code',
    code: randomText(),
    redirect_uri: redirectUri,
    ...(platform.pkce && { code_verifier: randomText() }),
  })
  const error = errorIn(answer)
  if (error && WRONG_CLIENT.has(error)) return { tone: 'bad', code: 'wrong_client', detail: error }
  if (error === 'unsupported_grant_type')
    return { tone: 'bad', code: 'no_code_grant', detail: error }
  if (error) return FINE
  if (answer.status === 404) return bad('missing', answer.status)
  return bad(answer.status === 401 ? 'wrong_client' : 'no_oauth', answer.status)
}

const WRONG_CLIENT = new Set(['invalid_client', 'unauthorized_client'])

/** A token nobody gave has to be refused (RFC 6750 §3.1): that is how we learn that an access is gone. */
async function tryUserinfo(http: PlatformHttp, { userinfoUrl }: Tried): Promise<TrialOutcome> {
  const token = { accessToken: randomText(), carried: {} }
  const { status } = await http.send(patient(bearer({ url: userinfoUrl }, token)))
  if ([400, 401, 403].includes(status)) return FINE
  if (status < 300) return bad('unprotected', status)
  return bad(status === 404 ? 'missing' : 'rejects', status)
}

const patient = (request: Request): Request => ({
  repeat: 'unsent',
  timeoutMs: TIMEOUT_MS,
  ...request,
})
