import type { Request, Response } from 'express'
import type { Context } from '../../context.ts'
import type { User } from '../../store/users.ts'
import { rowOf, searchOf, stepLinks, withQuery } from '../kit/page-links.ts'

const PAGE = 50

/** People, fifty a page, the newest first; `?q=` finds them by the beginning of a name or an address. */
export async function showUsers(
  ctx: Context,
  { query }: Request,
  res: Response,
  made?: { user: User; link: string },
): Promise<void> {
  const q = searchOf(query.q)
  const after = rowOf(query.after)
  const found = await ctx.userSearch.page({ text: q, after }, PAGE + 1)
  const users = found.slice(0, PAGE)
  const last = found.length > PAGE ? users.at(-1) : undefined
  res.render('admin/users', {
    title: 'Администрирование: пользователи',
    q,
    state: withQuery('', { q, after }),
    users: users.map((user) => ({
      ...user,
      journal: withQuery('/admin/audit', { email: user.email }),
    })),
    pages: stepLinks(
      after === undefined
        ? undefined
        : { label: 'К началу', href: withQuery('/admin/users', { q }) },
      last && { label: 'Дальше', href: withQuery('/admin/users', { q, after: last.id }) },
    ),
    made,
    byMail: Boolean(ctx.mail),
  })
}
