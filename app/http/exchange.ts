import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { type Agent, errors } from 'undici'
import { ProviderError } from '../errors.ts'
import { AddressRefused } from './guard.ts'

/** What is sent. Values of `query`, `form`, `json` and `headers` may be secrets: none of this is ever logged. */
export interface Call {
  url: string
  method?: 'GET' | 'POST' | 'DELETE'
  query?: Record<string, string>
  form?: Record<string, string>
  /** Instead of a form. */
  json?: unknown
  /** JSON that is sent as it stands, because it has been signed. */
  signed?: string
  /** Files, instead of a form. */
  files?: readonly SentFile[]
  /** The answer is a file: its bytes are kept instead of its text. */
  binary?: true
  headers?: Record<string, string>
  /** Asked when the first byte leaves: what it throws keeps all of them back. */
  still?: () => void
}

/** One part of a multipart form (RFC 7578). */
export interface SentFile {
  /** The field's. */
  name: string
  fileName: string
  type: string
  bytes: Uint8Array
}

/** What came back, its body read whole. Header names are lower case. */
export interface Answer {
  status: number
  headers: Record<string, string>
  text: string
  /** Of a binary call; its `text` is empty. */
  bytes?: Uint8Array
}

/** What Node and OpenSSL call a certificate they do not trust. */
const TLS =
  /^(CERT_|UNABLE_TO_|SELF_SIGNED_|DEPTH_ZERO_|INVALID_CA$|HOSTNAME_MISMATCH$|ERR_TLS_CERT_)/
/** Of undici, of the system, of the HTTP parser, of TLS. */
const NETWORK = /^(UND_ERR_|E(?!RR_)[A-Z_]{3,}$|HPE_|ERR_(SSL|TLS)_|TimeoutError$|HTTPParserError$)/
/** Of our own machine, when a line is opened: no descriptor, no memory, no port, no way out. Nobody else knows of it. */
const OWN =
  /^(EMFILE|ENFILE|ENOBUFS|ENOMEM|EADDRNOTAVAIL|EACCES|EPERM|ENETUNREACH|ENETDOWN|EAI_MEMORY)$/
const OPENING = new Set(['connect', 'getaddrinfo'])
const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])

/**
 * One request, one answer, whatever its status; redirects are not followed.
 * @throws ProviderError for everything that breaks on the way
 */
export async function exchange(agent: Agent, call: Call, timeoutMs: number): Promise<Answer> {
  const url = new URL(call.url)
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value)
  const signal = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)))
  const sent = call.files ? multipart(call.files, call.still) : guarded(bodyOf(call), call.still)
  try {
    if (sent.body === null) call.still?.()
    const { statusCode, headers, body } = await agent.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: call.method ?? 'GET',
      headers: { ...headersOf(call), ...sent.headers },
      body: sent.body,
      signal,
    })
    const came = { status: statusCode, headers: flat(headers) }
    if (call.binary) return { ...came, text: '', bytes: await body.bytes() }
    return { ...came, text: await body.text() }
  } catch (error) {
    throw describe(error)
  }
}

interface Sent {
  headers: Record<string, string>
  body: Readable | string | null
}

/** The parts as they are, one after the other: pictures are large, and nothing of them is copied. */
function multipart(files: readonly SentFile[], still?: () => void): Sent {
  const boundary = `evosync-${randomUUID()}`
  const parts = files.flatMap(({ name, fileName, type, bytes }) => [
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${quoted(name)}"; filename="${quoted(fileName)}"\r\n` +
        `Content-Type: ${type}\r\n\r\n`,
    ),
    bytes,
    Buffer.from('\r\n'),
  ])
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  const length = parts.reduce((sum, part) => sum + part.length, 0)
  return {
    headers: {
      'content-type': `multipart/form-data; boundary=${boundary}`,
      'content-length': String(length),
    },
    body: Readable.from(still ? asked(parts, still) : parts),
  }
}

/** Connecting takes its time: the question is put when the body is fetched, and undici sends nothing before. */
function guarded(body: string | null, still: (() => void) | undefined): Sent {
  if (body === null || !still) return { headers: {}, body }
  const bytes = Buffer.from(body)
  return {
    headers: { 'content-length': String(bytes.length) },
    body: Readable.from(asked([bytes], still)),
  }
}

function* asked(parts: readonly Uint8Array[], still: () => void) {
  still()
  yield* parts
}

/** As browsers write it (HTML, multipart form data). */
const quoted = (text: string) => text.replace(/["\r\n]/g, (sign) => encodeURIComponent(sign))

function bodyOf({ form, json, signed }: Call): string | null {
  if (signed !== undefined) return signed
  if (form) return new URLSearchParams(form).toString()
  return json === undefined ? null : JSON.stringify(json)
}

function headersOf({ form, json, signed, headers }: Call): Record<string, string> {
  return {
    accept: 'application/json',
    'user-agent': 'EvoSync',
    ...(form && { 'content-type': 'application/x-www-form-urlencoded' }),
    ...((json ?? signed) !== undefined && { 'content-type': 'application/json' }),
    ...headers,
  }
}

function flat(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const entries = Object.entries(headers).map(([name, value]) => [
    name,
    [value ?? ''].flat().join(', '),
  ])
  return Object.fromEntries(entries) as Record<string, string>
}

/** Every way a request can break becomes one of our four kinds. Messages carry no address and no body. */
function describe(error: unknown): ProviderError {
  const code = codeOf(error)
  if (error instanceof AddressRefused) {
    return new ProviderError('private address', { code: 'address_refused', kind: 'configuration' })
  }
  if (TLS.test(code)) {
    return new ProviderError(`TLS: ${code}`, { code: 'tls_error', kind: 'configuration' })
  }
  if (error instanceof errors.ResponseExceededMaxSizeError) {
    return new ProviderError('body too large', { code: 'bad_response', kind: 'temporary' })
  }
  if (code === 'UND_ERR_INVALID_ARG') {
    return new ProviderError('cannot be sent', { code: 'refused', kind: 'configuration' })
  }
  if (isOwn(error)) {
    return new ProviderError(`not sent: ${code}`, {
      code: 'no_way_out',
      kind: 'temporary',
      unsent: true,
    })
  }
  if (!NETWORK.test(code)) throw error // a bug of ours, not the platform's day
  const timedOut = code === 'TimeoutError' || code.includes('TIMEOUT')
  return new ProviderError(timedOut ? 'no answer in time' : `network: ${code}`, {
    code: timedOut ? 'timeout' : 'network',
    kind: 'temporary',
    outage: true,
    unsent: NEVER_SENT.has(code),
  })
}

/** Of several addresses that were tried, one that was on its way speaks for the road, not for us. */
function isOwn(error: unknown): boolean {
  const tried: unknown[] = error instanceof AggregateError ? error.errors : [error]
  return tried.length > 0 && tried.every((one) => OWN.test(codeOf(one)) && isOpening(one))
}

const isOpening = (error: unknown) =>
  error instanceof Error && 'syscall' in error && OPENING.has(String(error.syscall))

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
