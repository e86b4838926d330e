import type { Access } from '../../context.ts'
import type { ProviderError } from '../../errors.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import { named } from '../../texts/names.ts'
import { Problem } from './problems.ts'

/** Its owner has disconnected it in this very moment. */
export const wentAway = ({ code }: ProviderError) => code === 'disconnected'

export const dead = (code: string) => ({ code, kind: 'dead' as const })

export const notRenewable = (provider: Provider): Problem =>
  new Problem({
    status: 409,
    code: 'not_renewable',
    title: named('{P} не {выдаёт|выдают} доступа, который можно продлить', provider),
  })

export function tokenBody({ tokens }: Access, { scope, account }: Connection) {
  const { accessToken, expiresAt } = tokens
  return {
    access_token: accessToken,
    token_type: 'Bearer',
    expires_at: expiresAt?.toISOString() ?? null,
    scope: (tokens.scope ?? scope)?.join(' ') ?? null,
    account_id: account.id ?? null,
  }
}
