import type { Vault } from '../crypto/vault.ts'
import type { CustomPlatform } from '../providers/custom-platform.ts'
import { labels } from './sealed-columns.ts'
import type { Columns, CustomProviderRow, Read } from './tables.ts'
import { CLIENT_AUTHS, wordIn } from './vocabulary.ts'

/** A platform with what only this table knows of it. */
export interface StoredPlatform extends CustomPlatform {
  /** A secret is stored, whether it opens or not. */
  hasSecret: boolean
  /** Grows with every change: the fence against one made from an older page. */
  revision: number
}

export type Row = Read<CustomProviderRow>

/** What an administrator decides; the key stands beside it and stays. */
export type PlatformChanges = Omit<CustomPlatform, 'key' | 'unreadable'>

export const sealIf = (vault: Vault, key: string, secret: string | undefined) =>
  secret === undefined ? null : vault.seal(secret, labels.clientSecret(key))

/** A secret of another key costs its platform, not the page. */
export function openSecret(vault: Vault, { key, sealed_secret }: Row): string | undefined {
  return sealed_secret === null
    ? undefined
    : vault.openIfPossible(sealed_secret, labels.clientSecret(key))
}

export function columns(platform: Omit<PlatformChanges, 'clientSecret'>) {
  return {
    title: platform.title,
    icon: platform.icon,
    client_id: platform.clientId,
    scope: platform.scope,
    scope_delimiter: platform.scopeDelimiter,
    authorize_url: platform.authorizeUrl,
    token_url: platform.tokenUrl,
    userinfo_url: platform.userinfoUrl,
    revoke_url: platform.revokeUrl ?? null,
    issuer: platform.issuer ?? null,
    issuer_required: platform.issuerRequired,
    pkce: platform.pkce,
    client_auth: platform.clientAuth,
    id_path: platform.idPath ?? null,
    name_path: platform.namePath ?? null,
    email_path: platform.emailPath ?? null,
    enabled: platform.enabled,
    sign_in: platform.signIn ?? false,
    sign_in_scope: platform.signInScope ?? null,
  } satisfies Columns<CustomProviderRow>
}

export function toPlatform(row: Row, clientSecret: string | undefined): StoredPlatform {
  const clientAuth = wordIn(CLIENT_AUTHS, row.client_auth) // one we do not know cannot be used
  return {
    key: row.key,
    title: row.title,
    icon: row.icon,
    clientId: row.client_id,
    clientSecret,
    hasSecret: row.sealed_secret !== null,
    unreadable: row.sealed_secret !== null && clientSecret === undefined,
    scope: row.scope,
    scopeDelimiter: row.scope_delimiter === ',' ? ',' : ' ',
    authorizeUrl: row.authorize_url,
    tokenUrl: row.token_url,
    userinfoUrl: row.userinfo_url,
    revokeUrl: row.revoke_url ?? undefined,
    issuer: row.issuer ?? undefined,
    issuerRequired: Boolean(row.issuer_required),
    pkce: Boolean(row.pkce),
    clientAuth: clientAuth ?? 'basic',
    idPath: row.id_path ?? undefined,
    namePath: row.name_path ?? undefined,
    emailPath: row.email_path ?? undefined,
    enabled: Boolean(row.enabled) && clientAuth !== undefined,
    signIn: Boolean(row.sign_in),
    signInScope: row.sign_in_scope ?? undefined,
    revision: row.revision,
  }
}
