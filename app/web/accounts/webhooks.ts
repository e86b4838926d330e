import { type Request, type RequestHandler, type Response, Router } from 'express'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import {
  pauseWebhook,
  redeliver,
  removeWebhook,
  sendTestEvent,
} from '../../flows/notices/deliver-webhooks.ts'
import { showAccount } from './account-page.ts'
import { confirmed } from './confirm.ts'
import { check } from '../kit/forms.ts'
import { idOf } from '../kit/ids.ts'
import { limitedByUser, WEBHOOK_SENDS } from '../kit/limits.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'
import { webhookAddress } from './webhook-address.ts'

/** The webhook of a person's own account; its section stands on the account page. */
export function webhooksRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  const form = z.object({ url: webhookAddress(ctx.config) })
  const sends = limitedByUser(ctx, WEBHOOK_SENDS)
  router.use('/account/webhook', requireUser, forms)

  router.post('/account/webhook', confirmed(ctx), async (req, res) => {
    const checked = check(form, req.body)
    if (!checked.ok) {
      await showAccount(ctx, req, res.status(422), { webhook: checked.errors })
      return
    }
    const secret = await ctx.webhooks.save(signedIn(res).id, checked.values.url)
    if (secret) await showAccount(ctx, req, res, { webhookSecret: secret })
    else done(req, res, 'Адрес вебхука сохранён')
  })
  // Shown in the answer to this very request: a secret that travelled in the session would be stored there.
  router.post('/account/webhook/secret', confirmed(ctx), async (req, res) => {
    const secret = await ctx.webhooks.renewSecret(signedIn(res).id)
    if (!secret) throw new NotFound('webhook')
    await showAccount(ctx, req, res, { webhookSecret: secret })
  })
  router.post('/account/webhook/on', async (req, res) => {
    await ctx.webhooks.setEnabled(signedIn(res).id, true)
    done(req, res, 'Вебхук включён')
  })
  router.post('/account/webhook/off', async (req, res) => {
    await pauseWebhook(ctx, signedIn(res).id)
    done(req, res, 'Вебхук выключен', 'Пока он выключен, события не отправляются и не копятся.')
  })
  router.post('/account/webhook/remove', async (req, res) => {
    await removeWebhook(ctx, signedIn(res).id)
    done(req, res, 'Вебхук удалён', 'Адрес, секрет и журнал отправок удалены.')
  })

  router.post('/account/webhook/test', sends, async (req, res) => {
    told(req, res, await sendTestEvent(ctx, signedIn(res).id))
  })
  router.post('/account/webhook/deliveries/:id/repeat', sends, async (req, res) => {
    told(req, res, await redeliver(ctx, signedIn(res).id, idOf(req.params)))
  })

  return router
}

function told(req: Request, res: Response, arrived: boolean | undefined) {
  if (arrived === undefined) throw new NotFound('delivery')
  if (arrived) done(req, res, 'Сообщение доставлено')
  else {
    const text = 'Причина записана в журнале отправок на этой странице.'
    req.session.flash = { tone: 'info', title: 'Сообщение не доставлено', text }
    res.redirect(303, '/account#hook')
  }
}

function done(req: Request, res: Response, title: string, text?: string) {
  req.session.flash = { tone: 'ok', title, ...(text && { text }) }
  res.redirect(303, '/account#hook')
}
