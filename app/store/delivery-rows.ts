import { type Db, fromNow, toDate, toDateIf } from './db.ts'
import type { DeliveryRow, Read } from './tables.ts'
import { DELIVERY_STATUSES, type DeliveryStatus, wordIn } from './vocabulary.ts'

/** What a person's own system is to be told: the body as it is sent and signed, and its number. */
export interface WebhookEvent {
  key: string
  event: string
  payload: string
}

/** News on its way. */
export interface Delivery extends WebhookEvent {
  id: number
  webhookId: number
  status: DeliveryStatus
  /** Tries so far. */
  attempts: number
  nextAttemptAt: Date | undefined
  /** HTTP status of the last answer, when there was one. */
  responseStatus: number | undefined
  /** Why it did not arrive: a code. */
  error: string | undefined
  createdAt: Date
  deliveredAt: Date | undefined
}

/** How a try ended; without an `error` it arrived. */
export interface Attempt {
  responseStatus?: number | undefined
  error?: string
}

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** After the first try, the second and so on; the one after the last is given up. */
export const PAUSES_MS = [MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 12 * HOUR_MS]

/** Puts news into the queue of a person's webhook, if there is one and it is on; gives the row's number. */
export async function queueDelivery(
  db: Db,
  userId: number,
  news: WebhookEvent,
): Promise<number | undefined> {
  const webhook = await db('webhooks')
    .where({ user_id: userId, enabled: true })
    .forUpdate() // nobody removes it between our reading and our writing
    .first<{ id: number } | undefined>('id')
  if (!webhook) return undefined
  const waiting = { webhook_id: webhook.id, attempts: 0, created_at: new Date() }
  const [row] = await db('webhook_deliveries')
    .insert({ ...news, ...waiting, status: 'pending', next_attempt_at: fromNow(db) })
    .returning<{ id: number }[]>('id')
  return row?.id
}

export function toDelivery(row: Read<DeliveryRow>): Delivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    key: row.key,
    event: row.event,
    payload: row.payload,
    status: wordIn(DELIVERY_STATUSES, row.status) ?? 'failed',
    attempts: row.attempts,
    nextAttemptAt: toDateIf(row.next_attempt_at),
    responseStatus: row.response_status ?? undefined,
    error: row.error ?? undefined,
    createdAt: toDate(row.created_at),
    deliveredAt: toDateIf(row.delivered_at),
  }
}
