import { rootCertificates } from 'node:tls'
import { Agent } from 'undici'
import { type Clock, CLOCK } from '../clock.ts'
import { ProviderError } from '../errors.ts'
import { tryOnce } from './attempt.ts'
import { type BreakerLimits, type BreakerState, CircuitBreaker, CircuitOpen } from './breaker.ts'
import { type Answer, type Call, exchange } from './exchange.ts'
import { guardedConnector } from './guard.ts'
import { createLanes } from './lanes.ts'
import { observed, type Observe } from './observe.ts'
import { Pauses } from './pauses.ts'
import { type Repeat, retrying } from './retry.ts'
import type { SharedTurns } from './turns.ts'

/** A request to a platform and how patient to be with it. */
export interface Request extends Call {
  /** Default: `safe` for GET, `unsent` for everything else. */
  repeat?: Repeat
  /** Total milliseconds, every try and wait included; never more than the client's own limit. */
  timeoutMs?: number
  /** Whose calls it counts among, where the platform counts calls a second; a name that tells nothing. */
  lane?: string
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
const BREAKER: BreakerLimits = { failures: 5, cooldownMs: 60_000, successes: 3 }
const MAX_BYTES = 1024 * 1024
const TOTAL_TIMEOUT_MS = 15_000
const TRY_TIMEOUT_MS = 10_000
const CONNECT_TIMEOUT_MS = 5_000
const TYPED_TIMEOUT_MS = 5_000
const TYPED_MAX_BYTES = 64 * 1024

/** The only way out: total timeout, body cap, redirects refused, address guard, retry and a breaker a platform. */
export function createHttp(options: HttpOptions) {
  const platforms = new Map<string, PlatformHttp>()
  const agents: Agent[] = []
  let prober: Agent | undefined
  const forTyped = { ...options, allowedHosts: options.typedHosts ?? [] }

  return {
    /**
     * The client of one platform.
     */
    platform(
      key: string,
      { extraCa = [], typed = false, maxBytes, ownHosts = [], perSecond }: PlatformOptions = {},
    ): PlatformHttp {
      const known = platforms.get(key)
      if (known) return known
      const own = { ...(typed ? forTyped : options), ...(maxBytes && { maxBytes }) }
      const agent = openAgent(own, extraCa)
      const forFiles = openAgent({ ...own, allowedHosts: ownHosts }, extraCa)
      const created = createPlatformHttp(key, agent, forFiles, {
        ...options,
        ...(perSecond && { perSecond }),
      })
      agents.push(agent, forFiles)
      platforms.set(key, created)
      return created
    },
    /** A client of its own for one trial: the same guard and limits, no breaker and no pauses of anybody else's. */
    probe(): PlatformHttp {
      if (!prober) agents.push((prober = openAgent(forTyped, [])))
      return createPlatformHttp('probe', prober, prober, { ...options, observe: ignore })
    },
    /**
     * One try at an address a person typed; gives the answer whatever its status, redirects are not followed. Nothing is
     * kept of it, so that one dead end is nobody else's: no breaker, no pause, no socket.
     * @throws ProviderError as {@link exchange} does, `address_refused` where the address is not a public one
     */
    async sendTyped(call: Call): Promise<Answer> {
      const { typedHosts = [], timeoutMs = TYPED_TIMEOUT_MS } = options
      const agent = openAgent({ allowedHosts: typedHosts, maxBytes: TYPED_MAX_BYTES }, [])
      try {
        return await exchange(agent, call, Math.min(timeoutMs, TYPED_TIMEOUT_MS))
      } finally {
        await agent.destroy()
      }
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.destroy()))
    },
  }
}

function openAgent(
  { allowedHosts, maxBytes = MAX_BYTES }: HttpOptions,
  extraCa: readonly string[],
) {
  const ca = extraCa.length > 0 ? { ca: [...rootCertificates, ...extraCa] } : {}
  return new Agent({
    connect: guardedConnector(allowedHosts, { timeout: CONNECT_TIMEOUT_MS, ...ca }),
    headersTimeout: TRY_TIMEOUT_MS,
    bodyTimeout: TRY_TIMEOUT_MS,
    maxResponseSize: maxBytes,
    keepAliveTimeout: 10_000,
  })
}

