import type { ErrorRequestHandler, RequestHandler, Response } from 'express'
import type { Context } from '../context.ts'

/**
 * What a worker says to everybody who wants a page. 503 and not 404: a balancer that was told of a worker by mistake asks
 * the next one, and a platform that brings news comes again.
 */
export const noPages: RequestHandler = (_req, res) => {
  say(res, 503, NO_PAGES)
}

/** A bug or a database that is away; there are no pages to say it on. */
export function failures({ log }: Context): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    if (res.headersSent) {
      next(error)
      return
    }
    log.error('request_failed', { method: req.method, path: req.path, error })
    say(res, 500, 'Не получилось ответить. Причина в журнале: строка request_failed.')
  }
}

function say(res: Response, status: number, words: string) {
  res.status(status).set('Cache-Control', 'no-store').type('text/plain').send(`${words}\n`)
}

const NO_PAGES =
  'Этот экземпляр EvoSync выполняет только фоновую работу (ROLE=worker). Страницы и API открывает экземпляр с ROLE=web или ROLE=all: направьте балансировщик на него. Здесь есть /healthz, /readyz и /metrics.'
