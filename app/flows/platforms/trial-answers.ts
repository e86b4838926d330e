import { ProviderError } from '../../errors.ts'
import { asObject, asText, readJson } from '../../http/answer.ts'
import type { Answer } from '../../http/call.ts'
import type { Finding, FindingCode, TrialOutcome } from './findings.ts'

export const FINE: TrialOutcome = { tone: 'ok', code: 'fine' }

export const bad = (code: FindingCode, status: number): TrialOutcome => ({
  tone: 'bad',
  code,
  detail: `HTTP ${status}`,
})

export function errorIn(answer: Answer): string | undefined {
  try {
    const error = asText(asObject(readJson(answer))?.error)
    return error && /^[\w.-]{1,64}$/.test(error) ? error : undefined
  } catch {
    return undefined
  }
}

export function explained({ code, detail }: ProviderError): TrialOutcome {
  const named = NAMED.has(code)
    ? (code as FindingCode)
    : SILENT.has(code)
      ? 'unreachable'
      : 'odd_answer'
  const tone = code === 'rate_limited' ? 'warn' : 'bad'
  return { tone, code: named, ...(detail && { detail }) }
}

/** What comes of a question, a platform's failure explained; what else is thrown is none of the platform's. */
export async function finding(
  about: Finding['about'],
  ask: () => Promise<TrialOutcome>,
  explain: (error: ProviderError) => TrialOutcome = explained,
): Promise<Finding> {
  try {
    return { about, ...(await ask()) }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    return { about, ...explain(error) }
  }
}

const SILENT = new Set(['network', 'timeout', 'circuit_open'])
const NAMED = new Set<string>([
  'no_way_out',
  'address_refused',
  'redirected',
  'tls_error',
  'server_error',
  'rate_limited',
] satisfies FindingCode[])
