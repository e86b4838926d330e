import csurf from 'csurf'
import { type Request, type RequestHandler, Router } from 'express'
import type { Config } from '../../config/index.ts'
import { Forbidden } from '../../errors.ts'
import { uploads } from './uploads.ts'
import { offerToken, ownSecret, tokenJudge, tokenOf } from './csrf-token.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * The one file that knows csurf (archived; session mode, so that a planted cookie is useless). The token is read from
 * the body field `_csrf` or the header `X-CSRF-Token`, never from the address. Strangers meet it only on pages with
 * forms, which give them a cookie and no row; once a request is enough. Forms with files are
 * read here, between the two checks: a stranger's are not even read, and no file comes before its token.
 */
export function csrf({ baseUrl }: Config): RequestHandler {
  const check = csurf({ value: tokenOf }) as RequestHandler
  const checks = Router().use(
    refuseCrossSite(new URL(baseUrl).host),
    ownSecret,
    uploads(tokenJudge()),
    check,
    offerToken,
  )
  return (req, res, next) => {
    if (res.locals.csrf) next()
    else checks(req, res, next)
  }
}

/** {@link csrf} for whoever is signed in: every page of theirs has at least the form that signs out. */
export function forSignedIn(handler: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (res.locals.user) handler(req, res, next)
    else next()
  }
}

/** Belongs beside csurf: what browsers say about where a request comes from (Fetch Metadata, Origin). */
export const refuseCrossSite =
  (ownHost: string): RequestHandler =>
  (req, _res, next) => {
    if (!SAFE.has(req.method) && isCrossSite(req, ownHost)) throw new Forbidden('stale_page')
    next()
  }

/** A proxy may pass on our public name or not, so both names are ours. */
function isCrossSite(req: Request, ownHost: string): boolean {
  if (req.get('sec-fetch-site') === 'cross-site') return true
  const origin = req.get('origin')
  if (origin === undefined) return false
  return !URL.canParse(origin) || ![ownHost, req.get('host')].includes(new URL(origin).host)
}
