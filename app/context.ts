import { randomUUID } from 'node:crypto'
import type { Config } from './config.ts'
import { createHttp, type HttpOptions } from './http/client.ts'
import type { Call } from './http/exchange.ts'
import { createMail } from './http/mail.ts'
import type { HttpEvent } from './http/observe.ts'
import { createLog } from './log.ts'
import { createMetrics, type Metrics } from './metrics.ts'
import type { Tokens } from './oauth/tokens.ts'
import { createPasswords } from './passwords.ts'
import { createProviders } from './providers/index.ts'
import type { Provider } from './providers/provider.ts'
import { createRecent } from './recent.ts'
import { createApiTokenStore } from './store/api-tokens.ts'
import { createAttemptStore } from './store/attempts.ts'
import { createCheckStore } from './store/checks.ts'
import { createConnectionStore } from './store/connections.ts'
import { createCustomProviderStore } from './store/custom-providers.ts'
import { openDb } from './store/db.ts'
import { createDeliveryStore } from './store/deliveries.ts'
import { createEventStore } from './store/events.ts'
import { createIdentityStore } from './store/identities.ts'
import { createLimitStore } from './store/limits.ts'
import { createNoticeStore } from './store/notices.ts'
import { createOfferStore } from './store/offers.ts'
import { createOpenSessionStore } from './store/open-sessions.ts'
import { createOverviewStore } from './store/overview.ts'
import { createPasswordResetStore } from './store/password-resets.ts'
import { createPhotoStore } from './store/photos.ts'
import { createPlatformOutageStore } from './store/platform-outages.ts'
import { createReader } from './store/reader.ts'
import { createRefreshStore } from './store/refreshes.ts'
import { SessionStore } from './store/sessions.ts'
import { createSyncItemStore } from './store/sync-items.ts'
import { createSyncLinkStore } from './store/sync-links.ts'
import { createSyncReportStore } from './store/sync-report.ts'
import { createSyncResultStore } from './store/sync-results.ts'
import { createSyncRunStore } from './store/sync-runs.ts'
import { createSyncStepStore } from './store/sync-steps.ts'
import { createTellingStore } from './store/tellings.ts'
import { createSignInAttemptStore } from './store/sign-in-attempts.ts'
import { createUserStore } from './store/users.ts'
import { createWebhookStore } from './store/webhooks.ts'
import { createVault } from './vault.ts'

export type Context = ReturnType<typeof createContext>

/** An access token fit to be used, and the revision of the row it stands in. */
export interface Access {
  tokens: Tokens
  revision: number
}

/** What tests may replace: the far side, never our own parts. */
export type Overrides = Partial<{
  log: ReturnType<typeof createLog>
  http: Partial<HttpOptions>
  quietMs: number
}>

/** Longer than our own patience with a request, and some more for the platform's. */
const QUIET_MS = 20_000

/** Builds everything once and wires it; the only place that does. Nothing is asked of the database yet. */
export function createContext(config: Config, overrides: Overrides = {}) {
  const db = openDb(config.database)
  const reader = createReader(db, config.database)
  const vault = createVault(config.tokenKeys)
  const log = overrides.log ?? createLog(config.logLevel)
  const metrics = createMetrics()
  const recent = createRecent()
  const http = createHttp({
    allowedHosts: config.allowedHosts,
    typedHosts: config.typedHosts,
    observe: observer(metrics, recent),
    ...overrides.http,
  })
  const customProviders = createCustomProviderStore(db, vault)
  const providers = createProviders(config, () => customProviders.all())
  const background = new Set<Promise<void>>()
  const instance = randomUUID()
  let claims = 0

  return {
    config,
    db,
    vault,
    log,
    metrics,
    recent,
    /** The outgoing client of one platform, with its breaker. */
    httpFor: ({ key, extraCa = [], edition, maxBytes, perSecond }: Provider) =>
      http.platform(key, {
        extraCa,
        typed: edition !== undefined,
        ...(maxBytes && { maxBytes }),
        ...(perSecond && { perSecond }),
      }),
    /** One request to an address a person typed. */
    sendTyped: (call: Call) => http.sendTyped(call),
    mail: createMail(config.smtp, (outcome) => metrics.letters.inc({ outcome })),
    passwords: createPasswords([
      'evosync',
      'эвосинк',
      ...providers.all.flatMap(({ key, title }) => [key, title]),
    ]),
    providers,
    customProviders,
    /** A client for trying addresses nobody has saved yet: the same guard, and nobody's breaker. */
    probe: () => http.probe(),
    /** Names this process. */
    instance,
    /** Names one claim in leases: an earlier one of this very process is somebody else's. */
    claimName: () => `${instance}:${(claims += 1)}`,
    /** Runs this process is carrying out. */
    carrying: new Set<Promise<void>>(),
    /** So long after a request nothing of it can be under way any more; milliseconds. */
    quietMs: overrides.quietMs ?? QUIET_MS,
    /** Refreshes under way in this process, by connection. */
    refreshing: new Map<number, Promise<Access>>(),

    users: createUserStore(db, reader),
    identities: createIdentityStore(db),
    signInAttempts: createSignInAttemptStore(db, vault),
    sessions: new SessionStore(db, reader),
    openSessions: createOpenSessionStore(db),
    connections: createConnectionStore(db, vault, reader),
    refreshes: createRefreshStore(db, vault),
    checks: createCheckStore(db),
    attempts: createAttemptStore(db, vault),
    offers: createOfferStore(db, vault),
    notices: createNoticeStore(db, reader),
    tellings: createTellingStore(db),
    outages: createPlatformOutageStore(db),
    webhooks: createWebhookStore(db, vault),
    deliveries: createDeliveryStore(db),
    events: createEventStore(db),
    overview: createOverviewStore(db),
    resets: createPasswordResetStore(db),
    apiTokens: createApiTokenStore(db),
    limits: createLimitStore(db),
    syncLinks: createSyncLinkStore(db, vault),
    syncItems: createSyncItemStore(db),
    syncRuns: createSyncRunStore(db),
    syncSteps: createSyncStepStore(db),
    syncReport: createSyncReportStore(db),
    syncResults: createSyncResultStore(db),
    photos: createPhotoStore(db),

    /** Work nobody waits for, such as a letter; a failure is logged, and stopping waits for it. */
    later(event: string, work: () => Promise<void>) {
      const task = work().catch((error: unknown) => {
        log.error(event, { error })
      })
      background.add(task)
      void task.finally(() => background.delete(task))
    },
    /** Ends what was begun and lets go of sockets and files. */
    async close() {
      await Promise.all(background)
      await http.close()
      reader.close()
      await db.destroy()
      recent.close()
      metrics.close()
    },
  }
}

type Recent = ReturnType<typeof createRecent>

/** What the client tells becomes figures here, so that it knows nothing of them. */
function observer(metrics: Metrics, recent: Recent): (event: HttpEvent) => void {
  return (event) => {
    const { platform } = event
    if (event.about === 'breaker') {
      metrics.breakerTurns.inc({ platform, to: event.state })
      recent.noteTurn(platform)
      return
    }
    metrics.requests.inc({ platform, verdict: event.verdict })
    if (event.ms !== undefined) metrics.requestSeconds.observe({ platform }, event.ms / 1000)
  }
}
