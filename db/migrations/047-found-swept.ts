import type { Knex } from 'knex'

/**
 * Queues of ticks, the journal's questions, what the hourly sweep asks for, and what else was found by reading a whole
 * table. Not built `concurrently` (decision 038).
 */
const INDEXES = {
  // Queues of a tick, in the order they are asked; each connection stands in one of the first two
  connections_due: 'connections (provider, last_checked_at) where next_check_at is null',
  connections_resting: 'connections (provider, next_check_at) where next_check_at is not null',
  connections_claimed: 'connections (provider, check_until) where check_until is not null',
  connections_owners: 'connections (provider, user_id)', // who is connected to a platform
  // Whose account it is, as hints of platforms say; PostgreSQL indexes no text of any length
  connections_accounts: 'connections (provider, substr(account_id, 1, 128))',
  events_of_kind: 'events (event, id)', // all of one sort, newest first
  events_of_person: 'events (user_id, id)',
  events_of_connection: 'events (user_id, provider, id)',
  events_old: 'events (at)',
  // What is to be told, person by person: PostgreSQL sorts by no index that begins with a null
  notices_untold: 'notices (user_id, id) where told_at is null',
  notices_old: 'notices (created_at)',
  webhook_deliveries_due: 'webhook_deliveries (next_attempt_at) where next_attempt_at is not null',
  // the clock was set back since
  webhook_deliveries_tried:
    'webhook_deliveries (attempts, next_attempt_at) where next_attempt_at is not null',
  // what else waits for a dead end
  webhook_deliveries_waiting:
    'webhook_deliveries (webhook_id, next_attempt_at) where next_attempt_at is not null',
  webhook_deliveries_old: 'webhook_deliveries (created_at)',
  api_tokens_old: 'api_tokens (expires_at) where expires_at is not null',
  identities_provider: 'identities (provider, user_id)', // how many come in by it
  // A list without reading past the pictures, which SQLite keeps amid the row
  sync_photos_listed: 'sync_photos (user_id, id, name, hash, width, height, created_at)',
  users_role: 'users (role)', // administrators
  // An administrator's platform takes its attempts along
  connection_attempts_provider: 'connection_attempts (provider)',
  sign_in_attempts_provider: 'sign_in_attempts (provider)',
}

export async function up(db: Knex) {
  for (const [name, on] of Object.entries(INDEXES)) await db.raw(`create index ${name} on ${on}`)
  await db.schema.alterTable('webhook_deliveries', (table) => {
    table.dropIndex(['status', 'next_attempt_at'])
  })
  await db.schema.alterTable('connections', (table) => {
    table.dropIndex(['provider', 'last_checked_at'])
  })
  await db.schema.alterTable('notices', (table) => {
    table.dropIndex(['told_at', 'user_id'])
  })
}

export async function down(db: Knex) {
  await db.schema.alterTable('webhook_deliveries', (table) => {
    table.index(['status', 'next_attempt_at'])
  })
  await db.schema.alterTable('connections', (table) => {
    table.index(['provider', 'last_checked_at'])
  })
  await db.schema.alterTable('notices', (table) => {
    table.index(['told_at', 'user_id'])
  })
  for (const name of Object.keys(INDEXES)) await db.raw(`drop index ${name}`)
}
