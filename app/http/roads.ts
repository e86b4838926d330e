import type { LazyAgent } from './agent.ts'
import { CLOCK } from '../clock.ts'
import { ProviderError } from '../errors.ts'
import { tryOnce } from './attempt.ts'
import { type CircuitBreaker, CircuitOpen } from './breaker.ts'
import {
  type HttpOptions,
  type PlatformHttp,
  type PlatformOptions,
  TOTAL_TIMEOUT_MS,
  TRY_TIMEOUT_MS,
} from './http-options.ts'
import type { Call } from './call.ts'
import { createLanes, type Leaving } from './lanes.ts'
import { observed } from './observe.ts'
import { Pauses } from './pauses.ts'
import { type Repeat, retrying } from './retry.ts'

/** Hosts whose breakers are remembered. */
const MOST_HOSTS = 100

/** A road of its own to each host: one that is down keeps nobody from the others. */
export function createFileRoads(
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
export function createRoad(
  platform: string,
  agent: LazyAgent,
  breaker: CircuitBreaker,
  options: HttpOptions & Pick<PlatformOptions, 'perSecond'>,
): PlatformHttp['send'] {
  const { timeoutMs: usual = TOTAL_TIMEOUT_MS } = options
  const {
    sleep = wait,
    observe = () => undefined,
    clock = CLOCK,
    perSecond,
    turns: shared,
  } = options
  const now = clock.steady
  const pauses = new Pauses(now)
  const inTurn =
    perSecond === undefined
      ? undefined
      : createLanes({ platform, perSecond, shared, observe, now, sleep: wait })

  return async ({ repeat, timeoutMs = usual, lane, kind, permit, ...call }) => {
    const deadline = now() + Math.min(timeoutMs, usual)
    const patience = { repeat: repeat ?? usualRepeat(call), deadline, now, sleep }
    const ready = async () => ({ ...call, ...(permit && { still: await permit() }) })
    const once = (permitted: Call) =>
      observed(platform, observe, () =>
        tryOnce(agent, permitted, Math.min(TRY_TIMEOUT_MS, patience.deadline - now()), pauses),
      )
    const attempt = async () =>
      lane && inTurn
        ? await inTurn(lane, patience, {
            kind: kind ?? new URL(call.url).pathname,
            ready,
            once: (one, moment) => once(leaving(one, moment)),
          })
        : await once(await ready())
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

/** Makes sure of its turn when the first byte could leave, and tells when it does. */
const leaving = (call: Call, { inTime, leaves }: Leaving): Call => ({
  ...call,
  async still() {
    await inTime()
    await call.still?.()
    leaves()
  },
})

const usualRepeat = ({ method = 'GET' }: Call): Repeat => (method === 'GET' ? 'safe' : 'unsent')

const wait = (ms: number) => new Promise<void>((wake) => setTimeout(wake, ms))

function circuitOpen({ until }: CircuitOpen): ProviderError {
  return new ProviderError('circuit open', {
    code: 'circuit_open',
    kind: 'temporary',
    retryAt: until,
    unsent: true,
  })
}
