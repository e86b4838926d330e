import type { Request, Response } from 'express'
import type { Context } from '../../context.ts'
import { say } from '../../texts/index.ts'
import { type FieldErrors, typed } from '../kit/forms.ts'

export function showForgot(
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

export function showReset(res: Response, token: string, errors: FieldErrors) {
  const title = errors.password ? 'Ошибка: новый пароль' : 'Новый пароль'
  res.render('accounts/reset', { title, token, errors, expired: undefined })
}

export function showExpired(res: Response) {
  const expired = say('reset_expired')
  res
    .status(410)
    .render('accounts/reset', { title: 'Ссылка уже не действует', token: '', errors: {}, expired })
}
