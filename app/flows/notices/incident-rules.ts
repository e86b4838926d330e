import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import type { Health } from '../../store/vocabulary.ts'
import type { TextCode } from '../../texts/index.ts'

const DAY_MS = 24 * 3600_000
const USUAL_DAYS: readonly number[] = [7]
/** A renewal that failed a moment ago is tried again before anybody is told. */
const RENEWAL_MAY_FAIL_MS = 5 * 60_000
/** What is told where no reason stands beside a verdict, and after how many checks. One missed may be a blip. */
const TOLD: Record<Exclude<Health, 'online'>, { code: TextCode; after: number }> = {
  revoked: { code: 'token_revoked', after: 0 },
  permission: { code: 'insufficient_scope', after: 0 },
  unreachable: { code: 'unknown_trouble', after: 2 },
}

/** Troubles that pass or can wait; one that needs a person now takes their place. */
const PASSIVE: readonly string[] = [
  'provider_unavailable',
  'odd_answer',
  'renewal_waits',
  'provider_refused',
  'expires_soon',
  'refresh_failed',
]

/** Troubles only an administrator can end; owners are not blamed for them. */
export const OURS: readonly string[] = ['provider_refused', 'tls_error', 'address_refused']

/** Troubles of a platform, not of an account: when many have them, administrators are told. */
export const OUTAGES: readonly string[] = ['provider_unavailable', 'odd_answer', ...OURS]

/** Only who was silent «не отвечает». */
export const areSilent = (all: readonly { code: string }[]): boolean =>
  all.every(({ code }) => code === 'provider_unavailable')

/** What a connection's owner has to know about; several warnings of one end differ by their days. */
export interface IncidentRule {
  /** A code of the texts. */
  code: string
  /** Days before the end at which it is told. */
  days?: number
}

/** Undefined when all is well. */
export function incidentOf(
  provider: Provider,
  connection: Connection,
  now: Date,
): IncidentRule | undefined {
  const { health, reason, failedChecks } = connection
  if (health === 'online') return onlineTrouble(provider, connection, now)
  const { code, after } = TOLD[health]
  return failedChecks >= after ? { code: reason ?? code } : undefined
}

function onlineTrouble(provider: Provider, connection: Connection, now: Date) {
  if (isRenewalFailing(connection, now)) return { code: 'refresh_failed' }
  const days = warningOf(provider, connection, now)
  return days === undefined ? undefined : { code: 'expires_soon', days }
}

function isRenewalFailing({ refreshAfter, refreshDueAt }: Connection, now: Date): boolean {
  const due = refreshDueAt?.getTime() ?? Infinity
  return refreshAfter !== undefined && due + RENEWAL_MAY_FAIL_MS <= now.getTime()
}

/** The nearest of the platform's warnings that is due: days before an end we cannot put off. */
export function warningOf(
  provider: Provider,
  connection: Connection,
  now: Date,
): number | undefined {
  const { warnDays = USUAL_DAYS } = provider
  const end = endOf(provider, connection)
  if (!end) return undefined
  const left = end.getTime() - now.getTime()
  return warnDays.filter((days) => left < days * DAY_MS).at(-1)
}

/** When reconnecting becomes necessary: the grant's end, or the end of what it is renewed with, or the access token's. */
export function endOf({ renewsEnd }: Provider, connection: Connection): Date | undefined {
  const { renewable, expiresAt, refreshExpiresAt, endsAt } = connection
  const own = renewable ? (renewsEnd ? undefined : refreshExpiresAt) : expiresAt
  const ends = [own, endsAt].filter((end) => end !== undefined)
  return ends.sort((a, b) => a.getTime() - b.getTime())[0]
}

/** What stands in the row while a trouble lasts: each warning of an end is told by itself. */
export const incidentName = ({ code, days }: IncidentRule): string =>
  days ? `${code}:${days}` : code

/** Running troubles that a new one takes the place of. */
export function supersededBy(
  { code, days }: IncidentRule,
  { warnDays = USUAL_DAYS }: Provider,
): string[] {
  const warnings = warnDays.map((each) => incidentName({ code: 'expires_soon', days: each }))
  if (days) return warnings.slice(0, warnDays.indexOf(days))
  return PASSIVE.includes(code) ? [] : [...PASSIVE, ...warnings]
}
