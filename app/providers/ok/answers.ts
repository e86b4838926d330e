import type { Answer } from '../../http/call.ts'
import { type FailureKind, ProviderError } from '../../errors.ts'
import { asObject, badResponse, readJson } from '../../http/answer.ts'

const MINUTE_MS = 60_000

/** What a refusal has, wherever it stands. */
export interface OkError {
  number: number
  message: string
}

/** The error an answer consists of, if it does: OK puts it into a 200 (docs/platforms/ok.md#calls). */
export function errorIn(body: unknown): OkError | undefined {
  const { error_code, error_msg } = asObject(body) ?? {}
  if (error_code === undefined) return undefined
  return { number: Number(error_code), message: typeof error_msg === 'string' ? error_msg : '' }
}

/**
 * What a call of the connection itself is answered with: an object, a list or a bare `true`.
 * @throws ProviderError by OK's error number
 */
export function readAnswer(answer: Answer): unknown {
  const body = readJson(answer)
  const error = errorIn(body)
  if (error) throw failure(error)
  if (answer.status >= 400) throw badResponse('refused without an error', answer)
  return body
}

/** docs/platforms/ok.md#errors. What is not listed is worth another try. */
const MEANINGS: Record<number, { code: string; kind: FailureKind; pauseMs?: number }> = {
  2: { code: 'provider_unavailable', kind: 'temporary' },
  3: { code: 'refused', kind: 'configuration' },
  4: { code: 'refused', kind: 'configuration' },
  7: { code: 'rate_limited', kind: 'temporary', pauseMs: 15 * MINUTE_MS },
  8: { code: 'rate_limited', kind: 'temporary', pauseMs: 15 * MINUTE_MS },
  9: { code: 'invalid_client', kind: 'configuration' },
  10: { code: 'insufficient_scope', kind: 'permission' },
  11: { code: 'rate_limited', kind: 'temporary', pauseMs: 60 * MINUTE_MS },
  22: { code: 'validation_required', kind: 'permission' },
  101: { code: 'invalid_client', kind: 'configuration' },
  102: { code: 'token_revoked', kind: 'dead' },
  103: { code: 'token_revoked', kind: 'dead' },
  104: { code: 'invalid_client', kind: 'configuration' },
  200: { code: 'insufficient_scope', kind: 'permission' },
  210: { code: 'invalid_client', kind: 'configuration' },
  514: { code: 'validation_required', kind: 'permission' },
  900: { code: 'invalid_client', kind: 'configuration' },
}
const UNKNOWN: (typeof MEANINGS)[number] = { code: 'bad_response', kind: 'temporary' }

function failure({ number }: OkError): ProviderError {
  const { pauseMs, ...meaning } = MEANINGS[number] ?? UNKNOWN
  return new ProviderError(`OK error ${number}`, {
    ...meaning,
    ...(Number.isFinite(number) && { detail: `ошибка ${number}` }),
    ...(pauseMs && { retryAt: new Date(Date.now() + pauseMs) }),
  })
}
