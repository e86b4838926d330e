import type { Knex } from 'knex'
import type { Action } from '../catalogue/steps.ts'
import type { Half } from './check-times.ts'
import type { Stored } from './db.ts'
import type {
  ClientAuth,
  DeliveryStatus,
  Health,
  NoticeKind,
  Origin,
  Purpose,
  Role,
  RunState,
  Stage,
  StepState,
} from './vocabulary.ts'

/*
 * Every table with every column, as the migrations leave them: `db('users')` knows its columns by this page, so that a
 * misspelt one does not compile. tests/store/tables.test.ts compares it with both engines.
 */

/** Columns to be written: a value, or an expression or a question of the database's own. */
export type Columns<Row> = {
  readonly [Name in keyof Row]?: Row[Name] | Knex.Raw | Knex.QueryBuilder
}

/**
 * A row as it is read. A word of ours comes back as a plain text until somebody has looked at it (`wordIn`): a newer
 * version may have written one we do not know.
 */
export type Read<Row> = { [Name in keyof Row]: Unproven<Row[Name]> }
type Unproven<Value> = Value extends string ? string : Value

/** What a table takes: one row's columns when it is asked or written, whole rows when it is read. */
type Table<Row extends object> = Knex.CompositeTableType<
  Read<Row>,
  Columns<Row>,
  Columns<Row>,
  Columns<Row>
>

/** SQLite has no booleans of its own. */
type Flag = boolean | number

export interface ApiTokenRow {
  id: number
  user_id: number
  name: string
  token_hash: string
  scopes: string
  created_at: Stored
  expires_at: Stored | null
  last_used_at: Stored | null
}

export interface AttemptRow {
  id: number
  state_hash: string
  session_hash: string
  user_id: number
  provider: string
  return_to: string | null
  sealed_verifier: string | null
  created_at: Stored
  expires_at: Stored
  taken_at: Stored | null
  outcome: string | null
  sealed_offer: string | null
}

export interface BackupRow {
  id: number
  tick: Stored
  began_at: Stored
  ended_at: Stored | null
  file: string | null
  bytes: number | string | null
  trouble: string | null
}

/** A column for each half hour of the day. */
export interface CheckCountRow extends Record<Half, number | null> {
  connection_id: number
  day: number
  health: Health
}

export interface CheckTotalRow {
  span: number
  provider: string
  slot: number
  passed: number
  failed: number
}

export interface ConnectionCountRow {
  provider: string
  health: Health
  shard: number
  count: number
}

export interface ConnectionRow {
  id: number
  user_id: number
  provider: string
  account_id: string | null
  account_name: string | null
  profile: string
  sealed_tokens: string
  renewable: Flag
  scope: string | null
  expires_at: Stored | null
  refresh_expires_at: Stored | null
  is_online: Flag
  health: Health
  reason: string | null
  detail: string | null
  last_checked_at: Stored | null
  last_online_at: Stored | null
  next_check_at: Stored | null
  check_owner: string | null
  check_until: Stored | null
  connected_at: Stored
  updated_at: Stored
  revision: number
  lease_owner: string | null
  lease_until: Stored | null
  refresh_due_at: Stored | null
  refresh_after: Stored | null
  failed_checks: number
  incident: string | null
  incident_at: Stored | null
  ends_at: Stored | null
  refusals: number
}

export interface CustomProviderRow {
  id: number
  key: string
  title: string
  icon: string
  client_id: string
  sealed_secret: string | null
  scope: string
  scope_delimiter: string
  authorize_url: string
  token_url: string
  userinfo_url: string
  revoke_url: string | null
  issuer: string | null
  issuer_required: Flag
  pkce: Flag
  client_auth: ClientAuth
  id_path: string | null
  name_path: string | null
  email_path: string | null
  enabled: Flag
  revision: number
  created_at: Stored
  updated_at: Stored
  sign_in: Flag
  sign_in_scope: string | null
}

export interface EventRow {
  id: number
  at: Stored
  user_id: number | null
  event: string
  provider: string | null
  address: string | null
  request_id: string | null
  details: string | null
}

export interface HealthChangeRow {
  id: number
  connection_id: number
  changed_at: Stored
  health: Health
  reason: string | null
  detail: string | null
}

