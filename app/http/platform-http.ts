import type { LazyAgent } from './agent.ts'
import { ProviderError } from '../errors.ts'
import { CLOCK } from '../clock.ts'
import { type BreakerState, CircuitBreaker } from './breaker.ts'
import {
  BREAKER,
  type HttpOptions,
  type PlatformHttp,
  type PlatformOptions,
} from './http-options.ts'
import { createFileRoads, createRoad } from './roads.ts'

/** Everything that goes out to one platform; files and open calls have breakers of their own. */
export function createPlatformHttp(
  platform: string,
  agent: LazyAgent,
  forFiles: LazyAgent,
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

/** What kept a call from leaving, such as our own database, tells nothing of the platform. */
function isOutage(error: unknown): boolean | undefined {
  if (!(error instanceof ProviderError)) return undefined
  return error.unsent && !error.outage ? undefined : error.outage
}

const ignore = () => undefined
