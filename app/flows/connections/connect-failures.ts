import { ConnectFailed, type ConnectFailure, ProviderError } from '../../errors.ts'
import { connectingCode } from '../notices/failure-reason.ts'

/**
 * RFC 6749 §4.1.2.1; a parameter given twice is as good as none (§3.1). `proof` is what a consent comes with.
 * @throws ConnectFailed
 */
export function refuseErrors(callback: URLSearchParams, proof = 'code') {
  const error = callback.get('error')
  if (error) throw new ConnectFailed(CALLBACK_ERRORS.get(error) ?? 'no_code')
  if (!single(callback, proof)) throw new ConnectFailed('no_code')
}

const CALLBACK_ERRORS = new Map<string, ConnectFailure>(
  Object.entries({
    access_denied: 'access_denied',
    invalid_client: 'invalid_client',
    unauthorized_client: 'invalid_client',
    invalid_scope: 'app_scope_missing',
    server_error: 'provider_unavailable',
    temporarily_unavailable: 'provider_unavailable',
  }),
)

/**
 * What a person is told about an error; `codeFor` tells it where something else was done than coming back.
 * @throws the error itself when it is a bug or our database's
 */
export function failureOf(error: unknown, codeFor = connectingCode): ConnectFailure {
  if (error instanceof ConnectFailed) return error.code
  if (!(error instanceof ProviderError)) throw error
  return codeFor(error)
}

/** A parameter's value; undefined when it is absent, empty or given twice. */
export function single(parameters: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = parameters.getAll(name)
  return others.length === 0 && value ? value : undefined
}
