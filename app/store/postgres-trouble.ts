import { isUnavailable } from './db-errors.ts'
import { type ServerPlace, TROUBLES } from './postgres-causes.ts'

/** Passes by itself: the server is starting, restarting, full, or not to be found yet. */
export function isPassing(error: unknown): boolean {
  const code = codeOf(error)
  return !LASTING.test(code) && (isUnavailable(error) || messageOf(error).includes(NO_SOCKET))
}

/** A full disk and a replica are "unavailable" for a page, but no start gets by them. */
const LASTING = /^(53100|25006)$/
const NO_SOCKET = 'connect ENOENT'

/** What PostgreSQL, or the way to it, has against us, in words for an administrator; undefined when it is neither. */
export function postgresTrouble(error: unknown, url: string): string | undefined {
  const [code, message] = [codeOf(error), messageOf(error)]
  const [, , words] =
    TROUBLES.find(([codes, texts]) => codes?.test(code) ?? texts?.test(message) ?? false) ?? []
  return words && `DATABASE_URL: ${words(placeOf(url))}`
}

/** Where the address leads, without its password. */
function placeOf(url: string): ServerPlace {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const host = parsed?.hostname ?? ''
  const asked = parsed?.searchParams.get('host')
  const user = decode(parsed?.username ?? '') || 'из адреса'
  return {
    server: host
      ? `${decode(host)}:${parsed?.port === '' ? '5432' : parsed?.port}`
      : (asked ?? 'localhost:5432'),
    user,
    database: decode(parsed?.pathname.slice(1) ?? '') || user,
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : '')
