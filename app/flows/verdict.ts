import type { ProviderError } from '../errors.ts'
import type { Account } from '../providers/provider.ts'
import type { Verdict } from '../store/checks.ts'
import type { Connection, Health } from '../store/connection-rows.ts'

const HEALTH = {
  dead: 'revoked',
  permission: 'permission',
  configuration: 'unreachable',
  temporary: 'unreachable',
} as const satisfies Record<ProviderError['kind'], Health>

/** What a failed check says about a connection. An outage is never called a revocation. */
export function verdictOf({ expiresAt, renewable }: Connection, failure: ProviderError): Verdict {
  const health = HEALTH[failure.kind]
  const ended = !renewable && expiresAt !== undefined && expiresAt.getTime() <= Date.now()
  return {
    health,
    reason: health === 'revoked' && ended ? 'token_expired' : reasonOf(health, failure),
    ...(failure.detail && { detail: failure.detail }),
  }
}

/** Codes the pages have words for; an outage is one thing, however the connection broke, and so is what is ours. */
function reasonOf(health: Health, { code, kind }: ProviderError): string {
  if (health !== 'unreachable' || KEPT.has(code)) return code
  return kind === 'configuration' ? 'provider_refused' : 'provider_unavailable'
}

const KEPT = new Set(['tls_error', 'address_refused', 'refresh_failed'])

/** The platform answered. Another account's answer is not written over the one the person connected. */
export function onlineVerdict(connection: Connection, account: Account): Verdict {
  const known = connection.account.id
  if (known && account.id && known !== account.id)
    return { health: 'online', reason: 'other_account' }
  return { health: 'online', account, ...(account.attention && { reason: account.attention }) }
}

const PAUSES = new Set(['rate_limited', 'captcha', 'in_doubt'])

/** The platform only asks to wait: nothing is known anew, and the connection stays what it was. */
export function isPause(failure: ProviderError): boolean {
  return PAUSES.has(failure.code)
}
