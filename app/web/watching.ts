import { type RequestHandler, Router } from 'express'
import type { Context } from '../context.ts'
import { requireAdministrator } from './administrators.ts'
import { showAudit } from './audit-page.ts'
import { showHealth } from './health-page.ts'
import { requireUser } from './session.ts'

/** Where administrators see how EvoSync fares and what happened. */
export function watchingRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()
  router.use(['/admin/health', '/admin/audit'], requireUser, requireAdministrator, forms)
  router.get('/admin/health', showHealth(ctx))
  router.get('/admin/audit', showAudit(ctx))
  return router
}
