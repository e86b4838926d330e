import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import type { Context } from '../../context.ts'
import { Forbidden, NotFound, ProviderError, TooManyRequests } from '../../errors.ts'
import { blamed } from '../../flows/notices/blamed-side.ts'
import { causeOf } from '../../flows/notices/failure-reason.ts'
import { isUnavailable } from '../../store/db-errors.ts'
import { isBadToken } from '../kit/csrf-token.ts'
import { wordsOf } from '../catalogue/words.ts'

/** What went wrong, for a program: RFC 9457. `code` is the stable word to decide on, `detail` is for a person. */
export interface ProblemDetails {
  status: number
  code: string
  title: string
  detail?: string
  /** Seconds. */
  retryAfter?: number
  /** WWW-Authenticate (RFC 9110 §11.6.1). */
  challenge?: string
  /** More members, such as `connect_url`. */
  more?: Record<string, unknown>
}

/** Ends a request of the API with a problem; becomes `application/problem+json`. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly problem: ProblemDetails

  constructor(problem: ProblemDetails) {
    super(problem.code)
    this.problem = problem
  }
}

/** The address is right, the method is not (RFC 9110 §15.5.6). */
export const methodNotAllowed =
  (...allowed: string[]): RequestHandler =>
  (_req, res) => {
    res.set('Allow', allowed.join(', '))
    throw new Problem({
      status: 405,
      code: 'method_not_allowed',
      title: 'Этот адрес так не работает',
      detail: `Можно: ${allowed.join(', ')}.`,
    })
  }

/** Every error of the API becomes a problem; only bugs are logged as errors. */
export function problemErrors(ctx: Context): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    const problem = problemOf(ctx, error)
    const about = { status: problem.status, code: problem.code, method: req.method, path: req.path }
    if (problem.status === 500) ctx.log.error('api_failed', { ...about, error })
    else ctx.log.info('api_refused', about)
    sendProblem(res, problem)
  }
}

function sendProblem(res: Response, { retryAfter, challenge, more, ...problem }: ProblemDetails) {
  if (challenge) res.set('WWW-Authenticate', challenge)
  if (retryAfter !== undefined) res.set('Retry-After', String(Math.max(1, Math.ceil(retryAfter))))
  res
    .status(problem.status)
    .type('application/problem+json')
    .send(
      JSON.stringify({ type: 'about:blank', ...problem, ...more, instance: res.locals.requestId }),
    )
}

function problemOf(ctx: Context, error: unknown): ProblemDetails {
  if (error instanceof Problem) return error.problem
  if (error instanceof NotFound) return { status: 404, code: 'not_found', title: 'Такого нет' }
  if (isBadToken(error) || error instanceof Forbidden) return STALE
  if (error instanceof TooManyRequests) return { ...TOO_MANY, retryAfter: error.retryAfter }
  if (isUnavailable(error)) return BUSY
  if (error instanceof ProviderError) return ofPlatform(ctx, error)
  return OF_PARSERS[statusOf(error)] ?? BROKEN
}

/** A platform's failure in the words of the pages, and whether asking again helps. */
function ofPlatform(ctx: Context, error: ProviderError): ProblemDetails {
  const cause = causeOf(error)
  const { title, why } = wordsOf(cause.code, blamed(ctx, cause))
  const said = { code: error.code, title, detail: why }
  if (error.kind !== 'temporary') return { status: 502, ...said }
  const left = error.retryAt ? (error.retryAt.getTime() - Date.now()) / 1000 : 30
  return { status: 503, ...said, retryAfter: left }
}

const STALE: ProblemDetails = {
  status: 403,
  code: 'csrf',
  title: 'Запрос без токена страницы',
  detail:
    'Запросы с сеансом браузера несут заголовок X-CSRF-Token, остальные — Authorization: Bearer.',
}
const TOO_MANY: ProblemDetails = {
  status: 429,
  code: 'too_many_requests',
  title: 'Слишком много запросов',
}
const BUSY: ProblemDetails = {
  status: 503,
  code: 'busy',
  title: 'EvoSync ненадолго занят',
  retryAfter: 30,
}
const BROKEN: ProblemDetails = {
  status: 500,
  code: 'internal',
  title: 'Ошибка на нашей стороне',
  detail: 'Назовите администратору номер из поля instance.',
}
const OF_PARSERS: Partial<Record<number, ProblemDetails>> = {
  400: { status: 400, code: 'bad_request', title: 'Запрос не понят' },
  413: { status: 413, code: 'too_large', title: 'Слишком большой запрос' },
  415: {
    status: 415,
    code: 'unsupported_media_type',
    title: 'Нужен JSON',
    detail: 'Пришлите Content-Type: application/json.',
  },
}

/** What Express and its parsers put on their own errors. */
function statusOf(error: unknown): number {
  return error instanceof Error && 'status' in error ? Number(error.status) : 500
}
