import type { Knex } from 'knex'
import * as users from './001-020/001-users.ts'
import * as sessions from './001-020/002-sessions.ts'
import * as connections from './001-020/003-connections.ts'
import * as connectionAttempts from './001-020/004-connection-attempts.ts'
import * as healthChecks from './001-020/005-health-checks.ts'
import * as events from './001-020/006-events.ts'
import * as passwordResets from './001-020/007-password-resets.ts'
import * as notices from './001-020/008-notices.ts'
import * as rateLimits from './001-020/009-rate-limits.ts'
import * as vaultCanaries from './001-020/010-vault-canaries.ts'
import * as endings from './001-020/011-endings.ts'
import * as identities from './001-020/012-identities.ts'
import * as signInAttempts from './001-020/013-sign-in-attempts.ts'
import * as customProviders from './001-020/014-custom-providers.ts'
import * as webhooks from './001-020/015-webhooks.ts'
import * as apiTokens from './001-020/016-api-tokens.ts'
import * as sync from './001-020/017-sync.ts'
import * as runFences from './001-020/020-run-fences.ts'
import * as signInByCustom from './023-sign-in-by-custom.ts'
import * as letters from './024-letters.ts'
import * as photoSources from './025-photo-sources.ts'
import * as blame from './027-blame.ts'
import * as plannedAt from './028-planned-at.ts'
import * as cardMemory from './031-card-memory.ts'
import * as cardHolds from './032-card-holds.ts'
import * as paces from './034-paces.ts'
import * as albumTitles from './038-album-titles.ts'
import * as photosAhead from './039-photos-ahead.ts'
import * as pairPlatforms from './040-pair-platforms.ts'
import * as textIds from './041-text-ids.ts'
import * as checkHistory from './042-check-history.ts'
import * as incidentIndex from './043-incident-index.ts'
import * as userWords from './044-user-words.ts'
import * as foundRuns from './046-found-runs.ts'
import * as foundSwept from './047-found-swept.ts'
import * as keptCounts from './048-kept-counts.ts'
import * as keptRefreshes from './049-kept-refreshes.ts'
import * as goodsInOrder from './050-goods-in-order.ts'
import * as backups from './053-backups.ts'
import * as platformSettings from './054-platform-settings.ts'
import * as instances from './055-instances.ts'
import * as blockedUsers from './056-blocked-users.ts'
import * as invitations from './057-invitations.ts'
import * as syncGoods from './060-sync-goods.ts'
import * as overrides from './061-overrides.ts'
import * as goodPhotos from './065-good-photos.ts'

/** Every migration, oldest first. Append only: names are recorded in the database. */
const MIGRATIONS: readonly (readonly [string, Knex.Migration])[] = [
  ['001-users', users],
  ['002-sessions', sessions],
  ['003-connections', connections],
  ['004-connection-attempts', connectionAttempts],
  ['005-health-checks', healthChecks],
  ['006-events', events],
  ['007-password-resets', passwordResets],
  ['008-notices', notices],
  ['009-rate-limits', rateLimits],
  ['010-vault-canaries', vaultCanaries],
  ['011-endings', endings],
  ['012-identities', identities],
  ['013-sign-in-attempts', signInAttempts],
  ['014-custom-providers', customProviders],
  ['015-webhooks', webhooks],
  ['016-api-tokens', apiTokens],
  ['017-sync', sync],
  ['020-run-fences', runFences],
  ['023-sign-in-by-custom', signInByCustom],
  ['024-letters', letters],
  ['025-photo-sources', photoSources],
  ['027-blame', blame],
  ['028-planned-at', plannedAt],
  ['031-card-memory', cardMemory],
  ['032-card-holds', cardHolds],
  ['034-paces', paces],
  ['038-album-titles', albumTitles],
  ['039-photos-ahead', photosAhead],
  ['040-pair-platforms', pairPlatforms],
  ['041-text-ids', textIds],
  ['042-check-history', checkHistory],
  ['043-incident-index', incidentIndex],
  ['044-user-words', userWords],
  ['046-found-runs', foundRuns],
  ['047-found-swept', foundSwept],
  ['048-kept-counts', keptCounts],
  ['049-kept-refreshes', keptRefreshes],
  ['050-goods-in-order', goodsInOrder],
  ['053-backups', backups],
  ['054-platform-settings', platformSettings],
  ['055-instances', instances],
  ['056-blocked-users', blockedUsers],
  ['057-invitations', invitations],
  ['060-sync-goods', syncGoods],
  ['061-overrides', overrides],
  ['065-good-photos', goodPhotos],
]

/** Their names, oldest first. */
export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map(([name]) => name)

/** Where Knex records what has been done; its own name for it. */
export const MIGRATIONS_TABLE = 'knex_migrations'

type Named = (typeof MIGRATIONS)[number]

/** Knex would record file names with their extension, and so differ between ways of running; ours have none. */
export const migrationSource: Knex.MigrationSource<Named> = {
  getMigrations: () => Promise.resolve([...MIGRATIONS]),
  getMigrationName: ([name]) => name,
  getMigration: ([, migration]) => Promise.resolve(migration),
}
