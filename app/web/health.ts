import { type RequestHandler, Router } from 'express'
import type { Context } from '../context.ts'
import { isMigrated } from '../store/migrate.ts'

/** For whoever watches the process; no session, no cookie, no details. */
export function healthRouter(ctx: Context): Router {
  const router = Router()
  router.get('/healthz', (_req, res) => {
    res.set('Cache-Control', 'no-store').json({ status: 'ok' })
  })
  router.get('/readyz', readiness(ctx))
  return router
}

/**
 * Ready means: the database answers and knows every migration of this version; what it once knew it does not forget. And
 * every job keeps its timetable: one that hangs is named.
 */
function readiness({ db, ticks }: Context): RequestHandler {
  let migrated = false

  async function isReady(): Promise<boolean> {
    if (migrated) await db.raw('select 1')
    else migrated = await isMigrated(db)
    return migrated
  }

  return async (_req, res) => {
    const ready = await isReady().catch(() => false)
    const late = ticks.late()
    const status = !ready ? 'database' : late.length > 0 ? 'jobs' : 'ready'
    res
      .status(status === 'ready' ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status, ...(status === 'jobs' && { late }) })
  }
}
