import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { hasPassword, knowsPassword } from '../../flows/accounts/change-account.ts'
import { signInProviders, wayOf } from '../../flows/accounts/sign-in-ways.ts'
import { isSame } from '../../store/identities.ts'
import { say } from '../../texts/index.ts'
import { fieldsOf, typed } from '../kit/forms.ts'
import { ownPath } from '../kit/paths.ts'
import { signedIn } from '../kit/signed-in.ts'

/** Who has signed in or proved themselves so lately is not asked again. */
const RECENT_MS = 10 * 60_000

/** Carried on by the page that asks; passwords are not. */
const LEFT_OUT = /^_csrf$|password|^current$/i
const LONGEST = 4_000

/**
 * Before whatever gives a lasting way in or takes data along: a browser left open is not its person. Asks for the
 * password on a page that carries on what was sent; who has none signs in again by their platform.
 */
export function confirmed(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    if (isRecent(req, res)) {
      next()
      return
    }
    const { confirm_password: password = '' } = typed(req.body, ['confirm_password'])
    const wrong = password === '' ? undefined : !(await knowsPassword(ctx, signedIn(res), password))
    if (wrong === false) {
      req.session.confirmedAt = Date.now()
      next()
    } else await ask(ctx, req, res.status(wrong ? 422 : 403), Boolean(wrong))
  }
}

/** Who has a password is asked for it by the form itself. */
export function withoutPassword(ctx: Context, ask: RequestHandler): RequestHandler {
  return async (req, res, next) => {
    if (await hasPassword(ctx, signedIn(res))) next()
    else await ask(req, res, next)
  }
}

/** `POST /account/confirm`: where a link waits for it, which carries no password itself. */
export function confirmRouter(ctx: Context): Router {
  const router = Router()
  router.post('/account/confirm', confirmed(ctx), (req, res) => {
    res.redirect(303, ownPath(typed(req.body, ['next']).next) ?? '/account')
  })
  return router
}

/** A clock that was set back proves nothing. */
function isRecent({ session }: Request, { locals }: Response): boolean {
  const age = locals.now.getTime() - (session.confirmedAt ?? session.signedInAt ?? 0)
  return age > -60_000 && age < RECENT_MS
}

async function ask(ctx: Context, req: Request, res: Response, wrong: boolean) {
  const user = signedIn(res)
  const byLink = req.method === 'GET'
  const identities = await ctx.identities.of(user.id)
  res.render('account/confirm', {
    title: wrong ? 'Ошибка: подтвердите, что это вы' : 'Подтвердите, что это вы',
    action: byLink ? '/account/confirm' : (ownPath(req.originalUrl) ?? '/account'),
    carried: byLink ? [['next', ownPath(req.originalUrl) ?? '/account']] : carriedIn(req),
    errors: wrong ? { confirm_password: say('password_current').title } : {},
    hasPassword: await hasPassword(ctx, user),
    ways: signInProviders(ctx).filter((one) => identities.some(isSame(wayOf(one)))),
    next: byLink ? (ownPath(req.originalUrl) ?? '/account') : '/account',
  })
}

function carriedIn({ body }: Request): [string, string][] {
  return Object.entries(fieldsOf(body)).flatMap(([name, value]): [string, string][] =>
    LEFT_OUT.test(name) || typeof value !== 'string' || value.length > LONGEST
      ? []
      : [[name, value]],
  )
}
