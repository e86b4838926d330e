import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import { isAcceptable } from '../../http/addresses.ts'
import { asObject, asText, readJson } from '../../http/answer.ts'
import type { PlatformHttp } from '../../http/http-options.ts'
import type { PlatformChanges } from '../../store/custom-provider-rows.ts'

/** What a server says of itself, as fields of the form; or why it was not taken, with the facts for its text. */
export type Imported =
  | { ok: true; values: Partial<PlatformChanges> }
  | { ok: false; fault: 'url_unsafe' | 'address_refused' }
  | { ok: false; fault: 'issuer_unfound'; asked: readonly Missed[] }
  | { ok: false; fault: 'issuer_mismatch'; issuer: string; url: string; named: string }
  | { ok: false; fault: 'issuer_unnamed'; url: string }

/** An address that gave no description, and what it gave. */
export interface Missed {
  url: string
  /** `not_json`, or the code of the failure. */
  code: string
  status?: number | undefined
}

type Metadata = Record<string, unknown>
type Found = { url: string; metadata: Metadata } | Missed

const TIMEOUT_MS = 6_000

/**
 * Reads a server's description (RFC 8414, and OpenID Connect Discovery where that tells more). The `issuer` in it has
 * to be the one asked, but for a slash at the end (RFC 8414 §3.3): a server may speak for itself only. What is stored is
 * its own spelling, which callbacks are compared with sign for sign.
 */
export async function importProvider({ config, probe }: Context, typed: string): Promise<Imported> {
  const text = withScheme(typed.trim())
  if (!(await isAcceptable(text, config.typedHosts)) || text.includes('?'))
    return { ok: false, fault: 'url_unsafe' }
  const issuer = issuerOf(text)
  try {
    const http = probe()
    const found = await Promise.all(addressesOf(issuer).map((url) => fetchMetadata(http, url)))
    return judge(issuer, found)
  } catch (error) {
    if (error instanceof ProviderError) return { ok: false, fault: 'address_refused' }
    throw error
  }
}

const withScheme = (text: string) =>
  /^[\w-]+(\.[\w-]+)+(\/|$)/.test(text) ? `https://${text}` : text

/** People paste the description's own address as well: before the path or after it, its well-known part goes. */
function issuerOf(text: string): string {
  const { origin, pathname } = new URL(text)
  const path = pathname.replace(
    /\/\.well-known\/(openid-configuration|oauth-authorization-server)/,
    '',
  )
  return origin + withoutSlash(path)
}

const withoutSlash = (text: string) => text.replace(/\/+$/, '')

/** RFC 8414 §3.1 puts the well-known part before the issuer's path, OpenID Connect Discovery §4 after it; §5 has both. */
function addressesOf(issuer: string): string[] {
  const { origin, pathname } = new URL(issuer)
  const path = withoutSlash(pathname)
  return [
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}${path}/.well-known/openid-configuration`,
    ...(path ? [`${origin}/.well-known/openid-configuration${path}`] : []),
  ]
}

function judge(issuer: string, found: readonly Found[]): Imported {
  const described = found.filter((one) => 'metadata' in one)
  const missed = found.filter((one) => 'code' in one)
  if (described.length === 0) return { ok: false, fault: 'issuer_unfound', asked: missed }
  for (const { url, metadata } of described) {
    const named = asText(metadata.issuer)
    if (named === undefined) return { ok: false, fault: 'issuer_unnamed', url }
    if (withoutSlash(named) !== issuer)
      return { ok: false, fault: 'issuer_mismatch', issuer, url, named }
  }
  const inOrder = described.map(({ metadata }) => metadata).reverse() // RFC 8414's has the last word
  return { ok: true, values: readMetadata(inOrder.reduce((all, one) => ({ ...all, ...one }), {})) }
}

/** @throws ProviderError `address_refused` */
async function fetchMetadata(http: PlatformHttp, url: string): Promise<Found> {
  try {
    const answer = await http.send({ url, repeat: 'unsent', timeoutMs: TIMEOUT_MS })
    const { status } = answer
    if (status !== 200) return { url, code: 'status', status }
    const metadata = asObject(readJson(answer))
    return metadata ? { url, metadata } : { url, code: 'bad_response' }
  } catch (error) {
    if (!(error instanceof ProviderError) || error.code === 'address_refused') throw error
    return { url, code: error.code, status: error.status }
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
