import { randomBytes } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import session, { type SessionData } from 'express-session'
import type { Context } from '../../context.ts'
import type { Enter } from '../../flows/accounts/sign-in.ts'
import type { Provider } from '../../providers/provider.ts'
import { hashOf } from '../../store/hash.ts'
import { ABSOLUTE_MS } from '../../store/sessions.ts'
import { isRecentStranger, strangerId } from '../../store/strangers.ts'
import type { User } from '../../store/users.ts'

/** `__Host-` ties the cookie to this very host, and wants https. */
const cookieName = (secure: boolean) => (secure ? '__Host-evosync' : 'evosync')

/** Sessions in our own table; nothing is stored for a visitor until there is something to remember. */
export function sessions({ config, sessions: store, log }: Context): RequestHandler[] {
  const { secure, sessionSecrets } = config
  const middleware = session({
    name: cookieName(secure),
    secret: sessionSecrets,
    store,
    genid: idFor,
    resave: false,
    saveUninitialized: false,
    unset: 'keep', // a session that could not be read is not there either: `destroy` would delete it
    proxy: true,
    cookie: { httpOnly: true, sameSite: 'lax', path: '/', secure, maxAge: ABSOLUTE_MS },
  })
  const tolerant = toleratingLateFailures(middleware, log)
  return secure ? [behindTls, tolerant] : [tolerant]
}

/** Who came within a day and has no row keeps their id; called anew within a request (`regenerate`) it gives another. */
function idFor({ session: before, sessionID: sid }: Partial<Request>): string {
  const now = Date.now()
  return !before && sid && isRecentStranger(sid, now) ? sid : strangerId(now)
}

/**
 * A session is stored while its answer is already leaving. Where that fails, the answer is true all the same, and
 * Express must not break its connection for it.
 */
function toleratingLateFailures(middleware: RequestHandler, log: Context['log']): RequestHandler {
  return (req, res, next) => {
    middleware(req, res, (error?: unknown) => {
      if (error && res.headersSent) log.warn('session_not_stored', { path: res.locals.path, error })
      else next(error)
    })
  }
}

/** BASE_URL says https, so the person's connection is; a proxy that forgets to say so must not cost them the cookie. */
const behindTls: RequestHandler = (req, _res, next) => {
  req.headers['x-forwarded-proto'] = 'https'
  next()
}

/**
 * A session under a new id (session fixation) in place of the one that asks; the request has it once it is committed.
 * `carried` goes along from the old one.
 */
export function entrance(req: Request, carried: Partial<SessionData> = {}): Enter {
  return async (unit, user) => {
    const sid = randomBytes(24).toString('base64url')
    const data: SessionData = {
      cookie: req.session.cookie,
      userId: user.id,
      signedInAt: Date.now(),
      userAgent: (req.get('user-agent') ?? '').slice(0, 300),
      ...carried,
    }
    await unit.sessions.replace(req.sessionID, sid, data)
    unit.afterCommit(() => {
      req.sessionID = sid
      const stored = JSON.parse(JSON.stringify({ ...data, kept: true })) as SessionData
      req.sessionStore.createSession(req, stored)
    })
  }
}

/** The same session under a new id: after a change of password or rights. */
export async function renewSession(ctx: Context, req: Request, user: User): Promise<void> {
  const { signedInAt, flash } = req.session
  const carried = { ...(signedInAt && { signedInAt }), ...(flash && { flash }) }
  await ctx.inOne((unit) => entrance(req, carried)(unit, user))
}

/**
 * What the tokens of a session's forms are made of follows from its id, which is as secret. A visitor's is laid into the
 * session, so that the cookie leaves with this answer: their form, or their coming back, has to be known by it.
 */
export function knowAgain({ session: known, sessionID: sid }: Request): void {
  if (known.csrfSecret !== undefined) return
  const value = hashOf(`csrf ${sid}`)
  Object.defineProperty(known, 'csrfSecret', {
    value,
    enumerable: known.userId === undefined,
    configurable: true,
    writable: true,
  })
}

/** So that the page which tells of a failure can name the request that failed, not the one that shows it. */
export function noteFailure(req: Request, res: Response, { key }: Provider, code: string): void {
  req.session.failure = { provider: key, code, requestId: res.locals.requestId, at: Date.now() }
}

export function endSession(req: Request): Promise<void> {
  return new Promise((resolve, reject) => {
    req.session.destroy((error: unknown) => {
      settle(error, resolve, reject)
    })
  })
}

function settle(error: unknown, resolve: () => void, reject: (reason: Error) => void) {
  if (error) reject(error instanceof Error ? error : new Error('session store'))
  else resolve()
}
