import { type Request, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { deleteAccount } from '../../flows/accounts/delete-account.ts'
import type { User } from '../../store/users.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import { say } from '../../texts/index.ts'
import { confirmed } from '../accounts/confirm.ts'
import { typed } from '../kit/forms.ts'
import { namedEnds } from '../kit/named-ends.ts'
import { signedIn } from '../kit/signed-in.ts'
import { personOf } from './person-page.ts'

/** Somebody's account and all that is theirs, for good: as when they leave themselves, after their address was typed. */
export function personDeletion(ctx: Context): Router {
  const router = Router()

  router.get('/admin/users/:id/delete', async (req, res) => {
    const person = await personOf(ctx, req)
    if (!isOwn(res, person)) await show(ctx, res, person)
  })
  router.post('/admin/users/:id/delete', confirmed(ctx), async (req, res) => {
    const person = await personOf(ctx, req)
    if (isOwn(res, person)) return
    if (typedAddress(req) !== person.email) {
      await show(ctx, res.status(422), person, say('email_not_theirs').title)
      return
    }
    const gone = await deleteAccount(ctx, person, signedIn(res))
    req.session.flash = gone
      ? { tone: 'ok', title: 'Аккаунт удалён', text: person.email }
      : { tone: 'bad', title: 'Аккаунт не удалён', text: say('last_admin').what }
    res.redirect(303, '/admin/users')
  })

  return router
}

/** Who leaves themselves does so where their password is asked. */
function isOwn(res: Response, { id }: User): boolean {
  const own = id === signedIn(res).id
  if (own) res.redirect(303, '/account/delete')
  return own
}

const typedAddress = ({ body }: Request) => canonicalEmail(typed(body, ['email']).email ?? '')

async function show(ctx: Context, res: Response, person: User, fault?: string) {
  res.render('admin/user-delete', {
    title: fault ? 'Ошибка: удалить аккаунт' : 'Удалить аккаунт?',
    person,
    errors: fault ? { email: fault } : {},
    ...(await namedEnds(ctx, person)),
  })
}
