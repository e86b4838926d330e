import express, { type ErrorRequestHandler, Router } from 'express'
import type { Context } from '../../context.ts'
import { takeChangeNotifications } from '../../flows/catalogue/take-notifications.ts'
import { createSeenDeliveries } from './seen-deliveries.ts'
import { showsSecret } from '../kit/shared-secret.ts'

const LARGEST_BODY = '1mb'

/**
 * `POST,PUT /webhooks/:key/…`: what platforms send by themselves. A shared secret instead of a session; without one
 * there is no such page. The answer is 200 before anything is done, or they would send it again:
 * docs/platforms/evotor.md#webhooks.
 */
export function platformWebhooksRouter(ctx: Context): Router {
  const router = Router()
  const seen = createSeenDeliveries()

  router.use('/webhooks/:key', (req, res, next) => {
    const { hints } = ctx.providers.find(req.params.key) ?? {}
    if (!hints || !['POST', 'PUT'].includes(req.method)) res.status(404).json({})
    else if (!showsSecret(hints.secret, req.get('authorization'))) res.status(401).json({})
    else next()
  })
  router.use('/webhooks/:key', express.raw({ type: () => true, limit: LARGEST_BODY }))
  router.use('/webhooks/:key', (req, res) => {
    const { key } = req.params
    const body = readBody(req.body)
    res.json(ctx.providers.get(key).hints?.answer?.(req.path, body) ?? {})
    take(key, req.path, body)
  })
  router.use('/webhooks', refused)

  function take(key: string, path: string, body: unknown) {
    const provider = ctx.providers.get(key)
    const message = provider.hints?.read(path, body)
    const count = (outcome: string) => {
      ctx.metrics.hints.inc({ platform: key, outcome })
    }
    if (!message) {
      count('unparsed')
      ctx.log.warn('hint_unparsed', { provider: key, path: path.slice(0, 100) })
    } else if (message.id !== undefined && seen.before(`${key} ${message.id}`)) {
      count('repeated')
    } else {
      count('taken')
      ctx.later('hint_failed', () => takeChangeNotifications(ctx, provider, message.hints))
    }
  }

  return router
}

/** Anything at all; what is not JSON is nothing. */
function readBody(body: unknown): unknown {
  try {
    return JSON.parse(Buffer.isBuffer(body) ? body.toString('utf8') : '')
  } catch {
    return undefined
  }
}

/** A program reads it: no page. */
const refused: ErrorRequestHandler = (error: { status?: unknown }, _req, res, next) => {
  const status = Number(error.status)
  if (status >= 400 && status < 500) res.status(status).json({})
  else next(error)
}
