import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { otherWays } from '../../flows/accounts/other-ways.ts'
import { requestReset, resetPassword } from '../../flows/accounts/reset-password.ts'
import { say } from '../../texts/index.ts'
import { check, email, type FieldErrors, password, typed, weakness } from '../kit/forms.ts'
import { addressOf, RESETS } from '../kit/limits.ts'

const address = z.object({ email })
const newPassword = z.object({ token: z.string().max(200), password })

/** A new password for somebody who has forgotten theirs. */
export function resetsRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()

  router.get('/forgot', forms, (req, res) => {
    showForgot(ctx, req, res, { sent: false, errors: {} })
  })
  router.post('/forgot', forms, async (req, res) => {
    const form = check(address, req.body)
    if (!form.ok) {
      showForgot(ctx, req, res.status(422), { sent: false, errors: form.errors })
      return
    }
    await countOrRefuse(ctx, RESETS, addressOf(req))
    requestReset(ctx, form.values.email)
    showForgot(ctx, req, res, { sent: true, errors: {} })
  })

  router.get('/reset', forms, async (req, res) => {
    const token = typeof req.query.token === 'string' ? req.query.token : ''
    if (await ctx.resets.isAlive(token)) showReset(res, token, {})
    else showExpired(res)
  })
  router.post('/reset', forms, async (req, res) => {
    const form = check(newPassword, req.body)
    const sent = typed(req.body, ['token', 'password'])
    const errors = form.ok ? weakness(ctx, form.values.password, {}) : form.errors
    if (!form.ok || errors.password) {
      showReset(res.status(422), sent.token ?? '', errors)
      return
    }
    await countOrRefuse(ctx, RESETS, addressOf(req))
    const user = await resetPassword(ctx, form.values.token, form.values.password)
    if (!user) {
      showExpired(res)
      return
    }
    const ways = await otherWays(ctx, user)
    const also = `Без пароля в аккаунт по-прежнему можно войти через ${ways}: если это не вы, после входа отвяжите лишнее в разделе «Аккаунт», «Способы входа».`
    const text = `Войдите с новым паролем.${ways ? ` ${also}` : ''}`
    req.session.flash = { tone: 'ok', title: 'Пароль изменён', text }
    res.redirect(303, '/login')
  })

  return router
}

function showForgot(
  ctx: Context,
  { body }: Request,
  res: Response,
  { sent, errors }: { sent: boolean; errors: FieldErrors },
) {
  const byMail = Boolean(ctx.mail)
  const title = errors.email ? 'Ошибка: новый пароль' : 'Новый пароль'
  res.render('accounts/forgot', {
    title,
    byMail,
    mailTroubled: Boolean(ctx.mail?.state?.trouble),
    sent,
    errors,
    values: typed(body, ['email']),
  })
}

function showReset(res: Response, token: string, errors: FieldErrors) {
  const title = errors.password ? 'Ошибка: новый пароль' : 'Новый пароль'
  res.render('accounts/reset', { title, token, errors, expired: undefined })
}

function showExpired(res: Response) {
  const expired = say('reset_expired')
  res
    .status(410)
    .render('accounts/reset', { title: 'Ссылка уже не действует', token: '', errors: {}, expired })
}