export interface IdentityRow {
  id: number
  user_id: number
  provider: string
  subject: string
  email: string | null
  created_at: Stored
  last_used_at: Stored | null
  edition: string
}

export interface InstanceRow {
  id: string
  role: string
  host: string
  version: string
  started_at: Stored
  seen_at: Stored
}

export interface InvitationRow {
  id: number
  token_hash: string | null
  role: Role
  email: string | null
  made_by: number
  created_at: Stored
  expires_at: Stored
}

export interface LetterRow {
  id: number
  user_id: number
  kind: string
  details: string
  tries: number
  sender: string | null
  next_at: Stored
  created_at: Stored
}

export interface NoticeRow {
  id: number
  user_id: number
  provider: string
  kind: NoticeKind
  code: string
  created_at: Stored
  closed_at: Stored | null
  count: number | null
  told_at: Stored | null
  teller: string | null
  tell_until: Stored | null
  tries: number
}

export interface PaceRow {
  lane: string
  moments: string
  asked_at: number
  taker: string
  shared_at: number
  held_until: number
}

export interface PasswordResetRow {
  id: number
  token_hash: string
  user_id: number
  created_at: Stored
  expires_at: Stored
}

export interface PlatformOutageRow {
  provider: string
  code: string
  hit: number
  began_at: Stored
  ended_at: Stored | null
}

export interface PlatformSettingRow {
  id: number
  provider: string
  name: string
  sealed_value: string
  entered_at: Stored
}

export interface RateLimitRow {
  key: string
  count: number
  resets_at: Stored
}

export interface RefreshCountRow {
  hour: number
  provider: string
  event: string
  shard: number
  count: number
}

export interface SessionRow {
  id: number
  sid_hash: string
  user_id: number | null
  data: string
  created_at: Stored
  seen_at: Stored
  expires_at: Stored
}

export interface SignInAttemptRow {
  id: number
  state_hash: string
  session_hash: string
  provider: string
  purpose: Purpose
  user_id: number | null
  sealed_verifier: string | null
  return_to: string | null
  created_at: Stored
  expires_at: Stored
  taken_at: Stored | null
  edition: string
}

export interface SyncGoodRow {
  id: number
  link_id: number
  product_id: string
  name: string
  words: string
  group_id: string | null
  price: number
  state: string
  code: string | null
  code_values: string | null
  card: string | null
}

export interface SyncGoodPhotoRow {
  id: number
  user_id: number
  source: string
  store_id: string
  product_id: string
  place: number
  photo_id: number
}

export interface SyncGroupRow {
  id: number
  link_id: number
  group_id: string
  body: string
  album_id: string | null
  album_title: string | null
}

export interface SyncHoldRow {
  id: number
  target: string
  community_id: string
  ending: string
  link_id: number
}

export interface SyncItemRow {
  id: number
  link_id: number
  product_id: string
  product: string
  misses: number
  item_id: string | null
  photo: string | null
  photo_hash: string | null
  album_id: string | null
  memory: string | null
  ahead_photo: string | null
  ahead_hash: string | null
}

export interface SyncLinkRow {
  id: number
  user_id: number
  source: string
  target: string
  store_id: string
  store_name: string
  community_id: string
  community_name: string
  community_url: string
  settings: string
  revision: number
  paused: Flag
  next_run_at: Stored | null
  hinted_at: Stored | null
  listed_from: Stored | null
  listed_whole_at: Stored | null
  changes: number
  settled: number
  singly: Flag
  trouble: string | null
  trouble_values: string | null
  sealed_feed_key: string
  feed_hash: string
  created_at: Stored
  trouble_platform: string | null
  trouble_passes: Flag
  planned_at: Stored | null
}

export interface SyncOverrideRow {
  id: number
  user_id: number
  source: string
  store_id: string
  product_id: string
  title: string | null
  description: string | null
  old_price: number | null
  aside: Flag
  act_at: Stored | null
  aside_before: Flag | null
}

export interface SyncPhotoRow {
  id: number
  user_id: number
  name: string
  hash: string
  width: number
  height: number
  jpeg: Uint8Array
  created_at: Stored
  source: string | null
}

