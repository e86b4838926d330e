import type { Context } from '../context.ts'
import { ProviderError } from '../errors.ts'
import { isAcceptable } from '../http/addresses.ts'
import { asObject, asText, readJson } from '../http/answer.ts'
import type { PlatformHttp } from '../http/client.ts'
import type { PlatformChanges } from '../store/custom-providers.ts'

/** What a server says of itself, as fields of the form; or why it was not taken. */
export type Imported =
  | { ok: true; values: Partial<PlatformChanges> }
  | { ok: false; fault: 'url_unsafe' | 'address_refused' | 'issuer_unfound' | 'issuer_mismatch' }

type Metadata = Record<string, unknown>

const TIMEOUT_MS = 6_000

/**
 * Reads a server's description (RFC 8414, and OpenID Connect Discovery where that tells more). The `issuer` in it has
 * to be the one asked, sign for sign (RFC 8414 §3.3): a server may speak for itself only.
 */
export async function importProvider({ config, probe }: Context, typed: string): Promise<Imported> {
  const issuer = typed.trim()
  if (!(await isAcceptable(issuer, config.typedHosts)) || issuer.includes('?'))
    return { ok: false, fault: 'url_unsafe' }
  try {
    const http = probe()
    const found = await Promise.all(addressesOf(issuer).map((url) => fetchMetadata(http, url)))
    const described = found.filter((one) => one !== undefined)
    const own = described.filter((one) => one.issuer === issuer)
    if (described.length === 0) return { ok: false, fault: 'issuer_unfound' }
    if (own.length < described.length) return { ok: false, fault: 'issuer_mismatch' }
    const [oauth = {}, openid = {}] = own
    return { ok: true, values: readMetadata({ ...openid, ...oauth }) }
  } catch (error) {
    if (error instanceof ProviderError) return { ok: false, fault: 'address_refused' }
    throw error
  }
}

/** RFC 8414 §3.1 puts the well-known part before the issuer's path, OpenID Connect Discovery §4 after it. */
function addressesOf(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
  ]
}

/** Undefined when there is none. @throws ProviderError `address_refused` */
async function fetchMetadata(http: PlatformHttp, url: string): Promise<Metadata | undefined> {
  try {
    const answer = await http.send({ url, repeat: 'unsent', timeoutMs: TIMEOUT_MS })
    return answer.status === 200 ? asObject(readJson(answer)) : undefined
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.code === 'address_refused') throw error
    return undefined
  }
}

function readMetadata(metadata: Metadata): Partial<PlatformChanges> {
  const texts = {
    issuer: asText(metadata.issuer),
    authorizeUrl: asText(metadata.authorization_endpoint),
    tokenUrl: asText(metadata.token_endpoint),
    userinfoUrl: asText(metadata.userinfo_endpoint),
    revokeUrl: asText(metadata.revocation_endpoint),
  }
  const known = Object.entries(texts).filter(([, value]) => value !== undefined)
  return {
    ...Object.fromEntries(known),
    scope: USUAL_SCOPES.filter((name) => listed(metadata.scopes_supported).includes(name)).join(
      ' ',
    ),
    scopeDelimiter: ' ',
    pkce: listed(metadata.code_challenge_methods_supported).includes('S256'),
    issuerRequired: metadata.authorization_response_iss_parameter_supported === true, // RFC 9207 §3
    clientAuth: clientAuthOf(metadata.token_endpoint_auth_methods_supported),
  }
}

const USUAL_SCOPES = ['openid', 'profile', 'email', 'offline_access']

const listed = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** RFC 8414 §2: a server that keeps silent takes `client_secret_basic`. */
function clientAuthOf(methods: unknown): PlatformChanges['clientAuth'] {
  if (!Array.isArray(methods) || methods.includes('client_secret_basic')) return 'basic'
  return methods.includes('client_secret_post') ? 'body' : 'none'
}
