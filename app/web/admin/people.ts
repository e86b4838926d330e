import { type Request, type Response, Router } from 'express'
import * as z from 'zod'
import type { Context } from '../../context.ts'
import { Forbidden, NotFound } from '../../errors.ts'
import { block, changeRole, signOutEverywhere, unblock } from '../../flows/accounts/administer.ts'
import type { Flash } from '../../store/session-data.ts'
import type { StandingChange } from '../../store/standing.ts'
import type { User } from '../../store/users.ts'
import { ROLES } from '../../store/vocabulary.ts'
import { counted } from '../../texts/plural.ts'
import { confirmed } from '../accounts/confirm.ts'
import { check, oneLine } from '../kit/forms.ts'
import { signedIn } from '../kit/signed-in.ts'
import { personDeletion } from './person-deletion.ts'
import { personOf, showPerson } from './person-page.ts'

const role = z.object({ role: z.enum(ROLES) })
const blocking = z.object({ reason: oneLine(300) })

/** A person's page for administrators, and what can be done there. Their own account is not changed here, but for the role. */
export function peopleRouter(ctx: Context): Router {
  const router = Router()

  router.get('/admin/users/:id', async (req, res) => {
    await showPerson(ctx, res, await personOf(ctx, req))
  })
  router.post('/admin/users/:id/role', confirmed(ctx), async (req, res) => {
    const user = await personOf(ctx, req)
    const form = check(role, req.body)
    if (!form.ok) throw new NotFound('role')
    const change = await changeRole(ctx, user, form.values.role, signedIn(res))
    settle(req, res, user, change, {
      title: form.values.role === 'admin' ? 'Теперь это администратор' : 'Прав администратора нет',
      text: `${user.email}: роль изменена, входить заново не нужно.`,
    })
  })
  router.post('/admin/users/:id/block', async (req, res) => {
    const user = await otherOf(ctx, req, res)
    const form = check(blocking, req.body)
    if (!form.ok) {
      await showPerson(ctx, res.status(422), user, form.errors, req.body)
      return
    }
    const change = await block(ctx, user, form.values.reason || undefined, signedIn(res))
    settle(req, res, user, change, {
      title: 'Аккаунт заблокирован',
      text: `${user.email}: сеансы завершены, программы получают отказ, проверки, синхронизации и вебхуки ждут.`,
    })
  })
  router.post('/admin/users/:id/unblock', async (req, res) => {
    const user = await otherOf(ctx, req, res)
    settle(req, res, user, await unblock(ctx, user, signedIn(res)), {
      title: 'Аккаунт разблокирован',
      text: `${user.email}: можно входить, проверки и синхронизации продолжатся сами.`,
    })
  })
  router.post('/admin/users/:id/sign-out', async (req, res) => {
    const user = await personOf(ctx, req)
    const administrator = signedIn(res)
    const own = user.id === administrator.id ? req.sessionID : undefined
    const programs = await signOutEverywhere(ctx, user, administrator, own)
    const tokens = counted(programs, 'токен', 'токена', 'токенов')
    settle(req, res, user, 'changed', {
      title: own ? 'Остальные сеансы завершены' : 'Сеансы завершены',
      text: `${user.email}: на всех устройствах надо войти заново. Удалено для программ: ${tokens}.`,
    })
  })
  router.use(personDeletion(ctx))

  return router
}

/** Whoever keeps themselves out could not come back in. */
async function otherOf(ctx: Context, req: Request, res: Response): Promise<User> {
  const user = await personOf(ctx, req)
  if (user.id === signedIn(res).id) throw new NotFound('not for oneself')
  return user
}

function settle(
  req: Request,
  res: Response,
  { id }: User,
  change: StandingChange,
  done: Pick<Flash, 'title' | 'text'>,
) {
  if (change === 'not_allowed') throw new Forbidden('admins_only')
  if (change === 'gone') throw new NotFound('user')
  req.session.flash = change === 'changed' ? { tone: 'ok', ...done } : LAST
  res.redirect(303, `/admin/users/${id}`)
}

const LAST: Flash = {
  tone: 'bad',
  title: 'Ничего не изменилось',
  text: 'Это единственный действующий администратор. Сначала дайте права администратора кому-нибудь ещё.',
}
