import type { Request, RequestHandler } from 'express'
import { signedIn } from './signed-in.ts'
import { withStatus } from './multipart-form.ts'
import { LARGEST_REQUEST } from './multipart-limits.ts'
import { createUploadRoom } from './upload-room.ts'
import { createLazySpool, type Upload, uploadOf } from './spooled-files.ts'

/** Bytes of a refused form are let through for so long that the browser reads the answer; then the line is cut. */
const FAREWELL_MS = 5_000
const PAGES_WITH_FILES = new Set(['/sync/settings', '/photos/add', '/photos/send'])

const filesOf = new WeakMap<Request, Upload[]>()

/**
 * Reads multipart forms, into `req.body` and {@link uploadsOf}, where a page has one and the person is signed in. Size and
 * token come first: `trusts` is asked before anything of a file is kept. Answers 413 to what is beyond the limits, 400 to
 * what is no form, 503 when there is no room just now. Files wait on the disk, where their sender is not needed any more; one
 * at a time is opened. Those that are too large stop nothing.
 */
export function uploads(trusts: (req: Request, token: string) => boolean): RequestHandler {
  const berthFor = createUploadRoom()

  return async (req, res, next) => {
    if (!isForm(req) || !res.locals.user) {
      next()
      return
    }
    const berth = berthFor(signedIn(res).id)
    const spool = createLazySpool()
    res.once('close', () => {
      berth.leave()
      filesOf.delete(req)
      void spool.close()
    })
    try {
      if (Number(req.get('content-length') ?? 0) > LARGEST_REQUEST) throw withStatus(413)
      const header = req.get('x-csrf-token')
      const trusted = header !== undefined && trusts(req, header)
      const { readMultipart } = await import('./multipart.ts') // few instances are ever sent a file
      const { fields, files } = await readMultipart(req, {
        berth,
        spool: spool.open,
        trusted,
        trusts: (token) => trusts(req, token),
      })
      filesOf.set(
        req,
        files.map((file) => uploadOf(file, berth, spool)),
      )
      req.body = Object.fromEntries(fields)
      next()
    } catch (error) {
      sayGoodbye(req)
      next(error)
    }
  }
}

const isForm = (req: Request): boolean =>
  req.method === 'POST' &&
  PAGES_WITH_FILES.has(req.baseUrl + req.path) &&
  Boolean(req.is('multipart/form-data'))

/** Files that came with a form. */
export const uploadsOf = (req: Request): Upload[] => filesOf.get(req) ?? []

/** What is still coming is thrown away; a browser that goes on sending is not listened to for ever. */
function sayGoodbye(req: Request) {
  req.resume()
  if (req.complete) return
  const timer = setTimeout(() => req.socket.destroy(), FAREWELL_MS)
  req.once('close', () => {
    clearTimeout(timer)
  })
}
