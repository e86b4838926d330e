import { ProviderError } from '../errors.ts'
import { AddressRefused } from './guard.ts'

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

/** Every way a request can break becomes one of our four kinds. Messages carry no address and no body. */
export function describe(error: unknown): ProviderError {
  const code = codeOf(error)
  if (error instanceof AddressRefused) {
    return new ProviderError('private address', { code: 'address_refused', kind: 'configuration' })
  }
  if (TLS.test(code)) {
    return new ProviderError(`TLS: ${code}`, { code: 'tls_error', kind: 'configuration' })
  }
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
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
