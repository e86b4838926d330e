import { type ProviderError, ShopRefused } from '../../../errors.ts'
import type { Link, Trouble } from '../../../store/sync-links.ts'
import type { Run } from '../../../store/sync-run-rows.ts'
import type { Halt } from '../../../store/sync-runs.ts'
import { type Cause, causeOf } from '../../notices/failure-reason.ts'

/**
 * What follows from a failure: going on later, or ending. With a `trouble` a person is told; it keeps the timetable away
 * until they have acted, unless it may pass by itself.
 */
export type FailurePolicy =
  { pause: Halt; resumeAt: Date } | { fail: Halt; trouble: Trouble | undefined }

const MINUTE_MS = 60_000
/** Waits after the first, second… failure in a row that will pass by itself. */
const WAITS_MS = [1, 5, 15, 30, 60, 120].map((minutes) => minutes * MINUTE_MS)
const LONGEST_MS = 120 * MINUTE_MS
/** Until a person has shown that they are one: tried again once an hour. */
const CAPTCHA_MS = 60 * MINUTE_MS
/** What a platform answers for longer than this is no slip of it any more. */
const SLIP_MS = 60 * MINUTE_MS

/** Refusals that a platform may give by mistake, however final they sound: believed when they last. */
const MAY_PASS = new Set([
  ...['odd_answer', 'provider_refused', 'tls_error', 'address_refused', 'store_gone'],
  ...['no_way_out', 'renewal_waits'],
  ...['request_refused', 'batch_refused', 'method_unknown'],
])
/** No outage, which has a longer breath: the connection's own notice tells of that. */
const SLIPS = new Set([...MAY_PASS, 'store_empty'])

/**
 * Pause or end. A platform that asks for a pause gets it, longer each time. What only a person can mend is told at once;
 * everything else is tried again, and told when it lasts.
 */
export function policyFor(
  failure: ProviderError,
  run: Pick<Run, 'pauses' | 'failingSince'>,
  link: Pick<Link, 'communityName' | 'storeName'>,
  now: Date,
): FailurePolicy {
  const cause = causeOf(failure)
  const halt = haltOf(cause, link)
  const pause = { pause: halt, resumeAt: resumeAt(failure, run.pauses, now) }
  if (failure.code === 'disconnected') return { fail: disconnected(cause), trouble: undefined }
  if (failure instanceof ShopRefused && failure.scope === 'pause') return pause
  if (asksForPerson(failure, cause)) return { fail: halt, trouble: troubleFrom(halt) }
  if (!lasts(cause, run, now)) return pause
  return { fail: halt, trouble: { ...troubleFrom(halt), passes: true } }
}

/** Its owner has taken an end away while the run was under way. */
const disconnected = ({ platform }: Cause): Halt => ({
  code: 'not_ready',
  ...(platform && { platform }),
})

function asksForPerson(failure: ProviderError, { code }: Cause): boolean {
  if (MAY_PASS.has(code)) return false
  const scope = failure instanceof ShopRefused ? failure.scope : undefined
  return scope === 'account' || failure.kind !== 'temporary'
}

function lasts(
  { code }: Cause,
  { pauses, failingSince }: Pick<Run, 'pauses' | 'failingSince'>,
  now: Date,
): boolean {
  if (pauses >= WAITS_MS.length) return true
  const since = failingSince ? now.getTime() - failingSince.getTime() : 0
  return SLIPS.has(code) && pauses > 1 && since > SLIP_MS
}

function resumeAt({ code, retryAt }: ProviderError, pauses: number, now: Date): Date {
  const wait = code === 'captcha' ? CAPTCHA_MS : (WAITS_MS[pauses] ?? LONGEST_MS)
  const asked = retryAt ? (retryAt.getTime() - now.getTime()) * (pauses + 1) : 0
  return new Date(now.getTime() + Math.max(wait, Math.min(asked, 12 * LONGEST_MS)))
}

const haltOf = (
  { code, values, platform, link: proof }: Cause,
  link: Pick<Link, 'communityName' | 'storeName'>,
): Halt => ({
  code,
  values: { group: link.communityName ?? '', store: link.storeName, ...values },
  ...(platform && { platform }),
  ...(proof && { link: proof }),
})

const troubleFrom = ({ code, values, platform }: Halt): Trouble => ({
  code,
  values: { ...values },
  ...(platform && { platform }),
})
