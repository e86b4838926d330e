import { type FailureKind, ProviderError } from '../../errors.ts'
import { asObject, badResponse, readJson } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'

/**
 * VK answers 200 to everything and puts the truth into `response` or `error` (VKCOM/vk-api-schema, base_error).
 * @throws ProviderError by VK's error number
 */
export function readResponse(answer: Answer): unknown {
  const body = asObject(readJson(answer))
  const error = asObject(body?.error)
  if (error) throw failure(Number(error.error_code))
  if (!body || !('response' in body)) throw badResponse('neither response nor error', answer)
  return body.response
}

/** account.getAppPermissions answers with a bit mask; undefined when it is not a number. */
export function readPermissions(answer: Answer): string[] | undefined {
  const mask = Number(readResponse(answer))
  if (!Number.isInteger(mask)) return undefined
  return RIGHTS.flatMap(([name, bit]) => ((mask & bit) === bit ? [name] : []))
}

const RIGHTS: readonly (readonly [string, number])[] = [
  ['photos', 4],
  ['offline', 65_536],
  ['groups', 262_144],
  ['market', 134_217_728],
]

const MINUTE_MS = 60_000

/**
 * After 29, too many calls of a method: VK says no more than that hours are needed (docs/platforms/vk.md#calls-and-errors).
 */
export const QUANTITY_PAUSE_MS = 3 * 60 * MINUTE_MS

/** Numbers and meanings: VKCOM/vk-api-schema, errors.json. What is not listed is worth another try. */
const MEANINGS: Record<number, { code: string; kind: FailureKind; pauseMs?: number }> = {
  1: { code: 'provider_unavailable', kind: 'temporary' }, // 1 and 10 are VK's own faults, as a 5xx is
  5: { code: 'token_revoked', kind: 'dead' },
  6: { code: 'rate_limited', kind: 'temporary' },
  7: { code: 'insufficient_scope', kind: 'permission' },
  9: { code: 'rate_limited', kind: 'temporary', pauseMs: 15 * MINUTE_MS },
  10: { code: 'provider_unavailable', kind: 'temporary' },
  14: { code: 'captcha', kind: 'temporary' },
  15: { code: 'insufficient_scope', kind: 'permission' },
  17: { code: 'validation_required', kind: 'permission' },
  18: { code: 'user_blocked', kind: 'dead' },
  25: { code: 'token_revoked', kind: 'dead' },
  27: { code: 'invalid_client', kind: 'configuration' },
  28: { code: 'invalid_client', kind: 'configuration' },
  29: { code: 'rate_limited', kind: 'temporary', pauseMs: QUANTITY_PAUSE_MS },
  37: { code: 'user_blocked', kind: 'dead' },
  42: { code: 'invalid_client', kind: 'configuration' },
  101: { code: 'invalid_client', kind: 'configuration' },
  3609: { code: 'token_revoked', kind: 'dead' },
}

const UNKNOWN: (typeof MEANINGS)[number] = { code: 'bad_response', kind: 'temporary' }

function failure(number: number): ProviderError {
  if (Number.isNaN(number)) return new ProviderError('VK error without a number', UNKNOWN)
  const { pauseMs, ...meaning } = MEANINGS[number] ?? UNKNOWN
  return new ProviderError(`VK error ${number}`, {
    ...meaning,
    detail: `ошибка ${number}`,
    ...(pauseMs && { retryAt: new Date(Date.now() + pauseMs) }),
  })
}
