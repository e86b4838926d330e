import { createHmac } from 'node:crypto'
import type { Context } from '../../context.ts'
import { ProviderError } from '../../errors.ts'
import { forgetDeleted } from '../../store/db.ts'
import { type Attempt, type Delivery, PAUSES_MS } from '../../store/delivery-rows.ts'
import type { Webhook } from '../../store/webhooks.ts'
import { testEvent } from './webhook-events.ts'

/** Nothing has arrived for so long: it is switched off. */
const DEAD_AFTER_MS = 7 * 24 * 3600_000
/** A dead end holds one sender for five seconds, and the others go on. */
const SENDERS = 20
const LEASE_MS = 30_000

/**
 * Sends what is due, several webhooks side by side and one delivery of each at a time. Instances share the work by
 * leases. Stops early, between deliveries, when `signal` aborts.
 */
export async function deliverWebhooks(ctx: Context, signal: AbortSignal): Promise<void> {
  async function work() {
    while (!signal.aborted) {
      const claim = ctx.claimName()
      const delivery = await ctx.deliveries.claim(claim, LEASE_MS)
      if (!delivery) return
      await deliver(ctx, delivery, claim)
      await ctx.deliveries.release(delivery.webhookId, claim)
    }
  }
  await Promise.all(Array.from({ length: SENDERS }, work))
}

/** The button: sends a test at once; undefined when the webhook is off or not there. */
export async function sendTestEvent(ctx: Context, userId: number): Promise<boolean | undefined> {
  const id = await ctx.deliveries.queue(userId, testEvent())
  return id === undefined ? undefined : await redeliver(ctx, userId, id)
}

/** Sends a delivery of this person's once more, now. Undefined: it is not theirs, under way, or the webhook is off. */
export async function redeliver(
  ctx: Context,
  userId: number,
  id: number,
): Promise<boolean | undefined> {
  const webhook = await ctx.webhooks.find(userId)
  if (!webhook?.enabled) return undefined
  const claim = ctx.claimName()
  const delivery = await ctx.deliveries.claimAgain(userId, id, claim, LEASE_MS)
  return delivery && (await deliver(ctx, delivery, claim))
}

/** Stops sending, by hand; what still waits is not sent later, when it is old. */
export async function pauseWebhook(ctx: Context, userId: number): Promise<void> {
  await ctx.webhooks.setEnabled(userId, false)
  await ctx.deliveries.dropWaiting(userId)
}

/** With its secret and its log. */
export async function removeWebhook(ctx: Context, userId: number): Promise<void> {
  await ctx.webhooks.remove(userId)
  await forgetDeleted(ctx.db)
}

/** True when it arrived. */
async function deliver(ctx: Context, delivery: Delivery, claim: string): Promise<boolean> {
  const webhook = await ctx.webhooks.findWithSecret(delivery.webhookId)
  if (!webhook) return false
  const attempt = await attemptAt(ctx, webhook, delivery)
  const about = { webhook: webhook.id, delivery: delivery.id, news: delivery.event }
  if (attempt.error === undefined) {
    await ctx.deliveries.delivered(delivery, claim, attempt)
    await ctx.webhooks.noteSuccess(webhook.id)
    ctx.log.info('webhook_delivered', about)
    return true
  }
  await ctx.webhooks.noteFailure(webhook.id)
  const pause = PAUSES_MS[delivery.attempts]
  ctx.log.info('webhook_failed', {
    ...about,
    reason: attempt.error,
    status: attempt.responseStatus,
  })
  if (pause !== undefined) await ctx.deliveries.postponed(delivery, claim, attempt, pause)
  else await giveUp(ctx, webhook, delivery, claim, attempt)
  return false
}

async function attemptAt(
  ctx: Context,
  { url, secret }: Pick<Webhook, 'url'> & { secret: string | undefined },
  { key, event, payload }: Delivery,
): Promise<Attempt> {
  if (secret === undefined) return { error: 'secret_unreadable' }
  const headers = {
    'x-evosync-event': event,
    'x-evosync-delivery': key,
    'x-evosync-signature': signatureOf(secret, payload, Math.floor(Date.now() / 1000)),
  }
  try {
    const { status } = await ctx.sendTyped({ url, method: 'POST', signed: payload, headers })
    const fine = status >= 200 && status < 300
    return { responseStatus: status, ...(!fine && { error: 'bad_status' }) }
  } catch (error) {
    if (error instanceof ProviderError) return { error: error.code, responseStatus: error.status }
    ctx.log.error('webhook_broken', { error }) // ours; the queue goes on, and this one has its turn again
    return { error: 'internal' }
  }
}

/** The time is signed too, so that a receiver can refuse what somebody recorded and sends again. */
function signatureOf(secret: string, body: string, seconds: number): string {
  const mac = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')
  return `t=${seconds},v1=${mac}`
}

async function giveUp(
  ctx: Context,
  { id, userId }: Webhook,
  delivery: Delivery,
  claim: string,
  attempt: Attempt,
) {
  await ctx.deliveries.givenUp(delivery, claim, attempt)
  ctx.log.warn('webhook_given_up', { webhook: id, delivery: delivery.id, reason: attempt.error })
  if (!(await ctx.webhooks.switchOff(id, new Date(Date.now() - DEAD_AFTER_MS)))) return
  await ctx.deliveries.dropWaiting(userId)
  ctx.log.warn('webhook_switched_off', { webhook: id, user: userId })
}
