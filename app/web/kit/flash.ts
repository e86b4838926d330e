import type { RequestHandler } from 'express'

/** Takes what was to be said once out of the session, for the page this request shows. */
export const flash: RequestHandler = (req, res, next) => {
  const { flash: said } = req.session
  if (said && req.method === 'GET') {
    res.locals.flash = said
    delete req.session.flash
  }
  next()
}
