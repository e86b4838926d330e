import { type RequestHandler, Router } from 'express'
import type { Context } from '../../context.ts'
import { postedLink } from './endpoints.ts'
import { drawnRouter } from './drawn.ts'
import { showSync } from './page.ts'
import { syncSettingsRouter } from './settings/router.ts'
import { requireUser } from '../kit/signed-in.ts'

/** The catalogue's own pages: how a pair of store and community stands, and its settings. */
export function syncRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  router.use('/sync', requireUser, forms)

  router.get('/sync', async (req, res) => {
    await showSync(ctx, req, res)
  })
  router.post('/sync/pause', async (req, res) => {
    const link = await postedLink(ctx, req, res)
    if (link) {
      await ctx.syncLinks.setPaused(link.id, !link.paused)
      req.session.flash = link.paused
        ? { tone: 'ok', title: 'Расписание возобновлено' }
        : { tone: 'ok', title: 'Расписание приостановлено', text: PAUSED }
    }
    res.redirect(303, `/sync${link ? `?link=${link.id}` : ''}`)
  })
  router.post('/sync/feed/renew', async (req, res) => {
    const link = await postedLink(ctx, req, res)
    if (link) {
      await ctx.syncLinks.renewFeedKey(link)
      req.session.flash = { tone: 'ok', title: 'Адрес файла сменили', text: RENEWED }
    }
    res.redirect(303, `/sync${link ? `?link=${link.id}` : ''}`)
  })
  router.use(syncSettingsRouter(ctx))
  router.use(drawnRouter(ctx))

  return router
}

const PAUSED = 'Сами мы ничего не отправим. Запустить вручную можно в любой момент.'
const RENEWED = 'Прежний адрес больше не открывается. Укажите новый там, где вы его вписывали.'
