import type { PlatformChanges } from '../../store/custom-provider-rows.ts'

/** What a trial found at one address. */
export interface Finding {
  about: 'authorize' | 'token' | 'userinfo'
  tone: 'ok' | 'warn' | 'bad'
  code: FindingCode
  /** Status or the server's own word for the error; short and of plain signs. */
  detail?: string
}

export type FindingCode =
  | 'fine'
  | 'missing'
  | 'rejects'
  | 'wrong_client'
  | 'wrong_return'
  | 'incomplete'
  | 'untold'
  | 'no_code_grant'
  | 'no_oauth'
  | 'unprotected'
  | 'address_refused'
  | 'redirected'
  | 'tls_error'
  | 'unreachable'
  | 'odd_answer'
  | 'no_way_out'
  | 'server_error'
  | 'rate_limited'

export type Tried = PlatformChanges & { key: string }
export type TrialOutcome = Omit<Finding, 'about'>
