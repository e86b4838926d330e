import { type FailureKind, ProviderError } from '../../errors.ts'
import { asObject, asText, badResponse, readJson } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'

interface Rule {
  /** Against `error message`: `error_auth` alone means three different things. */
  error: RegExp
  kind: FailureKind
  code: string
  /** What support and administrators read before Shopee's own word. */
  name?: string
  pauseMs?: number
}

const HOUR_MS = 3600_000
const CLOCK = 'часы сервера EvoSync спешат или отстают'

/**
 * The body of an answer. Whether it is an error stands in `error`, which is empty or absent on success; the HTTP status
 * says nothing, and a body that is no JSON is the day of some proxy.
 * @throws ProviderError with `AuthRequired` or `SignatureMismatch` in its detail where that is what happened
 */
export function readBody(answer: Answer): Record<string, unknown> {
  const body = asObject(readJson(answer))
  if (!body) throw badResponse('not an object', answer)
  const error = asText(body.error)
  if (error === undefined) {
    if (answer.status < 400) return body
    throw badResponse('a failure without an error', answer)
  }
  throw refusal(error, asText(body.message) ?? '', answer.status)
}

/** Nobody knows all of Shopee's errors: what is not listed is worth another try, never a revocation. */
function refusal(error: string, message: string, status: number): ProviderError {
  const rule = RULES.find((one) => one.error.test(`${error} ${message}`)) ?? UNKNOWN
  const { kind, code, name, pauseMs } = rule
  const word = /^\w{1,64}$/.test(error) ? error : 'unknown error'
  return new ProviderError(word, {
    kind,
    code,
    status,
    detail: name ? `${name} (${word})` : word,
    ...(pauseMs && { retryAt: new Date(Date.now() + pauseMs) }),
  })
}

const UNKNOWN: Rule = { error: /./, kind: 'temporary', code: 'bad_response' }

/** `token_revoked` is refreshed and asked once more; the other dead ones only a new consent brings back. */
const RULES: readonly Rule[] = [
  { error: /^invalid_acce+ss_token\b/, kind: 'dead', code: 'token_revoked' }, // both spellings are seen
  { error: /^error_auth .*invalid access_?token/i, kind: 'dead', code: 'token_revoked' },
  gone(/^error_auth .*invalid refresh_?token/i),
  gone(/^(refresh_token_expired|error_(shop|merchant)_refresh_token)\b/),
  gone(/^(shop_no_linked|merchant_no_linked|partner_shop_no_link)\b/),
  gone(/^(shop|merchant|supplier)_access_expired\b/, 'token_expired'),
  gone(/^shop_banned\b/, 'user_blocked'),
  { error: /^invalid_(code|shop_id|main_acc?ount_id)\b/, kind: 'dead', code: 'invalid_grant' },
  { ...ours(/^error_sign\b/, 'invalid_client'), name: 'SignatureMismatch' },
  ours(/^(invalid_partner_id|error_partner_key_expired)\b/, 'invalid_client'),
  { ...ours(/^error_param .*timestamp is expired/i), name: CLOCK },
  ours(/^(source_ip_undeclared|error_api_permission)\b/),
  { error: /^error_limit\b/, kind: 'temporary', code: 'rate_limited', pauseMs: HOUR_MS }, // a day's worth is spent
  { error: /^error_rate_limit\b/, kind: 'temporary', code: 'rate_limited' },
  { error: /^error_(server|network)\b/, kind: 'temporary', code: 'server_error' },
  { error: /^error_auth .*system error/i, kind: 'temporary', code: 'server_error' },
]

function gone(error: RegExp, code = 'auth_required'): Rule {
  return { error, kind: 'dead', code, name: 'AuthRequired' }
}

function ours(error: RegExp, code = 'refused'): Rule {
  return { error, kind: 'configuration', code }
}
