import { randomUUID } from 'node:crypto'
import type { Config } from './config/index.ts'
import { createDescriptors } from './observe/descriptors.ts'
import { createHttp } from './http/client.ts'
import type { HttpOptions } from './http/http-options.ts'
import type { Call } from './http/call.ts'
import { createMail } from './http/mail.ts'
import type { HttpEvent } from './http/observe.ts'
import { createLog } from './observe/log.ts'
import { createMetrics, type Metrics } from './observe/metrics.ts'
import type { Tokens } from './oauth/tokens.ts'
import { type Cost, createPasswords } from './crypto/passwords.ts'
import { configuredHosts } from './config/platform-hosts.ts'
import { createProviders } from './providers/index.ts'
import type { Provider } from './providers/provider.ts'
import { createRecent } from './observe/recent.ts'
import { createStores, storesOnDemand, type Stores } from './store/all.ts'
import { type Db, openDb } from './store/db.ts'
import type { Durability } from './store/durability.ts'
import { readVersion } from './root.ts'
import { createReader, readerWithin } from './store/reader.ts'
import { inOneTransaction } from './store/unit.ts'
import { createTicks } from './observe/ticks.ts'
import { createVault } from './crypto/vault.ts'

export type Context = Parts & Stores & Unit

/** What EvoSync is made of, besides its stores. */
type Parts = ReturnType<typeof createParts>['parts']

/** How writes that belong together are made. */
interface Unit {
  /**
   * Runs `work` with stores that share one transaction; what it writes is there as a whole, or not at all, and outlives
   * a power cut unless it need not. Inside, nobody outside is called, and only what `work` is given asks the database.
   */
  inOne<T>(work: (unit: Context) => Promise<T>, durability?: Durability): Promise<T>
  /** Log and figures: told when what they tell of has been committed, at once outside of {@link inOne}. */
  afterCommit(effect: () => void): void
}

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
  leaseMs: number
  freshMs: number
  passwordCost: Cost
}>

/** So long a run is its worker's without a word from it. */
const LEASE_MS = 30_000

/** Longer than our own patience with a request, and some more for the platform's. */
const QUIET_MS = 20_000

/** A quarter of that: what leaves late arrives before another one looks. */
const FRESH_MS = 5_000

/** Builds everything once and wires it; the only place that does. Nothing is asked of the database yet. */
export function createContext(config: Config, overrides: Overrides = {}): Context {
  const { parts, stores } = createParts(config, overrides)
  return withUnits(parts, stores)
}

/** Adds {@link Unit}; whoever replaces stores of a context does it before. */
function withUnits(parts: Parts, stores: Stores): Context {
  return {
    ...parts,
    ...stores,
    inOne: (work, durability) => runInOne(parts, work, durability),
    afterCommit: (effect) => {
      effect()
    },
  }
}

async function runInOne<T>(parts: Parts, work: (unit: Context) => Promise<T>, as?: Durability) {
  let effects: (() => void)[] = []
  const whole = (db: Db) => work(unitOf(parts, db, (effects = [])))
  const result = await inOneTransaction(parts.db, whole, as)
  for (const effect of effects) effect()
  return result
}

/** A unit within a unit is part of it. */
function unitOf(parts: Parts, db: Db, effects: (() => void)[]): Context {
  const stores = storesOnDemand(db, readerWithin(db), parts.vault)
  const unit: Context = Object.assign(stores, parts, {
    db,
    inOne: <T>(work: (unit: Context) => Promise<T>) => work(unit),
    afterCommit: (effect: () => void) => {
      effects.push(effect)
    },
  })
  return unit
}

function createParts(config: Config, overrides: Overrides) {
  const db = openDb(config.database)
  const reader = createReader(db, config.database)
  const vault = createVault(config.tokenKeys)
  const log = overrides.log ?? createLog(config.logLevel)
  const metrics = createMetrics()
  const recent = createRecent()
  const stores = createStores(db, reader, vault)
  const http = createHttp({
    allowedHosts: config.allowedHosts,
    typedHosts: config.typedHosts,
    observe: observer(metrics, recent, log),
    turns: stores.paces,
    ...overrides.http,
  })
  const providers = createProviders(config, stores)
  const background = new Set<Promise<void>>()
  const instance = randomUUID()
  let claims = 0

  const parts = {
    config,
    db,
    vault,
    log,
    metrics,
    recent,
    ticks: createTicks(), // when each job of this process last began
    descriptors: createDescriptors(log), // whether this process can still open files and sockets
    /** Calls one platform, with its breaker. */
    httpFor: ({ key, extraCa = [], edition, maxBytes, perSecond }: Provider) =>
      http.platform(key, {
        extraCa,
        typed: edition !== undefined,
        get ownHosts() {
          return configuredHosts({ [key]: config.platforms[key] ?? {} })
        },
        ...(maxBytes && { maxBytes }),
        ...(perSecond && { perSecond }),
      }),
    /** One request to an address a person typed. */
    sendTyped: (call: Call) => http.sendTyped(call),
    mail: createMail(config.smtp, (outcome) => metrics.letters.inc({ outcome })),
    passwords: createPasswords(
      ['evosync', 'эвосинк', ...providers.all.flatMap(({ key, title }) => [key, title])],
      overrides.passwordCost,
    ),
    providers,
    /** A client for trying addresses nobody has saved yet: the same guard, and nobody's breaker. */
    probe: () => http.probe(),
    /** The same for a platform whose addresses are its own or the operator's. */
    probeOf: ({ extraCa = [] }: Provider) => http.probeOf(extraCa),
    /** Names this process. */
    instance,
    leaving: new AbortController(), // aborted when this process begins to stop: /readyz is red from then on
    version: readVersion(),
    /** Names one claim in leases: an earlier one of this very process is somebody else's. */
    claimName: () => `${instance}:${(claims += 1)}`,
    /** Runs this process is carrying out, by their numbers. */
    carrying: new Map<number, Promise<void>>(),
    /** So long after a request nothing of it can be under way any more; milliseconds. */
    quietMs: overrides.quietMs ?? QUIET_MS,
    leaseMs: overrides.leaseMs ?? LEASE_MS,
    /** So long after the database has said whose a run is, a request of it may leave; milliseconds. */
    freshMs: overrides.freshMs ?? FRESH_MS,
    /** Refreshes under way in this process, by connection. */
    refreshing: new Map<number, Promise<Access>>(),
    /** Checks because a call met a dead grant or a missing right, by connection. */
    lookingAgain: new Map<number, Promise<void>>(),

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
  return { parts, stores }
}

type Recent = ReturnType<typeof createRecent>
type Log = ReturnType<typeof createLog>

/** What the client tells becomes figures here, so that it knows nothing of them. */
function observer(metrics: Metrics, recent: Recent, log: Log): (event: HttpEvent) => void {
  return (event) => {
    const { platform } = event
    if (event.about === 'turns') {
      log.warn('turns_not_shared', { platform, error: event.error })
      return
    }
    if (event.about === 'unreadable') {
      log.warn('list_unreadable', { platform, list: event.list, count: event.count })
      return
    }
    if (event.about === 'breaker') {
      metrics.breakerTurns.inc({ platform, to: event.state })
      recent.noteTurn(platform)
      return
    }
    metrics.requests.inc({ platform, verdict: event.verdict })
    if (event.ms !== undefined) metrics.requestSeconds.observe({ platform }, event.ms / 1000)
  }
}
