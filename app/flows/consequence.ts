import { type ProviderError, ShopRefused } from '../errors.ts'
import type { Link, Trouble } from '../store/sync-links.ts'
import type { Run } from '../store/sync-run-rows.ts'
import type { Halt } from '../store/sync-runs.ts'

/** What follows from a failure: going on later, or ending; `trouble` keeps the timetable away until a person has acted. */
export type Consequence =
  { pause: Halt; resumeAt: Date } | { fail: Halt; trouble: Trouble | undefined }

/** An end is not connected, or not any more. */
export const NOT_READY: Halt = { code: 'not_ready', values: { p: 'Эвотор и ВКонтакте' } }

const MINUTE_MS = 60_000
/** Waits after the first, second… failure in a row that will pass by itself. */
const WAITS_MS = [1, 5, 15, 30, 60, 120].map((minutes) => minutes * MINUTE_MS)
const LONGEST_MS = 120 * MINUTE_MS
/** Until a person has shown that they are one: tried again once an hour. */
const CAPTCHA_MS = 60 * MINUTE_MS

/**
 * Pause or end. A platform that asks for a pause gets it, longer each time; an outage that does not pass ends the run, and
 * the timetable begins another.
 */
export function consequenceOf(
  failure: ProviderError,
  { pauses }: Pick<Run, 'pauses'>,
  link: Pick<Link, 'communityName' | 'storeName'>,
  now: Date,
): Consequence {
  const halt = haltOf(failure, link)
  const scope = failure instanceof ShopRefused ? failure.scope : undefined
  if (failure.code === 'disconnected') return { fail: NOT_READY, trouble: undefined }
  if (scope === 'pause') return { pause: halt, resumeAt: resumeAt(failure, pauses, now) }
  if (scope === 'account' || failure.kind !== 'temporary')
    return { fail: halt, trouble: { code: halt.code, values: { ...halt.values } } }
  if (pauses >= WAITS_MS.length) return { fail: halt, trouble: undefined }
  return { pause: halt, resumeAt: resumeAt(failure, pauses, now) }
}

function resumeAt({ code, retryAt }: ProviderError, pauses: number, now: Date): Date {
  const wait = code === 'captcha' ? CAPTCHA_MS : (WAITS_MS[pauses] ?? LONGEST_MS)
  const asked = retryAt ? (retryAt.getTime() - now.getTime()) * (pauses + 1) : 0
  return new Date(now.getTime() + Math.max(wait, Math.min(asked, 12 * LONGEST_MS)))
}

function haltOf(failure: ProviderError, link: Pick<Link, 'communityName' | 'storeName'>): Halt {
  const { code, detail } = failure
  const refused = failure instanceof ShopRefused ? failure : undefined
  return {
    code,
    values: {
      group: link.communityName,
      store: link.storeName,
      ...(detail && { detail }),
      ...refused?.values,
    },
    ...(refused?.link && { link: refused.link }),
  }
}
