import { lazyAgent, type LazyAgent } from './agent.ts'
import { exchange } from './exchange.ts'
import type { Answer, Call } from './call.ts'
import { createPlatformHttp } from './platform-http.ts'
import { type HttpOptions, type PlatformHttp, type PlatformOptions } from './http-options.ts'

const MAX_BYTES = 1024 * 1024
const TYPED_TIMEOUT_MS = 5_000
const TYPED_MAX_BYTES = 64 * 1024

/** The only way out: total timeout, body cap, redirects refused, address guard, retry and a breaker a platform. */
export function createHttp(options: HttpOptions) {
  const platforms = new Map<string, PlatformHttp>()
  const agents: LazyAgent[] = []
  let prober: LazyAgent | undefined
  const forTyped = { ...options, allowedHosts: options.typedHosts ?? [] }

  return {
    /**
     * The client of one platform.
     */
    platform(key: string, of: PlatformOptions = {}): PlatformHttp {
      const known = platforms.get(key)
      if (known) return known
      const { extraCa = [], typed = false, maxBytes, ownHosts = [], perSecond } = of
      const own = { ...(typed ? forTyped : options), ...(maxBytes && { maxBytes }) }
      const agent = agentOf(own, extraCa)
      const forFiles = agentOf({ ...own, allowedHosts: ownHosts }, extraCa)
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
      if (!prober) agents.push((prober = agentOf(forTyped)))
      return createPlatformHttp('probe', prober, prober, { ...options, observe: () => undefined })
    },
    /** The same towards addresses nobody typed; its sockets go with `close`. */
    probeOf(extraCa: readonly string[]): PlatformHttp & { close(): Promise<void> } {
      const agent = agentOf(options, extraCa)
      const http = createPlatformHttp('probe', agent, agent, {
        ...options,
        observe: () => undefined,
      })
      return Object.assign(http, { close: () => agent.close() })
    },
    /**
     * One try at an address a person typed; gives the answer whatever its status, redirects are not followed. Nothing is
     * kept of it, so that one dead end is nobody else's: no breaker, no pause, no socket.
     * @throws ProviderError as {@link exchange} does, `address_refused` where the address is not a public one
     */
    async sendTyped(call: Call): Promise<Answer> {
      const { typedHosts = [], timeoutMs = TYPED_TIMEOUT_MS } = options
      const agent = lazyAgent({ allowedHosts: typedHosts, maxBytes: TYPED_MAX_BYTES })
      try {
        return await exchange(await agent.get(), call, Math.min(timeoutMs, TYPED_TIMEOUT_MS))
      } finally {
        await agent.close()
      }
    },
    async close() {
      await Promise.all(agents.map((agent) => agent.close()))
    },
  }
}

const agentOf = (
  { allowedHosts, maxBytes = MAX_BYTES }: HttpOptions,
  extraCa: readonly string[] = [],
): LazyAgent => lazyAgent({ allowedHosts, maxBytes, extraCa })
