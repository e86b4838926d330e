import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type RequestHandler, Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { exportAccount } from '../../flows/accounts/change-account.ts'
import { otherWays } from '../../flows/accounts/other-ways.ts'
import { accountDeletion } from './account-deletion.ts'
import { showAccount } from './account-page.ts'
import { apiTokensRouter } from './api-tokens.ts'
import { confirmed, confirmRouter, withoutPassword } from './confirm.ts'
import { idOf } from '../kit/ids.ts'
import { jsonPieces } from './json-pieces.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'
import { savePassword, saveProfile } from './account-forms.ts'

/** A person's own account. */
export function accountRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  router.use('/account', requireUser, forms)
  router.use(confirmRouter(ctx))
  router.use(accountDeletion(ctx))

  router.get('/account', async (req, res) => {
    await showAccount(ctx, req, res, {})
  })
  router.post('/account', async (req, res) => {
    const errors = await saveProfile(ctx, req, res)
    if (errors) {
      await showAccount(ctx, req, res.status(422), { profile: errors })
      return
    }
    req.session.flash = { tone: 'ok', title: 'Профиль сохранён' }
    res.redirect(303, '/account')
  })
  router.post('/account/password', withoutPassword(ctx, confirmed(ctx)), async (req, res) => {
    const { errors, programs = 0 } = await savePassword(ctx, req, res)
    if (errors) {
      await showAccount(ctx, req, res.status(422), { password: errors })
      return
    }
    const ended = `Остальные сеансы завершены${programs > 0 ? ', токены программ удалены' : ''}.`
    const ways = await otherWays(ctx, signedIn(res))
    req.session.flash = ways
      ? {
          tone: 'ok',
          title: 'Пароль изменён',
          text: `${ended} Войти без пароля по-прежнему можно через ${ways}.`,
          next: { href: '/account#ways', label: 'Проверить и отвязать лишнее' },
        }
      : { tone: 'ok', title: 'Пароль изменён', text: ended }
    res.redirect(303, '/account')
  })
  router.post('/account/sessions/end', async (req, res) => {
    await ctx.openSessions.endAll(signedIn(res).id, req.sessionID)
    req.session.flash = { tone: 'ok', title: 'Остальные сеансы завершены' }
    res.redirect(303, '/account')
  })
  router.post('/account/sessions/:id/end', async (req, res) => {
    const ended = await ctx.openSessions.end(signedIn(res).id, idOf(req.params))
    if (!ended) throw new NotFound('session')
    req.session.flash = { tone: 'ok', title: 'Сеанс завершён' }
    res.redirect(303, '/account')
  })
  router.use(apiTokensRouter(ctx, (req, res, tokens) => showAccount(ctx, req, res, { tokens })))
  router.post('/account/export', confirmed(ctx), async (_req, res) => {
    const all = await exportAccount(ctx, signedIn(res))
    res.attachment('evosync.json').type('json')
    await pipeline(Readable.from(jsonPieces(all)), res)
  })

  return router
}
