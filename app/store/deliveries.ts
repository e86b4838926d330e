import type { Knex } from 'knex'
import { blocked } from './blocked.ts'
import { type Db, fromNow, isPostgres } from './db.ts'
import { isOrphan } from './db-errors.ts'
import {
  type Attempt,
  type Delivery,
  PAUSES_MS,
  queueDelivery,
  toDelivery,
  type WebhookEvent,
} from './delivery-rows.ts'
import { leaseOver, leftByTries, reachedByTries, type Tried } from './leases.ts'
import { deleteInSlices } from './slices.ts'
import type { Columns, DeliveryRow } from './tables.ts'

/**
 * The queue and the log of deliveries. One of a webhook is under way at a time, in order, so that a dead end costs one
 * sender; only what a person sends by hand does not wait.
 */
export function createDeliveryStore(db: Db) {
  const table = () => db('webhook_deliveries')
  const free = (leaseMs: number) => table().where(leaseOver(db, 'claimed_until', leaseMs))
  const held = (id: number, owner: string) => table().where({ id, claimed_by: owner })
  const FREE = { claimed_by: null, claimed_until: null } satisfies Columns<DeliveryRow>
  const AGAIN = {
    status: 'pending',
    attempts: 0,
    error: null,
    response_status: null,
  } as const satisfies Columns<DeliveryRow>
  const ofUser = (userId: number) => db('webhooks').where({ user_id: userId }).select('id')

  const due = (leaseMs: number) =>
    free(leaseMs).where({ status: 'pending' }).where(reachedByTries(db, LONGEST))

  /** What is due, each in the order of an index; after it what a clock that was set back has left. */
  const parts: Knex.QueryCallback[] = [
    (q) => q.where('next_attempt_at', '<=', fromNow(db)).orderBy('next_attempt_at'),
    (q) => q.whereNotNull('next_attempt_at').where(leftByTries(db, LONGEST)),
  ]

  /** Takes a webhook that has something due and that nobody sends for; the one that has waited longest comes first. */
  async function claimWebhook(owner: string, leaseMs: number): Promise<number | undefined> {
    for (const part of parts) {
      const waiting = table()
        .join('webhooks', 'webhooks.id', 'webhook_deliveries.webhook_id')
        .select('webhooks.id')
        .where({ status: 'pending', enabled: true })
        .whereNotIn('webhooks.user_id', blocked(db))
        .where(leaseOver(db, 'claimed_until', leaseMs))
        .where(leaseOver(db, 'sending_until', leaseMs))
        .modify(part)
        .limit(1)
      const [row] = await db('webhooks')
        .whereIn('id', isPostgres(db) ? waiting.forUpdate('webhooks').skipLocked() : waiting)
        .update({ sender: owner, sending_until: fromNow(db, leaseMs) })
        .returning<{ id: number }[]>('id')
      if (row) return row.id
    }
    return undefined
  }

  async function release(webhookId: number, owner: string): Promise<void> {
    await db('webhooks')
      .where({ id: webhookId, sender: owner })
      .update({ sender: null, sending_until: fromNow(db) })
  }

  return {
    /** Undefined when there is no webhook, or it is off. */
    async queue(userId: number, news: WebhookEvent): Promise<number | undefined> {
      try {
        return await queueDelivery(db, userId, news)
      } catch (error) {
        if (isOrphan(error)) return undefined
        throw error
      }
    },
    /**
     * The oldest due one of a webhook nobody sends for at the moment, for one caller only, who gives the webhook back by
     * `release`; leases that run out give both back.
     */
    async claim(owner: string, leaseMs: number): Promise<Delivery | undefined> {
      for (;;) {
        const webhookId = await claimWebhook(owner, leaseMs)
        if (webhookId === undefined) return undefined
        const oldest = due(leaseMs)
          .select('id')
          .where({ webhook_id: webhookId })
          .orderBy('id')
          .limit(1)
        const [row] = await free(leaseMs)
          .whereIn('id', oldest)
          .update({ claimed_by: owner, claimed_until: fromNow(db, leaseMs) })
          .returning('*')
        if (row) return toDelivery(row)
        await release(webhookId, owner) // somebody has just sent it by hand
      }
    },
    release,
    /** A certain one of a person's, however it ended before; undefined when it is under way, or not theirs. */
    async claimAgain(
      userId: number,
      id: number,
      owner: string,
      leaseMs: number,
    ): Promise<Delivery | undefined> {
      const [row] = await free(leaseMs)
        .where({ id })
        .whereIn('webhook_id', ofUser(userId))
        .update({
          ...AGAIN,
          next_attempt_at: fromNow(db),
          claimed_by: owner,
          claimed_until: fromNow(db, leaseMs),
        })
        .returning('*')
      return row && toDelivery(row)
    },

    async delivered({ id }: Delivery, owner: string, attempt: Attempt): Promise<void> {
      await held(id, owner).update({
        ...result(attempt),
        status: 'delivered',
        delivered_at: new Date(),
        next_attempt_at: null,
      })
    },
    /** Until `pauseMs` from now nothing else is tried at this webhook's dead end before its turn, a minute at the most. */
    async postponed(
      { id, webhookId }: Delivery,
      owner: string,
      attempt: Attempt,
      pauseMs: number,
    ): Promise<void> {
      await held(id, owner).update({
        ...result(attempt),
        next_attempt_at: fromNow(db, pauseMs),
      })
      await this.rest(webhookId)
    },
    async givenUp({ id, webhookId }: Delivery, owner: string, attempt: Attempt): Promise<void> {
      await held(id, owner).update({
        ...result(attempt),
        status: 'failed',
        next_attempt_at: null,
      })
      await this.rest(webhookId)
    },
    /** What else waits for a dead end waits a minute longer. */
    async rest(webhookId: number): Promise<void> {
      await table()
        .where({ webhook_id: webhookId, status: 'pending' })
        .where((q) => q.whereNull('claimed_until').orWhere('claimed_until', '<=', fromNow(db)))
        .where('next_attempt_at', '<', fromNow(db, REST_MS))
        .update({ next_attempt_at: fromNow(db, REST_MS) })
    },
    /** The webhook is off: what waits is not sent later, when it is old. */
    async dropWaiting(userId: number): Promise<void> {
      await table()
        .whereIn('webhook_id', ofUser(userId))
        .where({ status: 'pending' })
        .whereNotNull('next_attempt_at') // as the index of what waits says it
        .update({ status: 'failed', error: 'switched_off', next_attempt_at: null })
    },

    async latest(webhookId: number, most: number): Promise<Delivery[]> {
      const rows = await table().where({ webhook_id: webhookId }).orderBy('id', 'desc').limit(most)
      return rows.map(toDelivery)
    },
    async sweep(before: Date): Promise<void> {
      await deleteInSlices(db, 'webhook_deliveries', (q) =>
        q.where('created_at', '<', before).orderBy('created_at'),
      )
    },
  }

  function result({ responseStatus, error }: Attempt) {
    return {
      ...FREE,
      attempts: db.raw('attempts + 1'),
      response_status: responseStatus ?? null,
      error: error ?? null,
    } satisfies Columns<DeliveryRow>
  }
}

const REST_MS = 60_000
/** How long one with so many tries may have been put off. */
const LONGEST: Tried = {
  column: 'next_attempt_at',
  tries: 'attempts',
  pausesMs: [0, ...PAUSES_MS].map((pauseMs) => Math.max(pauseMs, REST_MS)),
}
