/** What a sealed text is bound to: table, row owner and column. One that was moved to another row does not open. */
export const labels = {
  tokens: (userId: number, provider: string) => `connections:${userId}:${provider}:sealed_tokens`,
  verifier: (userId: number) => `connection_attempts:${userId}:verifier`,
  offer: (userId: number) => `connection_attempts:${userId}:offer`,
  signInVerifier: (stateHash: string) => `sign_in_attempts:${stateHash}:verifier`,
  clientSecret: (provider: string) => `custom_providers:${provider}:sealed_secret`,
  setting: (provider: string, name: string) => `platform_settings:${provider}:${name}:sealed_value`,
  webhookSecret: (userId: number) => `webhooks:${userId}:secret`,
  feedKey: (userId: number) => `sync_links:${userId}:feed_key`,
  canary: (keyId: string) => `vault_canaries:${keyId}:sealed`,
}

/** Columns of a row that a label may need; each table has those its entry below reads. */
interface Owner {
  user_id: number
  provider: string
  key: string
  name: string
  state_hash: string
}

export interface SealedColumn {
  table: string
  column: string
  /** Read beside it to know the label. */
  owner: readonly (keyof Owner)[]
  label: (row: Owner) => string
}

/** Every column that holds sealed texts, canaries aside: what a change of keys has to go through. Its table has an `id`. */
export const SEALED_COLUMNS: readonly SealedColumn[] = [
  {
    table: 'connections',
    column: 'sealed_tokens',
    owner: ['user_id', 'provider'],
    label: (row) => labels.tokens(row.user_id, row.provider),
  },
  {
    table: 'connection_attempts',
    column: 'sealed_verifier',
    owner: ['user_id'],
    label: (row) => labels.verifier(row.user_id),
  },
  {
    table: 'connection_attempts',
    column: 'sealed_offer',
    owner: ['user_id'],
    label: (row) => labels.offer(row.user_id),
  },
  {
    table: 'sign_in_attempts',
    column: 'sealed_verifier',
    owner: ['state_hash'],
    label: (row) => labels.signInVerifier(row.state_hash),
  },
  {
    table: 'custom_providers',
    column: 'sealed_secret',
    owner: ['key'],
    label: (row) => labels.clientSecret(row.key),
  },
  {
    table: 'platform_settings',
    column: 'sealed_value',
    owner: ['provider', 'name'],
    label: (row) => labels.setting(row.provider, row.name),
  },
  {
    table: 'webhooks',
    column: 'sealed_secret',
    owner: ['user_id'],
    label: (row) => labels.webhookSecret(row.user_id),
  },
  {
    table: 'sync_links',
    column: 'sealed_feed_key',
    owner: ['user_id'],
    label: (row) => labels.feedKey(row.user_id),
  },
]
