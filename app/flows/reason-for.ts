import { type FailureKind, type ProviderError, ShopRefused } from '../errors.ts'
import type { Reason } from '../sync/items.ts'
import { isSyncCode } from '../texts-sync.ts'

/** Whose failure it was, by what code of the texts it is told, and when it may be tried again. */
export interface Cause extends Reason {
  /** The platform's key. */
  platform?: string
  /** Where a person proves to be one. */
  link?: string
  retryAt?: Date
}

/**
 * What a failure of a call is called, for everybody who tells of it: pages, letters, the history, the API. The code always
 * has words; what came over the wire and has none becomes what it amounts to.
 */
export function causeOf(failure: ProviderError): Cause {
  const { platform, retryAt, detail } = failure
  const refused = failure instanceof ShopRefused ? failure : undefined
  return {
    code: toldCode(failure),
    values: { ...(detail && { detail }), ...refused?.values },
    ...(platform && { platform }),
    ...(refused?.link && { link: refused.link }),
    ...(retryAt && { retryAt }),
  }
}

/** A code the texts have; one of an earlier version, that was kept as it came, included. */
export function toldCode({ code, kind }: { code: string; kind?: FailureKind }): string {
  return RAW[code] ?? (isSyncCode(code) || !kind ? code : BY_KIND[kind])
}

/** Codes of the way there and back, and what they amount to. */
const RAW: Readonly<Record<string, string>> = {
  server_error: 'provider_unavailable',
  timeout: 'provider_unavailable',
  network: 'provider_unavailable',
  circuit_open: 'provider_unavailable',
  refresh_failed: 'provider_unavailable',
  bad_response: 'odd_answer',
  bad_columns: 'odd_answer',
  redirected: 'odd_answer',
  refused: 'odd_answer',
  no_token: 'odd_answer',
  in_doubt: 'odd_answer',
  invalid_grant: 'token_revoked',
  invalid_client: 'provider_refused',
  redirect_mismatch: 'provider_refused',
  app_scope_missing: 'provider_refused',
  issuer_mismatch: 'provider_refused',
}

const BY_KIND: Record<FailureKind, string> = {
  dead: 'token_revoked',
  permission: 'insufficient_scope',
  configuration: 'provider_refused',
  temporary: 'provider_unavailable',
}
