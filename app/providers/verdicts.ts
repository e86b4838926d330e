import { type FailureKind, ProviderError } from '../errors.ts'
import { asObject, asText, badResponse, isStrayPage, readJson } from '../http/answer.ts'
import type { Answer } from '../http/call.ts'
import { retryAfter } from '../http/retry-after.ts'

/** One line of a platform's table of refusals; all that is given has to match. */
export interface Rule {
  status?: number
  /** Against what the body calls the error. */
  error?: RegExp
  /** Headers the answer has to have, by their names in lower case. */
  headers?: Readonly<Record<string, RegExp>>
  kind: FailureKind
  /** A code of ours; by default the one that goes with the kind. */
  code?: string
}

/** What the body calls the error: `401 UNAUTHENTICATED`, `190/463`; undefined when it names none. */
export type ErrorName = (body: Record<string, unknown>) => string | undefined

const USUAL_CODE: Record<FailureKind, string> = {
  dead: 'token_revoked',
  permission: 'insufficient_scope',
  configuration: 'refused',
  temporary: 'bad_response',
}

/** Where a platform says nothing else: RFC 6750 §3.1. */
const USUAL: readonly Rule[] = [
  { status: 401, kind: 'dead' },
  { status: 403, kind: 'permission' },
]

/**
 * The JSON of an API answer. An error is one by its status or by the body, whatever the status; the first rule that
 * matches says what it means, then RFC 6750, and what nobody knows is ours to look into.
 * @throws ProviderError
 */
export function judge(
  answer: Answer,
  rules: readonly Rule[] = [],
  errorName: ErrorName = usualName,
): Record<string, unknown> {
  const failed = answer.status >= 400
  const body = failed ? bodyIfAny(answer) : asObject(readJson(answer))
  const error = body && errorName(body)
  if (!failed && error === undefined) {
    if (!body) throw badResponse('not an object', answer)
    return body
  }
  throw refusal(answer, rules, error ?? '')
}

function refusal(answer: Answer, rules: readonly Rule[], error: string): ProviderError {
  const { status } = answer
  const rule = [...rules, ...USUAL].find((one) => matches(one, answer, error))
  const kind = rule?.kind ?? 'configuration'
  if (ABOUT_GRANTS.includes(kind) && isStrayPage(answer)) return badResponse('a page', answer)
  const retryAt = kind === 'temporary' ? retryAfter(answer) : undefined
  return new ProviderError(`HTTP ${status}`, {
    code: rule?.code ?? USUAL_CODE[kind],
    kind,
    status,
    ...(/^\d+(\/\d+)?$/.test(error) && { detail: `ошибка ${error}` }), // a number may be shown, a text not
    ...(retryAt && { retryAt }),
  })
}

/** What only the platform's own word can say. */
const ABOUT_GRANTS: readonly FailureKind[] = ['dead', 'permission']

function matches(rule: Rule, { status, headers }: Answer, error: string): boolean {
  if ((rule.status ?? status) !== status || !(rule.error?.test(error) ?? true)) return false
  const wanted = Object.entries(rule.headers ?? {})
  return wanted.every(([name, value]) => value.test(headers[name] ?? ''))
}

function bodyIfAny(answer: Answer): Record<string, unknown> | undefined {
  try {
    return asObject(readJson(answer))
  } catch {
    return undefined
  }
}

/** RFC 6749 and most APIs: `error` is a text, or an object that names itself. */
function usualName(body: Record<string, unknown>): string | undefined {
  const detail = asObject(body.error)
  if (!detail) return asText(body.error)
  return [detail.code, detail.status, detail.message].map(asText).filter(Boolean).join(' ')
}
