import { createHmac } from 'node:crypto'
import { asObject, asText } from '../../http/answer.ts'
import type { PlatformHttp, Request } from '../../http/http-options.ts'
import type { Answer } from '../../http/call.ts'
import { bearer } from '../api.ts'
import { judge, type Rule } from '../verdicts.ts'

/** Our application at Meta. `timed` proofs are good for five minutes, plain ones as long as their token. */
export interface App {
  id: string
  secret: string
  timed: boolean
}

/** A Graph call in the name of a token, with the proof that it comes from our server. */
export function signed(app: App, request: Request, token: string): Request {
  const proof = proofOf(app, token, new Date())
  return bearer(
    { ...request, query: { ...request.query, ...proof } },
    { accessToken: token, carried: {} },
  )
}

/** Hex HMAC-SHA256 under the app secret (developers.facebook.com/docs/facebook-login/security#proof). */
export function proofOf({ secret, timed }: Omit<App, 'id'>, token: string, now: Date) {
  const time = String(Math.floor(now.getTime() / 1000))
  const message = timed ? `${token}|${time}` : token
  const appsecret_proof = createHmac('sha256', secret).update(message).digest('hex')
  return { appsecret_proof, ...(timed && { appsecret_time: time }) }
}

/** A client for calls whose answers others read: Graph's errors are thrown before anybody sees them. */
export function graphOver(http: PlatformHttp): PlatformHttp {
  return {
    ...http,
    async send(request) {
      const answer = await http.send(request)
      readGraph(answer)
      return answer
    },
  }
}

/**
 * The object Graph answers with. API and token endpoint have one shape of errors, and the numbers in it say what is
 * wrong, whatever the status.
 * @throws ProviderError
 */
export const readGraph = (answer: Answer): Record<string, unknown> =>
  judge(answer, RULES, errorName)

/** `190`, `190/463`; a wrong app secret has no number of its own. */
function errorName({ error }: Record<string, unknown>): string | undefined {
  if (error === undefined) return undefined
  const { code, error_subcode: subcode, message } = asObject(error) ?? {}
  if (/client secret/i.test(asText(message) ?? '')) return 'client secret'
  return [code, subcode].map(asText).filter(Boolean).join('/')
}

/**
 * developers.facebook.com/docs/graph-api/guides/error-handling; rate limits also …/graph-api/overview/rate-limiting.
 * A grant is dead by these numbers alone: what nobody knows is worth another try.
 */
const RULES: readonly Rule[] = [
  { error: /\/(459|464)$/, kind: 'permission', code: 'validation_required' }, // checkpoint, unconfirmed account
  { error: /\/463$/, kind: 'dead', code: 'token_expired' },
  { error: /^(190|102)\b|\/(458|460|461|465|466|467|468|492)$/, kind: 'dead' },
  { error: /^(3|10|2\d\d)\b/, kind: 'permission' },
  { error: /^(4|17|32|341|613|800\d\d)\b/, kind: 'temporary', code: 'rate_limited' },
  { error: /^(101\b|client secret)/, kind: 'configuration', code: 'invalid_client' },
  { error: /^100\b/, kind: 'configuration' },
  { error: /^[12](\/|$)/, kind: 'temporary', code: 'provider_unavailable' }, // outages, as a 5xx is
  { kind: 'temporary' }, // 368 is a block that passes
]
