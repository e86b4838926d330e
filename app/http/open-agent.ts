import { rootCertificates } from 'node:tls'
import { Agent } from 'undici'
import { guardedConnector } from './guarded-connector.ts'
import { TRY_TIMEOUT_MS } from './http-options.ts'

const CONNECT_TIMEOUT_MS = 5_000

/** What a way out lets through, and whom it trusts beside the usual authorities. */
export interface AgentOptions {
  allowedHosts: readonly string[]
  maxBytes: number
  /** PEM certificates. */
  extraCa?: readonly string[]
}

/** An agent that talks to public addresses only, and waits as long as one try may take. */
export function openAgent({ allowedHosts, maxBytes, extraCa = [] }: AgentOptions): Agent {
  const ca = extraCa.length > 0 ? { ca: [...rootCertificates, ...extraCa] } : {}
  return new Agent({
    connect: guardedConnector(allowedHosts, { timeout: CONNECT_TIMEOUT_MS, ...ca }),
    headersTimeout: TRY_TIMEOUT_MS,
    bodyTimeout: TRY_TIMEOUT_MS,
    maxResponseSize: maxBytes,
    keepAliveTimeout: 10_000,
  })
}
