import { setTimeout as pause } from 'node:timers/promises'
import { type RequestHandler, Router } from 'express'
import type { Context } from '../../context.ts'
import { isMigrated } from '../../store/migrate.ts'

/** Whoever asks has not the patience of a page. */
const DATABASE_WITHIN_MS = 3_000

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
 * Ready means: nobody has told it to stop; files and sockets can be opened; the database answers and knows every migration of this version; what it
 * once knew it does not forget. And every job keeps its timetable: one that hangs is named.
 */
function readiness({ db, ticks, descriptors, leaving }: Context): RequestHandler {
  let migrated = false

  async function isReady(): Promise<boolean> {
    if (migrated) await db.raw('select 1')
    else migrated = await isMigrated(db)
    return migrated
  }

  async function reason(late: string[]) {
    if (leaving.signal.aborted) return 'stopping'
    if (descriptors.exhausted()) return 'file_descriptors'
    const tooLong = pause(DATABASE_WITHIN_MS, false, { ref: false })
    if (!(await Promise.race([isReady().catch(() => false), tooLong]))) return 'database'
    return late.length > 0 ? 'jobs' : 'ready'
  }

  return async (_req, res) => {
    const late = ticks.late()
    const status = await reason(late)
    res
      .status(status === 'ready' ? 200 : 503)
      .set('Cache-Control', 'no-store')
      .json({ status, ...(status === 'jobs' && { late }) })
  }
}
