import { ProviderError } from '../errors.ts'
import type { Answer } from './call.ts'

/**
 * The JSON of an answer, still unknown.
 * @throws ProviderError `bad_response` when the body is not JSON (HTML, empty, half of it)
 */
export function readJson(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text) as unknown
  } catch {
    throw badResponse('not JSON', answer)
  }
}

/** The platform answered, but not with what its manual promises. */
export function badResponse(message: string, { status }: Answer): ProviderError {
  return new ProviderError(message, { code: 'bad_response', kind: 'temporary', status })
}

/**
 * A web page with a refusal's status: the word of something on the way, unless it asks for credentials as RFC 9110 §11.6.1
 * wants it.
 */
export const isStrayPage = ({ status, headers, text }: Answer): boolean =>
  status >= 400 && text.trimStart().startsWith('<') && headers['www-authenticate'] === undefined

/** A plain object, or undefined: the first check on anything from outside. */
export function asObject(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined
}

/** A text, numbers included, or undefined: platforms send ids as either. */
export function asText(value: unknown): string | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  return typeof value === 'string' && value !== '' ? value : undefined
}
