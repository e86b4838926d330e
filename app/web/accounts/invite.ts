import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { acceptInvitation } from '../../flows/accounts/invite.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { say } from '../../texts/index.ts'
import { type FieldErrors, typed } from '../kit/forms.ts'
import { addressOf, REGISTRATIONS } from '../kit/limits.ts'
import { entrance } from '../kit/session.ts'
import { checkRegistration } from './registration-form.ts'

/** `/invite?token=…`: an account for whoever was invited, open registration or not. */
export function inviteRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()

  router.get('/invite', forms, async (req, res) => {
    const token = typeof req.query.token === 'string' ? req.query.token : ''
    await show(ctx, res, token, {}, {})
  })
  router.post('/invite', forms, async (req, res) => {
    const sent = typed(req.body, ['token', 'name', 'email', 'password', 'consent'])
    const token = sent.token ?? ''
    const invitation = await ctx.invitations.find(token)
    const body = { ...sent, ...(invitation?.email && { email: invitation.email }) }
    const form = checkRegistration(ctx, body)
    if (!form.ok) {
      await show(ctx, res.status(422), token, form.errors, body)
      return
    }
    await countOrRefuse(ctx, REGISTRATIONS, addressOf(req))
    const registration = { ...form.values, address: addressOf(req) }
    await answer(ctx, req, res, { token, body, registration })
  })

  return router
}

interface Accepted {
  token: string
  body: Record<string, string>
  registration: Parameters<typeof acceptInvitation>[2]
}

async function answer(ctx: Context, req: Request, res: Response, accepted: Accepted) {
  const { token, body, registration } = accepted
  const user = await acceptInvitation(ctx, token, registration, entrance(req))
  if (user === 'email_taken') {
    await show(ctx, res.status(409), token, { email: say('email_taken').title }, body)
  } else if (user === 'dead') showDead(res)
  else res.redirect(303, '/connections')
}

async function show(
  ctx: Context,
  res: Response,
  token: string,
  errors: FieldErrors,
  values: Record<string, string>,
) {
  const invitation = await ctx.invitations.find(token)
  if (!invitation) {
    showDead(res)
    return
  }
  res.render('accounts/invite', {
    title: res.statusCode >= 400 ? 'Ошибка: приглашение' : 'Вас пригласили в EvoSync',
    dead: undefined,
    token,
    invitation,
    errors,
    values,
  })
}

function showDead(res: Response) {
  res.status(410).render('accounts/invite', {
    title: 'Приглашение уже не действует',
    dead: say('invitation_dead'),
  })
}
