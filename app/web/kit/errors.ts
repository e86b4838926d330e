import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import type { Text } from '../../texts/text.ts'
import type { Context } from '../../context.ts'
import { isOutOfDescriptors } from '../../observe/descriptors.ts'
import {
  Busy,
  ClientGone,
  Forbidden,
  NotFound,
  ProviderError,
  TooManyRequests,
} from '../../errors.ts'
import { isUnavailable } from '../../store/db-errors.ts'
import { sayAny, type TextCode } from '../../texts/index.ts'
import { isBadToken } from './csrf-token.ts'
import { minutes } from './periods.ts'
import { ownPath } from './paths.ts'

/** A page that says what happened: status, the number on it, words, seconds after which to come back. */
interface ErrorPage {
  status: number
  number?: number
  code: TextCode
  values?: Record<string, string>
  retryAfter?: number
}

/** Nothing matched. */
export const notFound: RequestHandler = (req) => {
  throw new NotFound(req.path)
}

/** Every error becomes a page with its request's number; only bugs are logged as errors. */
export function errorPages(ctx: Context): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    if (error instanceof ClientGone) {
      ctx.log.info('client_gone', { method: req.method, path: loggable(req) })
      res.destroy()
      return
    }
    const page = pageFor(error, res)
    report(ctx, error, page, req, res)
    show(page, req, res)
  }
}

function pageFor(error: unknown, res: Response): ErrorPage {
  if (error instanceof NotFound) return { status: 404, code: 'http_404' }
  if (error instanceof TooManyRequests) return tooMany(error, res)
  if (isBadToken(error)) return { status: 403, number: 419, code: 'http_419' }
  if (error instanceof Forbidden) return forbidden(error)
  if (error instanceof Busy) return { status: 503, code: error.what, retryAfter: error.retryAfter }
  if (isUnavailable(error)) return { status: 503, code: 'http_503', retryAfter: 30 }
  if (error instanceof ProviderError) return { status: 502, code: 'http_500' }
  return PAGES[statusOf(error)] ?? { status: 500, code: 'http_500' }
}

const PAGES: Partial<Record<number, ErrorPage>> = {
  400: { status: 400, code: 'http_400' },
  404: { status: 404, code: 'http_404' },
  405: { status: 405, code: 'http_405' },
  408: { status: 408, code: 'http_408' },
  413: { status: 413, code: 'http_413' },
  415: { status: 415, code: 'http_400' },
}

function forbidden({ reason }: Forbidden): ErrorPage {
  return reason === 'admins_only'
    ? { status: 403, code: 'http_403' }
    : { status: 403, number: 419, code: 'http_419' }
}

function tooMany({ what, retryAfter: seconds }: TooManyRequests, res: Response): ErrorPage {
  const { format, now } = res.locals
  const at = format.clock(new Date(now.getTime() + seconds * 1000))
  return {
    status: 429,
    code: what === 'sign_in' ? 'login_locked' : 'http_429',
    values: { minutes: minutes(seconds), at },
    retryAfter: Math.max(1, Math.ceil(seconds)),
  }
}

/** What Express and its parsers put on their own errors; anything from 500 up is ours. */
function statusOf(error: unknown): number {
  const status = error instanceof Error && 'status' in error ? Number(error.status) : 500
  return status >= 400 && status < 500 && !(status in PAGES) ? 400 : status
}

function report(ctx: Context, error: unknown, { status }: ErrorPage, req: Request, res: Response) {
  const about = { status, method: req.method, path: loggable(req), user: res.locals.user?.id }
  if (status === 500) ctx.log.error('request_failed', { ...about, error })
  else if (status >= 502 && !isOutOfDescriptors(error)) {
    ctx.log.warn('request_failed', { ...about, error })
  } else ctx.log.info('request_refused', { ...about, address: req.ip })
}

/** The address of a file is the key to it. */
const loggable = ({ path }: Request) => path.replace(/^\/feeds\/[^/]+/i, '/feeds/…')

function show(page: ErrorPage, req: Request, res: Response) {
  const text = sayAny(page.code, undefined, page.values)
  if (page.retryAfter) res.set('Retry-After', String(page.retryAfter))
  res.status(page.status).set('Cache-Control', 'no-store')
  const view = {
    title: `Ошибка: ${text.title.toLowerCase()}`,
    text,
    number: page.number ?? page.status,
    buttons: buttonsFor(text, req, res),
  }
  res.render('errors/error', view, (failed: Error | null, html) => {
    if (failed) res.type('text/plain').send(`${text.title}. Запрос ${res.locals.requestId}.`)
    else res.send(html)
  })
}

interface Button {
  href: string
  label: string
}

function buttonsFor({ button }: Text, req: Request, res: Response): Button[] {
  const home = res.locals.user
    ? { href: '/connections', label: 'К подключениям' }
    : { href: '/login', label: 'Ко входу' }
  if (button === 'forgot') return [{ href: '/forgot', label: 'Восстановить пароль' }]
  if (button === 'retry') {
    const label = req.method === 'GET' ? 'Повторить' : 'Открыть заново'
    return [{ href: pageBehind(req), label }, home]
  }
  return [home]
}

/** The page a person was on: what the browser says, if it is ours; otherwise the page the form belongs to. */
function pageBehind(req: Request): string {
  if (req.method === 'GET') return ownPath(req.originalUrl) ?? '/'
  const referrer = req.get('referer')
  const { host = '' } = req.headers
  if (referrer && URL.canParse(referrer) && new URL(referrer).host === host) {
    return ownPath(new URL(referrer).pathname) ?? '/'
  }
  return ownPath(`/${req.path.split('/')[1] ?? ''}`) ?? '/'
}
