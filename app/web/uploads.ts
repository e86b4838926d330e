import type { Request, RequestHandler } from 'express'
import { signedIn } from './session.ts'
import { LARGEST_REQUEST, readMultipart, type Upload, withStatus } from './multipart.ts'
import { createUploadRoom } from './upload-room.ts'

/** Bytes of a refused form are let through for so long that the browser reads the answer; then the line is cut. */
const FAREWELL_MS = 5_000
const PAGES_WITH_FILES = new Set(['/sync/settings'])

const filesOf = new WeakMap<Request, Upload[]>()

/**
 * Reads multipart forms, into `req.body` and {@link uploadsOf}, where a page has one and the person is signed in. Size and
 * token come first: `trusts` is asked before anything of a file is kept. Answers 413 to what is beyond the limits, 400 to
 * what is no form, 503 when there is no room just now. Files that are too large stop nothing.
 */
export function uploads(trusts: (req: Request, token: string) => boolean): RequestHandler {
  const berthFor = createUploadRoom()

  return async (req, res, next) => {
    if (!isForm(req) || !res.locals.user) {
      next()
      return
    }
    const berth = berthFor(signedIn(res).id)
    res.once('close', () => {
      berth.leave()
      filesOf.delete(req)
    })
    try {
      if (Number(req.get('content-length') ?? 0) > LARGEST_REQUEST) throw withStatus(413)
      const header = req.get('x-csrf-token')
      const trusted = header !== undefined && trusts(req, header)
      const { fields, files } = await readMultipart(req, {
        berth,
        trusted,
        trusts: (token) => trusts(req, token),
      })
      filesOf.set(req, files)
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

/** Files that came with a form; `bytes` are missing from those that were too large, or too many. */
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
