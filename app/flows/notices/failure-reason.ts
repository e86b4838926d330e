import {
  type ConnectFailure,
  type FailureKind,
  type ProviderError,
  ShopRefused,
} from '../../errors.ts'
import type { Reason } from '../../catalogue/items.ts'
import { isTextCode } from '../../texts/index.ts'
import { isSyncCode } from '../../texts/catalogue.ts'

/** Whose failure it was, by what code of the texts it is told, and when it may be tried again. */
export interface Cause extends Reason {
  /** The platform's key; undefined: nobody's but ours, or nobody knows. */
  platform?: string
  /** Where a person proves to be one. */
  link?: string
  retryAt?: Date
}

/** What a code amounts to where it has no words of its own, or other words on the way back. */
interface Meaning {
  /** Of any call to do or to learn something: a run, a list, a program, a check. */
  told: string
  /** Of the way there and back; `token_exchange` if left out. */
  connecting?: ConnectFailure
}

const DOWN: Meaning = { told: 'provider_unavailable', connecting: 'provider_unavailable' }
const ODD: Meaning = { told: 'odd_answer' }
const UNRENEWED: Meaning = { told: 'renewal_waits' }

const same = (code: ConnectFailure): Meaning => ({ told: code, connecting: code })
const turnedAway = (connecting?: ConnectFailure): Meaning => ({
  told: 'provider_refused',
  ...(connecting && { connecting }),
})

/** The one place where words are chosen for what came back, or did not: a code means the same whoever met it. */
export const MEANINGS: Readonly<Record<string, Meaning>> = {
  server_error: DOWN,
  timeout: DOWN,
  network: DOWN,
  circuit_open: DOWN,
  rate_limited: same('rate_limited'),
  tls_error: same('tls_error'),
  address_refused: same('address_refused'),
  no_way_out: same('no_way_out'),
  stood_still: same('no_way_out'),
  bad_response: ODD,
  bad_columns: ODD,
  in_doubt: ODD,
  redirected: ODD,
  refused: turnedAway(),
  no_token: { ...ODD, connecting: 'no_token' },
  refresh_failed: UNRENEWED,
  not_extended: UNRENEWED,
  invalid_grant: { told: 'token_revoked' },
  invalid_state: turnedAway('invalid_state'),
  issuer_mismatch: turnedAway('invalid_state'),
  invalid_client: turnedAway('invalid_client'),
  redirect_mismatch: turnedAway('redirect_mismatch'),
  app_scope_missing: turnedAway('app_scope_missing'),
}

/** What never left our server names nobody. */
const OURS = new Set(['no_way_out'])

/**
 * What a failure of a call is called, for everybody who tells of it: pages, letters, the history, the API. The code always
 * has words; what came over the wire and has none becomes what it amounts to.
 */
export function causeOf(failure: ProviderError): Cause {
  const { retryAt, detail } = failure
  const code = toldCode(failure)
  const platform = OURS.has(code) ? undefined : failure.platform
  const refused = failure instanceof ShopRefused ? failure : undefined
  return {
    code,
    values: { ...(detail && { detail }), ...refused?.values },
    ...(platform && { platform }),
    ...(refused?.link && { link: refused.link }),
    ...(retryAt && { retryAt }),
  }
}

/** A code the texts have; one of an earlier version, that was kept as it came, included. */
export function toldCode({ code, kind, outage }: Came): string {
  const told = meaningOf(code)?.told ?? code
  return isSyncCode(told) || !kind ? told : byKind(kind, outage)
}

interface Came {
  code: string
  kind?: FailureKind
  outage?: boolean
}

/** What can be said of a code that nobody has words for. */
function byKind(kind: FailureKind, outage = false): string {
  if (outage) return DOWN.told
  return BY_KIND[kind]
}

const BY_KIND = {
  dead: 'token_revoked',
  permission: 'insufficient_scope',
  configuration: 'provider_refused',
  temporary: 'odd_answer',
} as const satisfies Record<FailureKind, string>

/** What a connection stands by when its check came to nothing and no word was said of the grant. */
export const STANDINGS = [
  ...['provider_unavailable', 'odd_answer', 'renewal_waits', 'rate_limited'],
  ...['provider_refused', 'tls_error', 'address_refused', 'no_way_out'],
] as const

/** The same of a check: a code that connections have words for. */
export function standingCode({ code, kind, outage }: ProviderError): string {
  const told = meaningOf(code)?.told ?? code
  const known = kind === 'dead' || kind === 'permission' ? isTextCode : isStanding
  return known(told) ? told : byKind(kind, outage)
}

const isStanding = (code: string): boolean => STANDINGS.some((one) => one === code)

/** The same of an attempt to connect, by what a person may stand before in the address. */
export function connectingCode({ code, outage }: ProviderError): ConnectFailure {
  return meaningOf(code)?.connecting ?? (outage ? 'provider_unavailable' : 'token_exchange')
}

/** The same of a token that a person pasted: nothing was confirmed and nothing exchanged. */
export function pastedCode(failure: ProviderError): ConnectFailure {
  if (failure.kind === 'permission') return 'token_without_rights'
  const code = connectingCode(failure)
  return code === 'token_exchange' || code === 'no_token' ? 'token_unchecked' : code
}

/** It is the server EvoSync runs on that failed: no platform has been asked. */
export const isOurs = ({ code }: ProviderError): boolean => OURS.has(meaningOf(code)?.told ?? '')

const meaningOf = (code: string): Meaning | undefined =>
  Object.hasOwn(MEANINGS, code) ? MEANINGS[code] : undefined
