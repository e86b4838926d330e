import { type Request, type RequestHandler, type Response, Router } from 'express'
import * as z from 'zod'
import type { Text } from '../../texts/text.ts'
import type { Context } from '../../context.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import type { User } from '../../store/users.ts'
import { isRegistrationOpen, register } from '../../flows/accounts/register.ts'
import { isStillPassword, signIn } from '../../flows/accounts/sign-in.ts'
import { say } from '../../texts/index.ts'
import { counted, plural } from '../../texts/plural.ts'
import { check, email, type FieldErrors, password, typed } from '../kit/forms.ts'
import { addressOf, REGISTRATIONS } from '../kit/limits.ts'
import { namedEnds } from '../kit/named-ends.ts'
import { endSession, entrance } from '../kit/session.ts'
import { checkRegistration } from './registration-form.ts'
import { signInButtons, signInNotice } from './sign-in-words.ts'
import { afterSignIn, lostNotice, wantedPage } from './wanted-page.ts'

const credentials = z.object({ email, password })
/** Coming in and going out. */
export function accountsRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()

  router.get('/login', forms, async (req, res) => {
    if (res.locals.user) res.redirect(303, '/connections')
    else await showLogin(ctx, req, res, { notice: signInNotice(ctx, req) ?? lostNotice(ctx, req) })
  })
  router.post('/login', forms, async (req, res) => {
    const form = check(credentials, req.body)
    if (!form.ok) {
      await showLogin(ctx, req, res.status(422), { errors: form.errors })
      return
    }
    const result = await signIn(ctx, { ...form.values, address: addressOf(req) }, entrance(req))
    if (!result.user) {
      const notice = result.blocked ? await keptOut(ctx, result.blocked) : wrongPair(result.left)
      await showLogin(ctx, req, res.status(result.blocked ? 403 : 401), { notice })
      return
    }
    if (!(await isStillPassword(ctx, result.user, result.passwordHash))) {
      await endSession(req)
      res.redirect(303, '/login')
      return
    }
    res.redirect(303, afterSignIn(wantedPage(req)))
  })
  router.post('/logout', forms, async (req, res) => {
    ctx.log.info('signed_out', { user: res.locals.user?.id })
    await endSession(req)
    res.redirect(303, '/login')
  })

  router.get('/register', forms, async (_req, res) => {
    await showRegister(ctx, res, {}, {})
  })
  router.post('/register', forms, async (req, res) => {
    const values = typed(req.body, ['name', 'email', 'consent'])
    const form = checkRegistration(ctx, req.body)
    if (!form.ok) {
      await showRegister(ctx, res.status(422), form.errors, values)
      return
    }
    await countOrRefuse(ctx, REGISTRATIONS, addressOf(req))
    const user = await register(ctx, { ...form.values, address: addressOf(req) }, entrance(req))
    if (user === 'email_taken') {
      await showRegister(ctx, res.status(409), { email: say('email_taken').title }, values)
    } else if (user === 'registration_closed') {
      await showRegister(ctx, res.status(403), {}, values)
    } else {
      res.redirect(303, '/connections')
    }
  })

  return router
}

async function showLogin(
  ctx: Context,
  req: Request,
  res: Response,
  { errors = {}, notice }: { errors?: FieldErrors; notice?: Text | undefined },
) {
  res.render('accounts/login', {
    title: res.statusCode >= 400 ? 'Ошибка: вход' : 'Вход',
    errors,
    notice,
    values: typed(req.body, ['email']),
    wanted: wantedPage(req) ?? '',
    canRegister: await isRegistrationOpen(ctx),
    signInWith: signInButtons(ctx),
    ...(await namedEnds(ctx)),
  })
}

async function showRegister(
  ctx: Context,
  res: Response,
  errors: FieldErrors,
  values: Record<string, string>,
) {
  res.render('accounts/register', {
    title: res.statusCode >= 400 ? 'Ошибка: регистрация' : 'Регистрация',
    open: await isRegistrationOpen(ctx),
    closed: say('registration_closed'),
    signInWith: signInButtons(ctx),
    ...(await namedEnds(ctx)),
    errors,
    values,
  })
}

/** Said to whoever knows the password, and nobody else. */
async function keptOut(ctx: Context, { reason }: NonNullable<User['blocked']>): Promise<Text> {
  const administrator = await ctx.users.administrator()
  return say('account_blocked', {
    reason: reason ? ` с такими словами: «${reason}»` : '',
    adminEmail: administrator?.email ?? 'его адрес знает тот, кто установил EvoSync',
  })
}

/** The last tries are counted aloud. */
function wrongPair(left: number): Text {
  const words = say('login_invalid')
  if (left > 3 || left === 0) return words
  const verb = plural(left, 'Осталась', 'Осталось', 'Осталось')
  const tries = counted(left, 'попытка', 'попытки', 'попыток')
  return { ...words, what: `${words.what} ${verb} ${tries}, потом вход закроется на 15 минут.` }
}
