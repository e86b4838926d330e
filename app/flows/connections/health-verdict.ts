import type { ProviderError } from '../../errors.ts'
import type { Account } from '../../providers/account.ts'
import type { Verdict } from '../../store/checks.ts'
import type { Connection } from '../../store/connection.ts'
import type { Health } from '../../store/vocabulary.ts'
import { isOurs, standingCode } from '../notices/failure-reason.ts'

const HEALTH = {
  dead: 'revoked',
  permission: 'permission',
  configuration: 'unreachable',
  temporary: 'unreachable',
} as const satisfies Record<ProviderError['kind'], Health>

/** What a failed check says about a connection. An outage is never called a revocation. */
export function verdictOf(
  { expiresAt, renewable }: Pick<Connection, 'expiresAt' | 'renewable'>,
  failure: ProviderError,
): Verdict {
  const health = HEALTH[failure.kind]
  const code = standingCode(failure)
  const ended = !renewable && expiresAt !== undefined && expiresAt.getTime() <= Date.now()
  const reason =
    health === 'revoked' && ended && code !== 'token_unreadable' ? 'token_expired' : code
  return { health, reason, ...(failure.detail && { detail: failure.detail }) }
}

/** The platform answered. Another account's answer is not written over the one the person connected. */
export function onlineVerdict(connection: Pick<Connection, 'account'>, account: Account): Verdict {
  const known = connection.account.id
  if (known && account.id && known !== account.id)
    return { health: 'online', reason: 'other_account' }
  return { health: 'online', account, ...(account.attention && { reason: account.attention }) }
}

const PAUSES = new Set(['rate_limited', 'captcha', 'in_doubt'])

/** The platform only asks to wait, or was not asked at all: nothing is known anew, and the connection stays what it was. */
export function isPause(failure: ProviderError): boolean {
  return PAUSES.has(failure.code) || isOurs(failure)
}
