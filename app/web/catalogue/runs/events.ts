import type { Request, RequestHandler, Response } from 'express'
import type { Context } from '../../../context.ts'
import { NotFound } from '../../../errors.ts'
import type { Link } from '../../../store/sync-links.ts'
import { isActive } from '../../../store/sync-run-rows.ts'
import { idOf } from '../../kit/ids.ts'
import { createPlaces, type MostPlaces } from '../../kit/places.ts'
import { progressOf } from './progress.ts'
import { signedIn } from '../../kit/signed-in.ts'

const EVERY_MS = 1_000

/** The browser comes back after it, and is asked anew who it is. */
const LIFE_MS = 2 * 60_000
const COME_BACK_MS = 2_000

/** Every stream asks the database, and a browser holds six connections a host. */
const OF_SESSIONS: MostPlaces = { inAll: 500, ofOne: 2 }

/** A person may be signed in anywhere. */
const OF_PERSONS: MostPlaces = { inAll: 500, ofOne: 6 }

/**
 * How a run gets on, as server-sent events (HTML §9.2): one whenever something has changed, and `end` when the page is to
 * be loaded anew. One too many is 204, which tells a browser not to come back: the third of a session, the seventh of a
 * person. A stream ends with the session it was asked for in.
 */
export function runEvents(ctx: Context): RequestHandler {
  const ofSessions = createPlaces(OF_SESSIONS)
  const ofPersons = createPlaces(OF_PERSONS)

  return async (req, res) => {
    const id = idOf(req.params)
    const userId = signedIn(res).id
    const run = await ctx.syncRuns.ofUser(userId, id)
    const link = run && (await ctx.syncLinks.get(run.linkId))
    if (!link) throw new NotFound('run')
    if (res.closed) return // before anybody could count it
    const leave = [ofSessions(req.sessionID), ofPersons(String(userId))]
    res.once('close', () => {
      for (const one of leave) one?.()
    })
    if (leave.includes(undefined)) res.status(204).end()
    else follow(ctx, { id, link }, req, res)
  }
}

/** A run, and the pair it is of. */
interface Followed {
  id: number
  link: Link
}

function follow(ctx: Context, { id, link }: Followed, req: Request, res: Response) {
  res.set({
    'Content-Type': 'text/event-stream; charset=utf-8',
    'Cache-Control': 'no-store, no-transform', // a proxy that packs would hold events back
    'X-Accel-Buffering': 'no', // and so would nginx
  })
  res.write(`retry: ${COME_BACK_MS}\n\n`)
  const began = performance.now()
  let said = ''
  let timer: NodeJS.Timeout | undefined

  async function tell() {
    if (!(await isSignedIn(req))) {
      res.end()
      return
    }
    const run = await ctx.syncRuns.find(id)
    if (!run || !isActive(run)) {
      res.end('event: end\ndata: {}\n\n')
      return
    }
    const now = JSON.stringify(await progressOf(ctx, link, run))
    if (now !== said) res.write(`data: ${now}\n\n`)
    said = now
    if (performance.now() - began > LIFE_MS) res.end()
  }

  const turn = () => {
    tell().then(
      () => {
        if (!res.writableEnded && !req.destroyed) timer = setTimeout(turn, EVERY_MS)
      },
      (error: unknown) => {
        ctx.log.warn('run_events_failed', { run: id, error })
        res.end()
      },
    )
  }
  res.once('close', () => {
    clearTimeout(timer)
  })
  turn()
}

/** The session is asked for anew: it may have been ended anywhere. */
const isSignedIn = (req: Request): Promise<boolean> =>
  new Promise((resolve) => {
    req.session.reload((gone: unknown) => {
      resolve(!gone && req.session.userId !== undefined)
    })
  })
