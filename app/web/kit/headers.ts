import type { RequestHandler } from 'express'
import helmet from 'helmet'
import type { Config } from '../../config/index.ts'

const YEAR_S = 365 * 24 * 3600

/**
 * Headers of every answer, errors and files included. No inline script or style anywhere; forms post to ourselves only,
 * which is why a connection is begun by a link. `data:` is for the small pictures inside bootstrap.min.css.
 */
export function securityHeaders({ secure }: Config): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        styleSrc: ["'self'"],
        scriptSrc: ["'self'"],
        fontSrc: ["'self'"],
        imgSrc: ["'self'", 'data:'],
        connectSrc: ["'self'"],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        objectSrc: ["'none'"],
        frameAncestors: ["'none'"],
      },
    },
    frameguard: { action: 'deny' },
    referrerPolicy: { policy: 'same-origin' },
    strictTransportSecurity: secure ? { maxAge: YEAR_S, includeSubDomains: false } : false,
  })
}

/** Pages of a signed-in person are kept nowhere: Back after signing out shows nothing. */
export const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store')
  next()
}
