import type { Vault } from '../crypto/vault.ts'
import { createApiTokenStore } from './api-tokens.ts'
import { createAttemptStore } from './attempts.ts'
import { createBackupLog } from './backup-log.ts'
import { createCheckHistoryStore } from './check-history.ts'
import { createCheckStore } from './checks.ts'
import { createConnectionStore } from './connections.ts'
import { createCustomProviderStore } from './custom-providers.ts'
import type { Db } from './db.ts'
import { createDeliveryStore } from './deliveries.ts'
import { createEventStore } from './events.ts'
import { createIdentityStore } from './identities.ts'
import { createInstanceStore } from './instances.ts'
import { createInvitationStore } from './invitations.ts'
import { createLetterStore } from './letters.ts'
import { createLimitStore } from './limits.ts'
import { createNoticeStore } from './notices.ts'
import { createOfferStore } from './offers.ts'
import { createOpenSessionStore } from './open-sessions.ts'
import { createOverviewStore } from './overview.ts'
import { createPaceStore } from './paces.ts'
import { createPasswordResetStore } from './password-resets.ts'
import { createPhotoStore } from './photos.ts'
import { createPlatformOutageStore } from './platform-outages.ts'
import { createPlatformSettingStore } from './platform-settings.ts'
import type { Reader } from './reader.ts'
import { createRefreshStore } from './refreshes.ts'
import { SessionStore } from './sessions.ts'
import { createSignInAttemptStore } from './sign-in-attempts.ts'
import { createSyncGoodStore } from './sync-goods.ts'
import { createSyncGoodPhotoStore } from './sync-good-photos.ts'
import { createSyncHoldStore } from './sync-holds.ts'
import { createSyncItemStore } from './sync-items.ts'
import { createSyncLinkStore } from './sync-links.ts'
import { createSyncOverrideStore } from './sync-overrides.ts'
import { createSyncReportStore } from './sync-report.ts'
import { createSyncResultStore } from './sync-results.ts'
import { createSyncRunStore } from './sync-runs.ts'
import { createSyncStepStore } from './sync-steps.ts'
import { createNoticeQueue } from './notice-queue.ts'
import { createUserSearchStore } from './user-search.ts'
import { createStandingStore } from './standing.ts'
import { createUserStore } from './users.ts'
import { createWebhookStore } from './webhooks.ts'

/** What stores are made of: the database itself or one transaction of it. */
interface Ground {
  db: Db
  reader: Reader
  vault: Vault
}

const MAKERS = {
  users: ({ db, reader }: Ground) => createUserStore(db, reader),
  standing: ({ db }: Ground) => createStandingStore(db),
  userSearch: ({ db }: Ground) => createUserSearchStore(db),
  identities: ({ db }: Ground) => createIdentityStore(db),
  signInAttempts: ({ db, reader, vault }: Ground) => createSignInAttemptStore(db, vault, reader),
  sessions: ({ db, reader }: Ground) => new SessionStore(db, reader),
  openSessions: ({ db }: Ground) => createOpenSessionStore(db),
  connections: ({ db, reader, vault }: Ground) => createConnectionStore(db, vault, reader),
  refreshes: ({ db, vault }: Ground) => createRefreshStore(db, vault),
  checks: ({ db }: Ground) => createCheckStore(db),
  checkHistory: ({ db }: Ground) => createCheckHistoryStore(db),
  attempts: ({ db, vault }: Ground) => createAttemptStore(db, vault),
  offers: ({ db, vault }: Ground) => createOfferStore(db, vault),
  invitations: ({ db }: Ground) => createInvitationStore(db),
  letters: ({ db }: Ground) => createLetterStore(db),
  notices: ({ db, reader }: Ground) => createNoticeStore(db, reader),
  noticeQueue: ({ db }: Ground) => createNoticeQueue(db),
  outages: ({ db }: Ground) => createPlatformOutageStore(db),
  webhooks: ({ db, vault }: Ground) => createWebhookStore(db, vault),
  deliveries: ({ db }: Ground) => createDeliveryStore(db),
  events: ({ db }: Ground) => createEventStore(db),
  backups: ({ db }: Ground) => createBackupLog(db),
  instances: ({ db }: Ground) => createInstanceStore(db),
  overview: ({ db }: Ground) => createOverviewStore(db),
  resets: ({ db }: Ground) => createPasswordResetStore(db),
  apiTokens: ({ db }: Ground) => createApiTokenStore(db),
  limits: ({ db }: Ground) => createLimitStore(db),
  paces: ({ db }: Ground) => createPaceStore(db),
  customProviders: ({ db, vault }: Ground) => createCustomProviderStore(db, vault),
  platformSettings: ({ db, vault }: Ground) => createPlatformSettingStore(db, vault),
  syncLinks: ({ db, reader, vault }: Ground) => createSyncLinkStore(db, vault, reader),
  syncHolds: ({ db }: Ground) => createSyncHoldStore(db),
  syncGoods: ({ db }: Ground) => createSyncGoodStore(db),
  syncItems: ({ db }: Ground) => createSyncItemStore(db),
  syncRuns: ({ db }: Ground) => createSyncRunStore(db),
  syncSteps: ({ db }: Ground) => createSyncStepStore(db),
  syncReport: ({ db }: Ground) => createSyncReportStore(db),
  syncResults: ({ db, vault }: Ground) => createSyncResultStore(db, vault),
  syncGoodPhotos: ({ db }: Ground) => createSyncGoodPhotoStore(db),
  syncOverrides: ({ db }: Ground) => createSyncOverrideStore(db),
  photos: ({ db }: Ground) => createPhotoStore(db),
}

export type Stores = { readonly [Name in keyof typeof MAKERS]: ReturnType<(typeof MAKERS)[Name]> }

const NAMES = Object.keys(MAKERS) as (keyof Stores)[]

/** Every store. */
export function createStores(db: Db, reader: Reader, vault: Vault): Stores {
  const made = storesOnDemand(db, reader, vault)
  return Object.fromEntries(NAMES.map((name) => [name, made[name]])) as unknown as Stores
}

/** Every store, each made when it is first asked for: a unit asks few of them. */
export const storesOnDemand = (db: Db, reader: Reader, vault: Vault): Stores =>
  Object.create(ON_DEMAND, { ground: { value: { db, reader, vault } } }) as Stores

/** Getters that make way for what they have made. */
const ON_DEMAND = Object.defineProperties({}, Object.fromEntries(NAMES.map(getterOf)))

function getterOf(name: keyof Stores): [string, PropertyDescriptor] {
  const get = function (this: { ground: Ground }) {
    const value = MAKERS[name](this.ground)
    Object.defineProperty(this, name, { value })
    return value
  }
  return [name, { get }]
}
