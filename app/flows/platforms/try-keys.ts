import type { Context } from '../../context.ts'
import { ConnectFailed, type ProviderError } from '../../errors.ts'
import type { Answer } from '../../http/call.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import { randomText } from '../../oauth/pkce.ts'
import type { Provider } from '../../providers/provider.ts'
import { readTyped, type SettingFaults } from './enter-keys.ts'
import type { Finding, FindingCode, TrialOutcome } from './findings.ts'
import { bad, errorIn, explained, FINE, finding } from './trial-answers.ts'

/** Either what was found, or what has to be put right before anything is asked. */
export type KeyTrial =
  { ok: true; provider: Provider; findings: Finding[] } | { ok: false; faults: SettingFaults }

const TIMEOUT_MS = 6_000

/**
 * Tries the keys that were typed, beside those entered already and the environment's. Nothing is granted and nothing is
 * kept: a code that nobody gave is redeemed, and how the platform refuses tells what it thinks of the application.
 */
export async function tryKeys(
  ctx: Context,
  key: string,
  input: Readonly<Record<string, unknown>>,
): Promise<KeyTrial> {
  const typed = await readTyped(ctx, key, input)
  if (!typed.ok) return typed
  const { provider } = typed
  if (!provider.configured) return { ok: true, provider, findings: [incomplete(provider)] }
  const http = ctx.probeOf(provider)
  try {
    const findings = await Promise.all([
      finding('authorize', () => tryConsent(http, provider), judged),
      finding('token', () => tryCode(http, provider), judged),
    ])
    return { ok: true, provider, findings }
  } finally {
    await http.close()
  }
}

const incomplete = ({ problem }: Provider): Finding => ({
  about: 'token',
  tone: 'bad',
  code: 'incomplete',
  ...(problem && { detail: problem }),
})

/** The page a person would be sent to; a platform usually sends them on to sign in. */
async function tryConsent(http: PlatformHttp, { auth, redirectUri }: Provider) {
  const { url } = auth.begin({ redirectUri, state: randomText() })
  const headers = { accept: 'text/html' }
  const answer = await http.send({
    url: url.href,
    headers,
    repeat: 'unsent',
    timeoutMs: TIMEOUT_MS,
  })
  const { status } = answer
  const named = namedIn(answer)
  if (named) return bad(named, status)
  if (status === 404) return bad('missing', status)
  return status < 400 ? FINE : { ...bad('rejects', status), tone: 'warn' as const }
}

/** What a refusal names, in JSON (RFC 6749 §5.2) or on a page for people; a page may repeat our own address. */
function namedIn(answer: Answer): FindingCode | undefined {
  const error = errorIn(answer)
  if (!error && answer.status < 400) return undefined
  const said = error ? answer.text : answer.text.replace(/[\w.-]+(=|%3D)\S*/gi, '')
  if (/redirect.?uri/i.test(said)) return 'wrong_return'
  return /invalid_client|unauthorized_client|client_id/i.test(said) ? 'wrong_client' : undefined
}

/** Whoever knows the application refuses the code by name; whoever does not refuses the application. */
async function tryCode(http: PlatformHttp, { auth, redirectUri }: Provider): Promise<TrialOutcome> {
  const state = randomText()
  const { verifier } = auth.begin({ redirectUri, state })
  const callback = new URLSearchParams({ code: randomText(), state, device_id: randomText() })
  if (auth.proof && !callback.has(auth.proof)) callback.set(auth.proof, randomText())
  try {
    await auth.complete(http, { redirectUri, state, callback, ...(verifier && { verifier }) })
  } catch (error) {
    if (!(error instanceof ConnectFailed)) throw error
  }
  return { tone: 'warn', code: 'untold' } // it took anything at all, or nothing of what we made up
}

function judged(error: ProviderError): TrialOutcome {
  const { code, kind } = error
  if (code === 'invalid_client') return { tone: 'bad', code: 'wrong_client' }
  if (code === 'redirect_mismatch') return { tone: 'bad', code: 'wrong_return' }
  if (code === 'redirected') return FINE
  if (kind === 'dead') return FINE
  return code === 'refused'
    ? { ...explained(error), tone: 'warn', code: 'untold' }
    : explained(error)
}
