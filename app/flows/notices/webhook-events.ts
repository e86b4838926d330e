import { randomUUID } from 'node:crypto'
import { named } from '../../texts/names.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Connection } from '../../store/connection.ts'
import type { WebhookEvent } from '../../store/delivery-rows.ts'
import { headline } from './trouble-words.ts'

/** What a webhook is told about; README.md has them for its receivers. */
export type EventName =
  | 'connection.connected'
  | 'connection.disconnected'
  | 'connection.lost'
  | 'connection.attention'
  | 'connection.unreachable'
  | 'connection.recovered'
  | 'sync.done'
  | 'sync.failed'
  | 'sync.paused'
  | 'webhook.test'

/** The part of the body that tells what happened; `title` is one Russian line for a person. */
interface NewsData {
  provider: string | null
  /** `online`, `revoked`, `permission` or `unreachable`; null when there is no connection. */
  health: Connection['health'] | null
  /** A code of the texts; null when all is well. */
  code: string | null
  title: string
}

/** A trouble the owner is told of. */
export function incidentEvent(
  provider: Provider,
  { health }: Connection,
  code: string,
): WebhookEvent {
  const title = headline(provider, code)
  return newsOf(EVENTS[health], { provider: provider.key, health, code, title })
}

const EVENTS = {
  revoked: 'connection.lost',
  permission: 'connection.attention',
  unreachable: 'connection.unreachable',
  online: 'connection.attention', // it lives, and its access ends soon or cannot be renewed
} as const satisfies Record<Connection['health'], EventName>

export const recoveryEvent = (provider: Provider): WebhookEvent =>
  newsOf('connection.recovered', {
    ...WELL,
    provider: provider.key,
    title: named('{P} снова на связи', provider),
  })

export const connectedEvent = (provider: Provider): WebhookEvent =>
  newsOf('connection.connected', {
    ...WELL,
    provider: provider.key,
    title: named('Аккаунт {ofP} подключён', provider),
  })

export const disconnectedEvent = (provider: Provider): WebhookEvent =>
  newsOf('connection.disconnected', {
    provider: provider.key,
    health: null,
    code: null,
    title: named('Аккаунт {ofP} отключён', provider),
  })

/** The goods went, stopped, or wait. */
export const runEvent = (
  event: Extract<EventName, `sync.${string}`>,
  { code = null, title }: { code?: string | null; title: string },
): WebhookEvent => newsOf(event, { provider: null, health: null, code, title })

/** Sent by the button. */
export const testEvent = (): WebhookEvent =>
  newsOf('webhook.test', {
    provider: null,
    health: null,
    code: null,
    title: 'Проверочное сообщение EvoSync',
  })

const WELL = { health: 'online', code: null } as const

function newsOf(event: EventName, data: NewsData): WebhookEvent {
  const key = randomUUID()
  const payload = JSON.stringify({ id: key, event, created_at: new Date().toISOString(), data })
  return { key, event, payload }
}