export interface SyncRunRow {
  id: number
  link_id: number
  active_link_id: number | null
  state: RunState
  origin: Origin
  started_by: string | null
  parent_id: number | null
  whole: Flag
  confirmed: Flag
  stage: Stage
  digest: string | null
  link_revision: number
  changes: number
  products: number
  shown_before: number
  unchanged: number
  total: number
  created: number
  updated: number
  hidden: number
  removed: number
  failed: number
  skipped: number
  reason: string | null
  reason_values: string | null
  reason_link: string | null
  resume_at: Stored | null
  pauses: number
  stop_asked: Flag
  lease_owner: string | null
  lease_process: string | null
  lease_until: Stored | null
  created_at: Stored
  started_at: Stored | null
  finished_at: Stored | null
  fence: number
  paused_at: Stored | null
  reason_platform: string | null
  failing_since: Stored | null
  renamed: number
}

export interface SyncStepRow {
  id: number
  run_id: number
  place: number
  product_id: string
  action: Action
  body: string
  state: StepState
  sent_at: Stored | null
  item_id: string | null
  placed: Flag
  code: string | null
  code_values: string | null
}

export interface UserRow {
  id: number
  email: string
  name: string
  password_hash: string | null
  role: Role
  time_zone: string | null
  founder: Flag | null
  created_at: Stored
  updated_at: Stored
  signed_in_at: Stored | null
  blocked_at: Stored | null
  block_reason: string | null
}

export interface UserWordRow {
  word: string
  user_id: number
}

export interface VaultCanaryRow {
  key_id: string
  sealed: string
}

export interface DeliveryRow {
  id: number
  webhook_id: number
  key: string
  event: string
  payload: string
  status: DeliveryStatus
  attempts: number
  next_attempt_at: Stored | null
  claimed_by: string | null
  claimed_until: Stored | null
  response_status: number | null
  error: string | null
  created_at: Stored
  delivered_at: Stored | null
}

export interface WebhookRow {
  id: number
  user_id: number
  url: string
  sealed_secret: string
  enabled: Flag
  sender: string | null
  sending_until: Stored | null
  failing_since: Stored | null
  switched_off_at: Stored | null
  created_at: Stored
}

export interface MigrationRow {
  id: number
  name: string
  batch: number
  migration_time: Stored
}

export interface MigrationLockRow {
  index: number
  is_locked: number | null
}

declare module 'knex/types/tables.js' {
  interface Tables {
    api_tokens: Table<ApiTokenRow>
    backups: Table<BackupRow>
    connection_attempts: Table<AttemptRow>
    connection_counts: Table<ConnectionCountRow>
    connections: Table<ConnectionRow>
    custom_providers: Table<CustomProviderRow>
    events: Table<EventRow>
    check_counts: Table<CheckCountRow>
    check_totals: Table<CheckTotalRow>
    health_changes: Table<HealthChangeRow>
    identities: Table<IdentityRow>
    instances: Table<InstanceRow>
    invitations: Table<InvitationRow>
    letters: Table<LetterRow>
    notices: Table<NoticeRow>
    paces: Table<PaceRow>
    password_resets: Table<PasswordResetRow>
    platform_outages: Table<PlatformOutageRow>
    platform_settings: Table<PlatformSettingRow>
    rate_limits: Table<RateLimitRow>
    refresh_counts: Table<RefreshCountRow>
    sessions: Table<SessionRow>
    sign_in_attempts: Table<SignInAttemptRow>
    sync_goods: Table<SyncGoodRow>
    sync_good_photos: Table<SyncGoodPhotoRow>
    sync_groups: Table<SyncGroupRow>
    sync_holds: Table<SyncHoldRow>
    sync_items: Table<SyncItemRow>
    sync_links: Table<SyncLinkRow>
    sync_overrides: Table<SyncOverrideRow>
    sync_photos: Table<SyncPhotoRow>
    sync_runs: Table<SyncRunRow>
    sync_steps: Table<SyncStepRow>
    users: Table<UserRow>
    user_words: Table<UserWordRow>
    vault_canaries: Table<VaultCanaryRow>
    webhook_deliveries: Table<DeliveryRow>
    webhooks: Table<WebhookRow>
    knex_migrations: Table<MigrationRow>
    knex_migrations_lock: Table<MigrationLockRow>
  }
}
