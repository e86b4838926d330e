import type { RequestHandler, Response } from 'express'
import type { Context } from '../../context.ts'
import type { User } from '../../store/users.ts'

/** Finds out who asks: `res.locals.user`, from the database at every request, so that who is deleted or blocked is out at once. */
export function whoAsks(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    const { userId } = req.session
    const user = userId === undefined ? undefined : await ctx.users.find(userId)
    if (user && !user.blocked) res.locals.user = user
    next()
  }
}

/** Strangers go to /login and come back afterwards. */
export const requireUser: RequestHandler = (req, res, next) => {
  if (res.locals.user) {
    next()
    return
  }
  const wanted = req.method === 'GET' ? `?next=${encodeURIComponent(req.originalUrl)}` : ''
  res.redirect(303, `/login${wanted}`)
}

/** The person behind {@link requireUser}. */
export function signedIn(res: Response): User {
  const { user } = res.locals
  if (!user) throw new Error('requireUser is missing before this route')
  return user
}
