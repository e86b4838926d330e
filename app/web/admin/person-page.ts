import type { Request, Response } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import type { User } from '../../store/users.ts'
import { type FieldErrors, typed } from '../kit/forms.ts'
import { idOf } from '../kit/ids.ts'
import { withQuery } from '../kit/page-links.ts'
import { signedIn } from '../kit/signed-in.ts'

/** @throws NotFound */
export async function personOf(ctx: Context, { params }: Request): Promise<User> {
  const user = await ctx.users.find(idOf(params))
  if (!user) throw new NotFound('user')
  return user
}

/** `GET /admin/users/:id`, and the same with what has to be put right. */
export async function showPerson(
  ctx: Context,
  res: Response,
  person: User,
  errors: FieldErrors = {},
  body?: unknown,
): Promise<void> {
  const [connections, sessions, tokens, links, identities] = await Promise.all([
    ctx.connections.list(person.id),
    ctx.openSessions.of(person.id, ''),
    ctx.apiTokens.of(person.id),
    ctx.syncLinks.list(person.id),
    ctx.identities.of(person.id),
  ])
  res.render('admin/user', {
    title: Object.keys(errors).length > 0 ? 'Ошибка: пользователь' : 'Пользователь',
    person,
    own: person.id === signedIn(res).id,
    errors,
    values: typed(body, ['reason']),
    journal: withQuery('/admin/audit', { email: person.email }),
    list: withQuery('', { q: person.email }),
    has: { connections, sessions, tokens, links, ways: identities },
    titleOf: (key: string) => ctx.providers.find(key)?.title ?? key,
  })
}
