import { type Request, type RequestHandler, type Response, Router } from 'express'
import { z } from 'zod'
import type { Context } from '../../context.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import { NotFound } from '../../errors.ts'
import {
  changeProfile,
  exportAccount,
  hasPassword,
  knowsPassword,
} from '../../flows/accounts/change-account.ts'
import { otherWays } from '../../flows/accounts/other-ways.ts'
import { setPassword } from '../../flows/accounts/reset-password.ts'
import { say } from '../../texts/index.ts'
import { accountDeletion } from './account-deletion.ts'
import { showAccount } from './account-page.ts'
import { apiTokensRouter } from './api-tokens.ts'
import { confirmed, confirmRouter, withoutPassword } from './confirm.ts'
import { check, email, type FieldErrors, password, text, weakness } from '../kit/forms.ts'
import { idOf } from '../kit/ids.ts'
import { renewSession } from '../kit/session.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'
import { TIME_ZONES } from './time-zones.ts'

const profile = z.object({
  name: text('Имя', 100),
  email,
  tz: z.enum(TIME_ZONES.map(({ name }) => name)),
  current: z.string().optional(),
})

const passwords = z.object({ current: password, password })
const firstPassword = passwords.partial({ current: true })

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
    res.attachment('evosync.json').json(await exportAccount(ctx, signedIn(res)))
  })

  return router
}

async function saveProfile(
  ctx: Context,
  req: Request,
  res: Response,
): Promise<FieldErrors | undefined> {
  const user = signedIn(res)
  const form = check(profile, req.body)
  if (!form.ok) return form.errors
  const { name, email: address, tz: timeZone, current = '' } = form.values
  const moves = canonicalEmail(address) !== user.email
  if (moves && !(await hasPassword(ctx, user))) return { email: say('password_first').title }
  if (moves && !(await knowsPassword(ctx, user, current)))
    return { current: say('password_current').title }
  const changed = await changeProfile(ctx, user, { name, email: address, timeZone })
  return changed ? undefined : { email: say('email_taken').title }
}

async function savePassword(
  ctx: Context,
  req: Request,
  res: Response,
): Promise<{ errors?: FieldErrors; programs?: number }> {
  const user = signedIn(res)
  const first = !(await hasPassword(ctx, user))
  const form = check(first ? firstPassword : passwords, req.body)
  if (!form.ok) return { errors: form.errors }
  const errors = weakness(ctx, form.values.password, user)
  if (errors.password) return { errors }
  if (!first && !(await knowsPassword(ctx, user, form.values.current ?? '')))
    return { errors: { current: say('password_current').title } }
  const programs = await setPassword(ctx, user, form.values.password)
  await renewSession(ctx, req, user)
  return { programs }
}
