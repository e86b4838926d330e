import { type RequestHandler, Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { scrape } from '../../flows/scrape.ts'
import { isBearerOf } from './shared-secret.ts'
import { NOTICE_COUNTS } from '../../flows/notices/open-incident.ts'
import { HEALTHS } from '../../store/vocabulary.ts'

/**
 * `GET /metrics` for Prometheus: a bearer token instead of a session, and no cookie. Without METRICS_TOKEN there is no
 * such page.
 */
export function metricsRouter(ctx: Context, version: string): Router {
  const router = Router()
  const { metricsToken, database } = ctx.config
  if (metricsToken) {
    ctx.metrics.watchProcess()
    ctx.metrics.beginAtZero(
      ctx.providers.all.map(({ key }) => key),
      { verdicts: HEALTHS, kinds: NOTICE_COUNTS },
    )
    ctx.metrics.build.set({ version, node: process.version, database: database.client }, 1)
  }

  router.get('/metrics', async (req, res) => {
    if (!metricsToken) throw new NotFound('metrics')
    res.set('Cache-Control', 'no-store')
    if (!isBearerOf(metricsToken, req.get('authorization'))) {
      res
        .status(401)
        .set('WWW-Authenticate', 'Bearer')
        .type('text/plain')
        .send('Bearer METRICS_TOKEN\n')
      return
    }
    res.type(ctx.metrics.contentType).send(await scrape(ctx))
  })

  return router
}

/** Counts every answer by the part of the site it came from; which part is known once it has been found. */
export function measureRequests({ metrics }: Context): RequestHandler {
  return (req, res, next) => {
    const begun = performance.now()
    const first = req.path.split('/', 2)[1] ?? ''
    res.once('close', () => {
      const route = ROUTES.get(first) ?? (res.locals.provider ? 'platform' : 'other')
      const answered = res.writableFinished ? `${Math.floor(res.statusCode / 100)}xx` : 'aborted'
      metrics.pages.inc({ route, class: answered })
      metrics.pageSeconds.observe({ route }, (performance.now() - begun) / 1000)
    })
    next()
  }
}

const ROUTES = new Map(
  Object.entries({
    connections: ['connections'],
    sync: ['sync'],
    account: ['account'],
    'sign-in': ['login', 'register', 'logout', 'forgot', 'reset'],
    admin: ['admin'],
    api: ['api'],
    webhooks: ['webhooks'],
    files: ['assets', 'favicon.ico', 'robots.txt'],
    pages: ['', 'help', 'privacy'],
    watching: ['healthz', 'readyz', 'metrics'],
  }).flatMap(([route, firsts]) => firsts.map((first) => [first, route] as const)),
)
