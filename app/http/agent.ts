import { rootCertificates } from 'node:tls'
import type { Agent } from 'undici'
import { TRY_TIMEOUT_MS } from './http-options.ts'

const CONNECT_TIMEOUT_MS = 5_000

/** What a way out lets through, and whom it trusts beside the usual authorities. */
export interface AgentOptions {
  allowedHosts: readonly string[]
  maxBytes: number
  /** PEM certificates. */
  extraCa?: readonly string[]
}

/** Sockets of one kind of calls. */
export interface LazyAgent {
  get(): Promise<Agent>
  close(): Promise<void>
}

/** Opens at the first call: undici is a fifth of a start, and an instance that calls nobody yet needs none of it. */
export function lazyAgent(options: AgentOptions): LazyAgent {
  let agent: Promise<Agent> | undefined
  return {
    get: () => (agent ??= open(options)),
    async close() {
      await (await agent)?.destroy()
    },
  }
}

async function open({ allowedHosts, maxBytes, extraCa = [] }: AgentOptions): Promise<Agent> {
  const [{ Agent }, { guardedConnector }] = await Promise.all([
    import('undici'),
    import('./guarded-connector.ts'),
  ])
  const ca = extraCa.length > 0 ? { ca: [...rootCertificates, ...extraCa] } : {}
  return new Agent({
    connect: guardedConnector(allowedHosts, { timeout: CONNECT_TIMEOUT_MS, ...ca }),
    headersTimeout: TRY_TIMEOUT_MS,
    bodyTimeout: TRY_TIMEOUT_MS,
    maxResponseSize: maxBytes,
    keepAliveTimeout: 10_000,
  })
}
