import { type Db, fromNow, type Stored, toDate, toDateIf } from './db.ts'

/** What a person's own system is to be told: the body as it is sent and signed, and its number. */
export interface WebhookEvent {
  key: string
  event: string
  payload: string
}

/** `pending` waits for its turn · `delivered` was answered with 2xx · `failed` is given up. */
export interface Delivery extends WebhookEvent {
  id: number
  webhookId: number
  status: 'pending' | 'delivered' | 'failed'
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

/** A row of `webhook_deliveries`, its lease apart. */
export interface DeliveryRow extends WebhookEvent {
  id: number
  webhook_id: number
  status: Delivery['status']
  attempts: number
  next_attempt_at: Stored | null
  response_status: number | null
  error: string | null
  created_at: Stored
  delivered_at: Stored | null
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
  const waiting = { webhook_id: webhook.id, status: 'pending', attempts: 0, created_at: new Date() }
  const [row] = await db('webhook_deliveries')
    .insert({ ...news, ...waiting, next_attempt_at: fromNow(db) })
    .returning<{ id: number }[]>('id')
  return row?.id
}

export function toDelivery(row: DeliveryRow): Delivery {
  return {
    id: row.id,
    webhookId: row.webhook_id,
    key: row.key,
    event: row.event,
    payload: row.payload,
    status: row.status,
    attempts: row.attempts,
    nextAttemptAt: toDateIf(row.next_attempt_at),
    responseStatus: row.response_status ?? undefined,
    error: row.error ?? undefined,
    createdAt: toDate(row.created_at),
    deliveredAt: toDateIf(row.delivered_at),
  }
}
