import type { Clock } from '../clock.ts'
import type { BreakerLimits, BreakerState } from './breaker.ts'
import type { Answer, Call } from './call.ts'
import type { Observe } from './observe.ts'
import type { Repeat } from './retry.ts'
import type { SharedTurns } from './turns.ts'

export const TOTAL_TIMEOUT_MS = 15_000
export const TRY_TIMEOUT_MS = 10_000

/** A request to a platform and how patient to be with it. */
export interface Request extends Call {
  /** Default: `safe` for GET, `unsent` for everything else. */
  repeat?: Repeat
  /** Total milliseconds, every try and wait included; never more than the client's own limit. */
  timeoutMs?: number
  /** Whose calls it counts among, where the platform counts calls a second; a name that tells nothing. */
  lane?: string
  /** Calls of one kind take about as long; by default those to one path. */
  kind?: string
  /** Asked right before each try leaves. */
  permit?: Permit
}

/**
 * Whether a call may still leave; what it throws is thrown, and nothing is sent. What it gives is asked once more when the
 * first byte leaves.
 */
export type Permit = () => Promise<() => void>

/** Everything that goes out to one platform: its breaker, its pauses. */
export interface PlatformHttp {
  /**
   * Answers below 500 that are not redirects and not 429.
   * @throws ProviderError `temporary` for outages and 429, `configuration` for redirects, TLS and refused addresses
   */
  send(request: Request): Promise<Answer>
  /** The same for files and their hosts, whose outages say nothing of the platform: a breaker of their own. */
  sendOpenly(request: Request): Promise<Answer>
  /**
   * For addresses that stand in the platform's data, such as pictures': to the public internet and to the hosts of the
   * platform's own endpoints, whatever else the operator allows. Each host has a breaker of its own.
   */
  fetchFile(request: Request): Promise<Answer>
  readonly breaker: BreakerState
  /** Tells whoever watches that so many elements of a list it answered with cannot be read. */
  unreadable?: (list: string, count: number) => void
}

/** What is peculiar about the way to one platform. */
export interface PlatformOptions {
  /** PEM certificates trusted for it beside the usual ones. */
  extraCa?: readonly string[]
  /** A person typed its addresses. */
  typed?: boolean
  /** Largest body in bytes, where the usual one is too small. */
  maxBytes?: number
  /** `host:port` of its own endpoints, which files may be fetched from although they are not public. */
  ownHosts?: readonly string[]
  /** Calls a second of one lane. */
  perSecond?: number
}

export interface HttpOptions {
  /** `host:port` the address guard lets through for platforms the operator set up. */
  allowedHosts: readonly string[]
  /** `host:port` it lets through although a person typed the address, administrators included; none unless said. */
  typedHosts?: readonly string[]
  breaker?: BreakerLimits
  /** Largest body in bytes. */
  maxBytes?: number
  timeoutMs?: number
  sleep?: (ms: number) => Promise<void>
  clock?: Clock
  /** Hears of every request's end, every turn of a breaker, and what else {@link Observe} tells. */
  observe?: Observe
  /** Where instances share the turns of their lanes. */
  turns?: SharedTurns
}

/** The limits of every platform's breaker. */
export const BREAKER: BreakerLimits = { failures: 5, cooldownMs: 60_000, successes: 3 }
