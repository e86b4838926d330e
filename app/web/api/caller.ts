import type { Request, RequestHandler, Response } from 'express'
import type { Context } from '../../context.ts'
import { API_SCOPES, type ApiScope } from '../../store/api-tokens.ts'
import type { User } from '../../store/users.ts'
import { Problem } from './problems.ts'

/** Who calls the API, and what they may do: what the token says, or everything their role allows. */
export interface ApiCaller {
  user: User
  scopes: readonly ApiScope[]
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express is typed by merging into its namespace
  namespace Express {
    interface Locals {
      caller?: ApiCaller
    }
  }
}

/**
 * Finds out who calls: by `Authorization: Bearer` (RFC 6750), or by the browser's session, whose changes then need the
 * page's token. A token that is not good is refused even beside a good session.
 */
export function whoCalls(ctx: Context, protect: RequestHandler): RequestHandler {
  return async (req, res, next) => {
    const token = bearerOf(req)
    if (token !== undefined) {
      res.locals.caller = await callerByToken(ctx, token)
      next()
      return
    }
    const { user } = res.locals
    if (!user) {
      next()
      return
    }
    res.locals.caller = { user, scopes: scopesOf(user, API_SCOPES) }
    protect(req, res, next)
  }
}

async function callerByToken(ctx: Context, token: string): Promise<ApiCaller> {
  const found = await ctx.apiTokens.find(token)
  const user = found && (await ctx.users.find(found.userId))
  if (!user) throw unauthorized('invalid_token')
  if (user.blocked) throw blocked()
  ctx.later('token_use_unnoted', () => ctx.apiTokens.noteUse(found, new Date()))
  return { user, scopes: scopesOf(user, found.scopes) }
}

/** Rights an administrator gave away end with the role. */
const scopesOf = ({ role }: User, scopes: readonly ApiScope[]) =>
  scopes.filter((scope) => scope !== 'admin' || role === 'admin')

/** Lets through whoever may do this. */
export function allows(scope: ApiScope): RequestHandler {
  return (_req, res, next) => {
    const { caller } = res.locals
    if (!caller) throw unauthorized()
    if (!caller.scopes.includes(scope)) throw forbidden(scope)
    next()
  }
}

/** The person behind {@link allows}. */
export function callerOf(res: Response): ApiCaller {
  const { caller } = res.locals
  if (!caller) throw new Error('allows() is missing before this route')
  return caller
}

function bearerOf(req: Request): string | undefined {
  const header = req.get('authorization')
  if (header === undefined) return undefined
  return /^Bearer +([\w-]+)$/i.exec(header)?.[1] ?? ''
}

/** RFC 6750 §3.1: without credentials no error is named. */
function unauthorized(error?: 'invalid_token'): Problem {
  return new Problem({
    status: 401,
    code: error ?? 'unauthorized',
    title: error ? 'Токен не подходит' : 'Нужен токен API',
    detail: 'Создайте токен в разделе «Аккаунт» и пришлите заголовок Authorization: Bearer.',
    challenge: `Bearer realm="EvoSync"${error ? `, error="${error}"` : ''}`,
  })
}

/** The token lives again once an administrator lets its owner in. */
const blocked = (): Problem =>
  new Problem({
    status: 403,
    code: 'account_blocked',
    title: 'Аккаунт заблокирован',
    detail: 'Администратор закрыл доступ владельцу токена. Токен заработает, когда доступ вернут.',
  })

function forbidden(scope: ApiScope): Problem {
  return new Problem({
    status: 403,
    code: 'insufficient_scope',
    title: 'Токену это не разрешено',
    detail: `Нужно право «${scope}».`,
    challenge: `Bearer realm="EvoSync", error="insufficient_scope", scope="${scope}"`,
  })
}
