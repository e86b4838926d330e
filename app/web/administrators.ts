import type { RequestHandler, Response } from 'express'
import { Forbidden } from '../errors.ts'
import { signedIn } from './session.ts'

/**
 * Behind requireUser: nobody else gets past.
 * @throws Forbidden `admins_only`
 */
export const requireAdministrator: RequestHandler = (_req, res: Response, next) => {
  if (signedIn(res).role !== 'admin') throw new Forbidden('admins_only')
  next()
}
