import type { Vault } from '../crypto/vault.ts'
import { createApiTokenStore } from './api-tokens.ts'
import { createAttemptStore } from './attempts.ts'
import { createCheckHistoryStore } from './check-history.ts'
import { createCheckStore } from './checks.ts'
import { createConnectionStore } from './connections.ts'
import { createCustomProviderStore } from './custom-providers.ts'
import type { Db } from './db.ts'
import { createDeliveryStore } from './deliveries.ts'
import { createEventStore } from './events.ts'
import { createIdentityStore } from './identities.ts'
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
import type { Reader } from './reader.ts'
import { createRefreshStore } from './refreshes.ts'
import { SessionStore } from './sessions.ts'
import { createSignInAttemptStore } from './sign-in-attempts.ts'
import { createSyncHoldStore } from './sync-holds.ts'
import { createSyncItemStore } from './sync-items.ts'
import { createSyncLinkStore } from './sync-links.ts'
import { createSyncReportStore } from './sync-report.ts'
import { createSyncResultStore } from './sync-results.ts'
import { createSyncRunStore } from './sync-runs.ts'
import { createSyncStepStore } from './sync-steps.ts'
import { createNoticeQueue } from './notice-queue.ts'
import { createUserSearchStore } from './user-search.ts'
import { createUserStore } from './users.ts'
import { createWebhookStore } from './webhooks.ts'

export type Stores = ReturnType<typeof createStores>

/** Every store, over the database itself or over one transaction of it. */
export function createStores(db: Db, reader: Reader, vault: Vault) {
  return {
    users: createUserStore(db, reader),
    userSearch: createUserSearchStore(db),
    identities: createIdentityStore(db),
    signInAttempts: createSignInAttemptStore(db, vault, reader),
    sessions: new SessionStore(db, reader),
    openSessions: createOpenSessionStore(db),
    connections: createConnectionStore(db, vault, reader),
    refreshes: createRefreshStore(db, vault),
    checks: createCheckStore(db),
    checkHistory: createCheckHistoryStore(db),
    attempts: createAttemptStore(db, vault),
    offers: createOfferStore(db, vault),
    letters: createLetterStore(db),
    notices: createNoticeStore(db, reader),
    noticeQueue: createNoticeQueue(db),
    outages: createPlatformOutageStore(db),
    webhooks: createWebhookStore(db, vault),
    deliveries: createDeliveryStore(db),
    events: createEventStore(db),
    overview: createOverviewStore(db),
    resets: createPasswordResetStore(db),
    apiTokens: createApiTokenStore(db),
    limits: createLimitStore(db),
    paces: createPaceStore(db),
    customProviders: createCustomProviderStore(db, vault),
    syncLinks: createSyncLinkStore(db, vault, reader),
    syncHolds: createSyncHoldStore(db),
    syncItems: createSyncItemStore(db),
    syncRuns: createSyncRunStore(db),
    syncSteps: createSyncStepStore(db),
    syncReport: createSyncReportStore(db),
    syncResults: createSyncResultStore(db, vault),
    photos: createPhotoStore(db),
  }
}
