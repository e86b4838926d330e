import { endOf, warningOf } from '../../flows/notices/incident-rules.ts'
import type { BreakerState } from '../../http/breaker.ts'
import type { Provider } from '../../providers/provider.ts'
import { missingInWords, missingScopes } from '../../providers/scopes.ts'
import type { Connection } from '../../store/connection.ts'
import { isTextCode, type TextCode } from '../../texts/index.ts'
import type { Format } from './format.ts'
import type { Badge } from './badge.ts'
import { STANDING_BADGES, standingBadge } from './standing-badges.ts'
import type { Health } from '../../store/vocabulary.ts'

/** The states a card and a platform's page know, worst first after the three that are nobody's fault. */
export type StateName = 'unset' | 'off' | 'revoked' | 'down' | 'attention' | 'ok'

/** A state with its badge; `code` and `values` lead to the words when there is something to say. */
export interface State {
  name: StateName
  badge: Badge
  code?: TextCode
  values: Record<string, string>
}

/** The same words on every page; those of `down` differ by what came back, see {@link standingBadge}. */
export const BADGES: Record<StateName, Badge> = {
  unset: { word: 'Не настроено', tone: 'secondary', icon: 'bi-gear-fill' },
  off: { word: 'Не подключено', tone: 'secondary', icon: 'bi-dash-circle' },
  revoked: { word: 'Нет доступа', tone: 'danger', icon: 'bi-x-octagon-fill' },
  down: STANDING_BADGES.provider_unavailable,
  attention: { word: 'Требует внимания', tone: 'warning', icon: 'bi-exclamation-triangle-fill' },
  ok: { word: 'Подключено', tone: 'success', icon: 'bi-check-circle-fill' },
}

const SWITCHED_OFF: Badge = { word: 'Выключено', tone: 'secondary', icon: 'bi-power' }

/** People can be sent there. */
export const isOpen = ({ configured, disabled }: Provider): boolean => configured && !disabled

/** The button that goes with some words, as far as it can be pressed: nobody gets into a platform that is shut. */
export const pressable = <Button extends string>(button: Button, provider: Provider) =>
  button === 'reconnect' && !isOpen(provider) ? 'none' : button

/** What to say about a platform to whoever has not connected it: the same to everybody. */
export function emptyState(provider: Provider): State {
  const name = isOpen(provider) ? 'off' : 'unset'
  return { name, badge: badgeOf(provider, name, undefined), values: {} }
}

/** What to say about a platform and a person's connection to it. */
export function stateOf(
  provider: Provider,
  connection: Connection | undefined,
  breaker: BreakerState,
  { format, now }: { format: Format; now: Date },
): State {
  const [name, code] = connection
    ? connectedState(provider, connection, now)
    : ([isOpen(provider) ? 'off' : 'unset'] as const)
  const values = {
    scopes: missingInWords(provider, connection?.scope),
    ...moments(provider, connection, breaker, format, now),
  }
  return { name, badge: badgeOf(provider, name, code), ...(code && { code }), values }
}

function badgeOf({ disabled }: Provider, name: StateName, code: TextCode | undefined): Badge {
  if (name === 'down' && code) return standingBadge(code)
  return name === 'unset' && disabled ? SWITCHED_OFF : BADGES[name]
}

type Named = readonly [StateName, TextCode?]

function connectedState(provider: Provider, connection: Connection, now: Date): Named {
  const { health, reason } = connection
  const code = reason && isTextCode(reason) ? reason : undefined
  if (health !== 'online') return [SHOWN[health].name, code ?? SHOWN[health].code]
  const attention = code ?? onlineAttention(provider, connection, now)
  return attention ? ['attention', attention] : ['ok']
}

/** How each verdict shows, and what is said where no reason of ours stands beside it. */
const SHOWN: Record<Exclude<Health, 'online'>, { name: StateName; code: TextCode }> = {
  revoked: { name: 'revoked', code: 'token_revoked' },
  unreachable: { name: 'down', code: 'unknown_trouble' },
  permission: { name: 'attention', code: 'insufficient_scope' },
}

function onlineAttention(
  provider: Provider,
  connection: Connection,
  now: Date,
): TextCode | undefined {
  if (missingScopes(provider, connection.scope).length > 0) return 'insufficient_scope'
  const { refreshAfter, refreshDueAt, expiresAt } = connection
  if (refreshAfter && refreshDueAt && refreshDueAt <= now && expiresAt) return 'refresh_failed'
  return warningOf(provider, connection, now) === undefined ? undefined : 'expires_soon'
}

function moments(
  provider: Provider,
  connection: Connection | undefined,
  breaker: BreakerState,
  format: Format,
  now: Date,
) {
  const next = breaker.name === 'open' ? breaker.until : connection?.nextCheckAt
  const since = connection?.lastOnlineAt
  const end = connection && (endOf(provider, connection) ?? connection.expiresAt)
  return {
    ...(since && { since: format.short(since) }),
    ...(end && { expiresAt: format.moment(end) }),
    ...(next && { retryAt: format.ahead(next, now) }),
  }
}
