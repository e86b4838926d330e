import { ProviderError } from '../../errors.ts'
import { asText } from '../../http/answer.ts'
import type { Tokens } from '../../oauth/tokens.ts'

const DAY_MS = 24 * 3600_000
const LONG_LIFE_MS = 60 * DAY_MS
const ASK_AGAIN_MS = 5 * 60_000

/** What `debug_token` tells of a token; an end that is absent never comes. */
export interface Inspection {
  expiresAt?: Date
  /** After it the token still opens, but nothing it was granted for does. */
  dataEndsAt?: Date
  userId?: string
}

/** The ends and the owner in `data` of debug_token. */
export function readInspection(data: Record<string, unknown>): Inspection {
  const expiresAt = momentOf(data.expires_at)
  const dataEndsAt = momentOf(data.data_access_expires_at)
  const userId = asText(data.user_id)
  return {
    ...(expiresAt && { expiresAt }),
    ...(dataEndsAt && { dataEndsAt }),
    ...(userId && { userId }),
  }
}

/** Seconds since 1970; 0 is never. */
function momentOf(value: unknown): Date | undefined {
  const seconds = Number(asText(value) ?? 0)
  return seconds > 0 ? new Date(seconds * 1000) : undefined
}

/** A token stands in for its own refresh token. Renewed halfway: that leaves a month for what may go wrong. */
export function lasting(granted: Tokens, seen: Inspection, now: Date): Tokens {
  const expiresAt = granted.expiresAt ?? seen.expiresAt
  const end = earlier(expiresAt, seen.dataEndsAt)
  return {
    ...granted,
    refreshToken: granted.accessToken,
    ...(expiresAt && { expiresAt, renewAt: halfway(expiresAt, now) }),
    ...(end && { refreshExpiresAt: end }),
    ...(seen.userId && { accountId: seen.userId }),
  }
}

/** Not exchanged yet, or not inspected: done again in minutes, so its end is no reason to warn anybody. */
export function provisional(granted: Tokens, seen: Inspection | undefined, now: Date): Tokens {
  const tokens = lasting(granted, seen ?? {}, now)
  const soon = new Date(now.getTime() + ASK_AGAIN_MS)
  delete tokens.refreshExpiresAt
  return { ...tokens, renewAt: earlier(tokens.renewAt, soon) ?? soon }
}

/**
 * Meta may hand out an access that ends when the old one does: its owner has to come by. One as long as any is no such
 * answer, however little it gained.
 * @throws ProviderError `not_extended`, to be tried again in a day
 */
export function checkExtended(old: Tokens, renewed: Tokens, now: Date): void {
  const [before, after] = [old.expiresAt?.getTime(), renewed.expiresAt?.getTime()]
  if (before === undefined || after === undefined || after - before >= DAY_MS) return
  if (after - now.getTime() > LONG_LIFE_MS - DAY_MS) return
  const retryAt = new Date(now.getTime() + DAY_MS)
  throw new ProviderError('not extended', { code: 'not_extended', kind: 'temporary', retryAt })
}

/** @throws ProviderError `dead`: what has ended cannot be exchanged */
export function checkAlive({ expiresAt }: Tokens, now: Date): void {
  if (expiresAt && expiresAt <= now)
    throw new ProviderError('has ended', { code: 'token_expired', kind: 'dead' })
}

const halfway = (end: Date, now: Date) => new Date((end.getTime() + now.getTime()) / 2)

function earlier(one: Date | undefined, other: Date | undefined): Date | undefined {
  return one && other && other < one ? other : (one ?? other)
}