function createPlatformHttp(
  platform: string,
  agent: Agent,
  forFiles: Agent,
  options: HttpOptions & Pick<PlatformOptions, 'perSecond'>,
): PlatformHttp {
  const { breaker: limits = BREAKER, observe = ignore, clock = CLOCK } = options
  const turned = (state: BreakerState['name']) => observe({ about: 'breaker', platform, state })
  const breaker = new CircuitBreaker(limits, isOutage, clock, turned)
  const ofFiles = new CircuitBreaker(limits, isOutage, clock, ignore)
  return {
    get breaker() {
      return breaker.state
    },
    unreadable: (list, count) => {
      observe({ about: 'unreadable', platform, list, count })
    },
    send: createRoad(platform, agent, breaker, options),
    sendOpenly: createRoad(platform, agent, ofFiles, options),
    fetchFile: createFileRoads(
      (road) => createRoad(platform, forFiles, road, options),
      () => new CircuitBreaker(limits, isOutage, clock, ignore),
    ),
  }
}

/** Hosts whose breakers are remembered. */
const MOST_HOSTS = 100

/** A road of its own to each host: one that is down keeps nobody from the others. */
function createFileRoads(
  roadOn: (breaker: CircuitBreaker) => PlatformHttp['send'],
  newBreaker: () => CircuitBreaker,
): PlatformHttp['send'] {
  const roads = new Map<string, PlatformHttp['send']>()

  return (request) => {
    const { host } = new URL(request.url)
    const road = roads.get(host) ?? roadOn(newBreaker())
    roads.delete(host)
    roads.set(host, road)
    const [oldest] = roads.keys()
    if (roads.size > MOST_HOSTS && oldest !== undefined) roads.delete(oldest)
    return road(request)
  }
}

/** Retries run inside the breaker: however often one call tries, it counts once. */
function createRoad(
  platform: string,
  agent: Agent,
  breaker: CircuitBreaker,
  options: HttpOptions & Pick<PlatformOptions, 'perSecond'>,
): PlatformHttp['send'] {
  const { timeoutMs: usual = TOTAL_TIMEOUT_MS } = options
  const { sleep = wait, observe = ignore, clock = CLOCK, perSecond, turns: shared } = options
  const now = clock.steady
  const pauses = new Pauses(now)
  const inTurn =
    perSecond === undefined
      ? undefined
      : createLanes({ platform, perSecond, shared, observe, now, sleep: wait })

  return async ({ repeat, timeoutMs = usual, lane, permit, ...call }) => {
    const deadline = now() + Math.min(timeoutMs, usual)
    const patience = { repeat: repeat ?? usualRepeat(call), deadline, now, sleep }
    const ready = async () => ({ ...call, ...(permit && { still: await permit() }) })
    const once = (permitted: Call) =>
      observed(platform, observe, () =>
        tryOnce(agent, permitted, Math.min(TRY_TIMEOUT_MS, patience.deadline - now()), pauses),
      )
    const attempt = async () =>
      lane && inTurn ? await inTurn(lane, patience, { ready, once }) : await once(await ready())
    try {
      await pauses.respect(call, patience)
      return await breaker.run(() => retrying(attempt, patience))
    } catch (error) {
      if (error instanceof ProviderError) throw error.of(platform)
      if (!(error instanceof CircuitOpen)) throw error
      observe({ about: 'request', platform, verdict: 'circuit_open' })
      throw circuitOpen(error).of(platform)
    }
  }
}

const usualRepeat = ({ method = 'GET' }: Call): Repeat => (method === 'GET' ? 'safe' : 'unsent')

/** What kept a call from leaving, such as our own database, tells nothing of the platform. */
function isOutage(error: unknown): boolean | undefined {
  if (!(error instanceof ProviderError)) return undefined
  return error.unsent && !error.outage ? undefined : error.outage
}

const ignore = () => undefined

const wait = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms))

function circuitOpen({ until }: CircuitOpen): ProviderError {
  return new ProviderError('circuit open', {
    code: 'circuit_open',
    kind: 'temporary',
    retryAt: until,
    unsent: true,
  })
}
