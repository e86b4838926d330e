import { type Request, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import { hasPassword, knowsPassword } from '../../flows/accounts/change-account.ts'
import { deleteAccount } from '../../flows/accounts/delete-account.ts'
import type { User } from '../../store/users.ts'
import { say } from '../../texts/index.ts'
import { confirmed, withoutPassword } from './confirm.ts'
import { type FieldErrors, typed } from '../kit/forms.ts'
import { namedEnds } from '../kit/named-ends.ts'
import { endSession } from '../kit/session.ts'
import { signedIn } from '../kit/signed-in.ts'

/** Leaving for good; part of the account's pages. */
export function accountDeletion(ctx: Context): Router {
  const router = Router()

  router.get('/account/delete', async (_req, res) => {
    await showDelete(ctx, res, {})
  })
  router.post('/account/delete', withoutPassword(ctx, confirmed(ctx)), async (req, res) => {
    const user = signedIn(res)
    const errors = await doubts(ctx, user, req)
    if (errors) {
      await showDelete(ctx, res.status(422), errors)
      return
    }
    if (!(await deleteAccount(ctx, user))) {
      await showDelete(ctx, res.status(409), {}, true)
      return
    }
    await endSession(req)
    res.redirect(303, '/login')
  })

  return router
}

/** Before everything goes: the password, or for people without one the address, so that it is no slip of the hand. */
async function doubts(ctx: Context, user: User, req: Request): Promise<FieldErrors | undefined> {
  const { password = '', email = '' } = typed(req.body, ['password', 'email'])
  if (!(await hasPassword(ctx, user))) {
    return canonicalEmail(email) === user.email ? undefined : { email: say('email_other').title }
  }
  const right = await knowsPassword(ctx, user, password)
  return right ? undefined : { password: say('password_current').title }
}

async function showDelete(ctx: Context, res: Response, errors: FieldErrors, indispensable = false) {
  const wrong = Object.keys(errors).length > 0 || indispensable
  res.render('account/delete', {
    title: wrong ? 'Ошибка: удалить аккаунт' : 'Удалить аккаунт?',
    errors,
    hasPassword: await hasPassword(ctx, signedIn(res)),
    ...(await namedEnds(ctx, signedIn(res))),
    refusal: indispensable ? say('last_admin') : undefined,
  })
}
