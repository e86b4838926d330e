import { type Response, Router } from 'express'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { inviteByLetter, inviteByLink, takeBack } from '../../flows/accounts/invite.ts'
import { ROLES } from '../../store/vocabulary.ts'
import { say } from '../../texts/index.ts'
import { confirmed } from '../accounts/confirm.ts'
import { check, email, type FieldErrors, typed } from '../kit/forms.ts'
import { idOf } from '../kit/ids.ts'
import { limitedByUser, TRIALS } from '../kit/limits.ts'
import { signedIn } from '../kit/signed-in.ts'

const MOST_SHOWN = 100
const byLetter = z.object({ role: z.enum(ROLES), email })
const byLink = z.object({ role: z.enum(ROLES) })

/** `/admin/invitations`: new people, registration open or not. */
export function invitationsRouter(ctx: Context): Router {
  const router = Router()

  router.get('/admin/invitations', async (_req, res) => {
    await show(ctx, res)
  })
  router.post('/admin/invitations/link', confirmed(ctx), async (req, res) => {
    const form = check(byLink, req.body)
    if (!form.ok) throw new NotFound('role')
    const link = await inviteByLink(ctx, form.values.role, signedIn(res))
    await show(ctx, res, { link, values: form.values })
  })
  router.post(
    '/admin/invitations/letter',
    limitedByUser(ctx, TRIALS),
    confirmed(ctx),
    async (req, res) => {
      if (!ctx.mail) throw new NotFound('mail')
      const values = typed(req.body, ['email', 'role'])
      const form = check(byLetter, req.body)
      if (!form.ok) {
        await show(ctx, res.status(422), { errors: form.errors, values })
        return
      }
      const done = await inviteByLetter(ctx, form.values.role, form.values.email, signedIn(res))
      if (done === 'email_taken') {
        await show(ctx, res.status(409), {
          errors: { email: say('invited_is_here').title },
          values,
        })
        return
      }
      const text = `Письмо с приглашением уходит на ${form.values.email}.`
      req.session.flash = { tone: 'ok', title: 'Приглашение создано', text }
      res.redirect(303, '/admin/invitations')
    },
  )
  router.post('/admin/invitations/:id/take-back', async (req, res) => {
    if (!(await takeBack(ctx, idOf(req.params), signedIn(res)))) throw new NotFound('invitation')
    req.session.flash = {
      tone: 'ok',
      title: 'Приглашение отозвано',
      text: 'Ссылка больше не действует.',
    }
    res.redirect(303, '/admin/invitations')
  })

  return router
}

interface Shown {
  link?: string
  errors?: FieldErrors
  values?: Record<string, string>
}

async function show(ctx: Context, res: Response, { link, errors = {}, values = {} }: Shown = {}) {
  const waiting = await ctx.invitations.waiting(MOST_SHOWN)
  const makers = await ctx.users.named([...new Set(waiting.map(({ madeBy }) => madeBy))])
  res.render('admin/invitations', {
    title: res.statusCode >= 400 ? 'Ошибка: приглашения' : 'Администрирование: приглашения',
    link,
    errors,
    values,
    byMail: Boolean(ctx.mail),
    waiting: waiting.map((one) => ({ ...one, maker: makers.get(one.madeBy)?.email ?? '' })),
  })
}
