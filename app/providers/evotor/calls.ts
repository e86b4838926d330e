import { ProviderError, type ProviderFailure } from '../../errors.ts'
import { badResponse, isStrayPage } from '../../http/answer.ts'
import type { Request } from '../../http/http-options.ts'
import type { Answer } from '../../http/call.ts'

const MEDIA_TYPE = 'application/vnd.evotor.v2+json'

/** A call of the second version of the cloud API: both headers say so, on GET too. */
export function asking(url: string, query?: Record<string, string>): Request {
  return {
    url,
    ...(query && { query }),
    headers: { accept: MEDIA_TYPE, 'content-type': MEDIA_TYPE },
  }
}

/**
 * Meanings of the statuses: Evotor's overview of the cloud API, and what integrators report. 402: the application is not
 * on all terminals of a store.
 */
export function refusal(answer: Answer): ProviderError {
  const { status } = answer
  const meaning = MEANINGS[status]
  if (meaning && isStrayPage(answer)) return badResponse('a page, no answer', answer)
  return new ProviderError(`HTTP ${status}`, { ...(meaning ?? UNKNOWN), status })
}

/** Of what belongs to one store, which may be no more. */
export function storeRefusal(answer: Answer): ProviderError {
  if (answer.status !== 404 || isStrayPage(answer)) return refusal(answer)
  return new ProviderError('HTTP 404', { code: 'store_gone', kind: 'permission', status: 404 })
}

const UNKNOWN = { code: 'refused', kind: 'configuration' } as const

const MEANINGS: Record<number, Pick<ProviderFailure, 'code' | 'kind'>> = {
  401: { code: 'token_revoked', kind: 'dead' },
  402: { code: 'store_blocked', kind: 'permission' },
  403: { code: 'app_not_installed', kind: 'permission' },
}
