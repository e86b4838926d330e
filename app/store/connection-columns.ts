import type { Vault } from '../crypto/vault.ts'
import { refreshDueAt } from '../oauth/expiry.ts'
import type { Tokens } from '../oauth/tokens.ts'
import type { Account } from '../providers/account.ts'
import { toConnection } from './connection-rows.ts'
import { labels } from './sealed-columns.ts'
import type { Columns, ConnectionRow, Read } from './tables.ts'

/** The columns that hold tokens and what is known of them, `updated_at` included. */
export function tokenColumns(vault: Vault, userId: number, provider: string, tokens: Tokens) {
  const { accessToken, refreshToken, carried, scope, expiresAt, refreshExpiresAt } = tokens
  const { renewAt = expiresAt && refreshDueAt(expiresAt, new Date()) } = tokens
  const secret = JSON.stringify({ accessToken, refreshToken, carried })
  return {
    sealed_tokens: vault.seal(secret, labels.tokens(userId, provider)),
    renewable: refreshToken !== undefined,
    expires_at: expiresAt ?? null,
    refresh_expires_at: refreshExpiresAt ?? null,
    refresh_due_at: renewAt ?? null,
    ...(scope && { scope: scope.join(' ') }),
    updated_at: new Date(),
  } satisfies Columns<ConnectionRow>
}

export function accountColumns({ id, name, profile, endsAt }: Account) {
  return {
    account_id: withoutNul(id) ?? null,
    account_name: withoutNul(name) ?? null,
    profile: JSON.stringify(profile),
    ends_at: endsAt ?? null,
  } satisfies Columns<ConnectionRow>
}

/** PostgreSQL takes every sign but one. */
const withoutNul = (text: string | undefined) => text?.replaceAll('\0', '')

/** @throws VaultError when the tokens do not open */
export function openTokens(vault: Vault, row: Read<ConnectionRow>): Tokens {
  const text = vault.open(row.sealed_tokens, labels.tokens(row.user_id, row.provider))
  const secret = JSON.parse(text) as Pick<Tokens, 'accessToken' | 'refreshToken' | 'carried'>
  const { scope, expiresAt, refreshExpiresAt } = toConnection(row)
  return {
    ...secret,
    ...(scope && { scope }),
    ...(expiresAt && { expiresAt }),
    ...(refreshExpiresAt && { refreshExpiresAt }),
  }
}
