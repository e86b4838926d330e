import { type RequestHandler, Router } from 'express'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { otherWays } from '../../flows/accounts/other-ways.ts'
import { requestReset, resetPassword } from '../../flows/accounts/reset-password.ts'
import { check, email, password, typed, weakness } from '../kit/forms.ts'
import { addressOf, RESETS } from '../kit/limits.ts'
import { showExpired, showForgot, showReset } from './reset-pages.ts'

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
