import { ProviderError } from '../errors.ts'
import type { Answer } from '../http/call.ts'
import { badResponse } from '../http/answer.ts'

/** In whose name a callback has to come (RFC 9207). */
export interface Issued {
  /** Who it has to name in `iss`; one without `iss` passes unless `issuerRequired`. */
  issuer?: string
  issuerRequired?: boolean
}

/** RFC 9207 §2.4: an answer in another server's name is a mix-up, and its code goes nowhere. */
export function checkIssuer({ issuer, issuerRequired }: Issued, callback: URLSearchParams) {
  const named = callback.getAll('iss')
  const wrong = named.length === 0 ? issuerRequired : named.length > 1 || named[0] !== issuer
  if (issuer && wrong) {
    throw new ProviderError('another issuer', { code: 'issuer_mismatch', kind: 'configuration' })
  }
}

/** Another `state` than ours belongs to somebody else's request; a missing one is let pass. */
export function checkEcho(answer: Answer, sent: string) {
  const echoed = /"state"\s*:\s*"([^"]*)"/.exec(answer.text)?.[1]
  if (answer.status === 200 && echoed !== undefined && echoed !== sent) {
    throw badResponse('state not echoed', answer)
  }
}
