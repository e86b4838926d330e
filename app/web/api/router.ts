import express, { type RequestHandler, Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { accessApi } from './access.ts'
import { whoCalls } from './caller.ts'
import { connectionsApi } from './connections.ts'
import { providersApi } from './providers.ts'
import { signInApi } from './sign-in.ts'
import { readOpenApi } from './openapi.ts'
import { Problem, problemErrors } from './problems.ts'

const LARGEST_BODY = '64kb'

/** `/api/v1`: JSON in, JSON out, RFC 9457 for everything that goes wrong. `protect` guards calls by session. */
export function apiRouter(ctx: Context, protect: RequestHandler): Router {
  const router = Router()
  const api = Router()
  const description = readOpenApi(ctx.config)
  router.use('/api/v1', api)
  router.use('/api', nothingHere, problemErrors(ctx))

  api.get('/openapi.json', (_req, res) => {
    res.json(description)
  })
  api.use(jsonOnly, express.json({ limit: LARGEST_BODY }), whoCalls(ctx, protect))
  api.use(connectionsApi(ctx), accessApi(ctx), signInApi(ctx), providersApi(ctx))
  api.use(nothingHere)
  api.use(problemErrors(ctx))
  return router
}

/** A form or a text is refused: a page of another site could send those without asking (Fetch, CORS-safelisted types). */
const jsonOnly: RequestHandler = (req, _res, next) => {
  const empty = !req.headers['transfer-encoding'] && Number(req.get('content-length') ?? 0) === 0
  if (!empty && !req.is('application/json')) {
    throw new Problem({
      status: 415,
      code: 'unsupported_media_type',
      title: 'Нужен JSON',
      detail: 'Пришлите Content-Type: application/json.',
    })
  }
  next()
}

const nothingHere: RequestHandler = (req) => {
  throw new NotFound(req.path)
}
