import { type ProviderError, ShopRefused } from '../errors.ts'
import type { Reason } from '../sync/items.ts'

/** What a page says of a failure: outages are one thing, however they came, and so is what is ours. */
export function reasonFor(error: ProviderError): Reason {
  if (error instanceof ShopRefused) return { code: error.code, values: error.values }
  const { code, kind } = error
  if (kind === 'dead' || kind === 'permission' || KEPT.has(code)) return { code }
  return { code: kind === 'configuration' ? 'provider_refused' : 'provider_unavailable' }
}

const KEPT = new Set(['tls_error', 'address_refused', 'refresh_failed', 'rate_limited', 'captcha'])
