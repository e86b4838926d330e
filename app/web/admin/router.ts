import { type RequestHandler, Router } from 'express'
import type { Context } from '../../context.ts'
import { Forbidden, NotFound } from '../../errors.ts'
import { makeResetLink } from '../../flows/accounts/reset-password.ts'
import { sendTrial } from '../../flows/notices/try-mail.ts'
import { adminKeysRouter } from './keys.ts'
import { adminProvidersRouter } from './providers.ts'
import { showAudit } from './audit-page.ts'
import { showHealth } from './health-page.ts'
import { invitationsRouter } from './invitations.ts'
import { peopleRouter } from './people.ts'
import { personOf } from './person-page.ts'
import { showUsers } from './users-page.ts'
import { confirmed } from '../accounts/confirm.ts'
import { limitedByUser, TRIALS } from '../kit/limits.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'

/** Pages of administrators. */
export function adminRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  router.use('/admin', requireUser, requireAdministrator, forms)

  router.get('/admin', (_req, res) => {
    res.redirect(303, '/admin/providers')
  })
  router.use(adminProvidersRouter(ctx), adminKeysRouter(ctx))
  router.get('/admin/users', async (req, res) => {
    await showUsers(ctx, req, res)
  })
  router.post('/admin/users/:id/reset-link', confirmed(ctx), async (req, res) => {
    const user = await personOf(ctx, req)
    const link = await makeResetLink(ctx, user, signedIn(res).id)
    await showUsers(ctx, req, res, { user, link })
  })
  router.use(peopleRouter(ctx), invitationsRouter(ctx))
  router.get('/admin/health', showHealth(ctx))
  router.post('/admin/health/check', limitedByUser(ctx, TRIALS), showHealth(ctx, true))
  router.post('/admin/health/letter', limitedByUser(ctx, TRIALS), async (req, res) => {
    if (!ctx.mail) throw new NotFound('mail')
    const user = signedIn(res)
    const trouble = await sendTrial(ctx, user)
    req.session.flash = trouble
      ? { tone: 'bad', title: 'Письмо не ушло', text: `${trouble.words} Код: ${trouble.code}.` }
      : { tone: 'ok', title: 'Письмо ушло', text: `Проверьте почту ${user.email}.` }
    res.redirect(303, '/admin/health')
  })
  router.get('/admin/audit', showAudit(ctx))

  return router
}

/** Behind requireUser. */
const requireAdministrator: RequestHandler = (_req, res, next) => {
  if (signedIn(res).role !== 'admin') throw new Forbidden('admins_only')
  next()
}
