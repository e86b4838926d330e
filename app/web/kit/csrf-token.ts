import csurf from 'csurf'
import type { Request, RequestHandler, Response } from 'express'
import { fieldsOf } from './forms.ts'

/** Whether a token is the session's, asked while the form is still on its way: csurf answers at once. */
export function tokenJudge(): (req: Request, token: string) => boolean {
  const asked = new WeakMap<Request, string>()
  const judge = csurf({ value: (req) => asked.get(req) ?? '' })
  return (req, token) => {
    let refused: unknown
    asked.set(req, token)
    judge(req, req.res as Response, (error?: unknown) => {
      refused = error
    })
    return refused === undefined
  }
}

/**
 * A session that we cannot keep is not the person's fault: before a page is called stale, and before a page with forms
 * leaves, the database is asked to keep it, and says so where it cannot.
 */
export const honestly =
  (check: RequestHandler): RequestHandler =>
  (req, res, next) => {
    const isNew = !('csrfSecret' in req.session)
    void check(req, res, (error?: unknown) => {
      if (isNew || isBadToken(error))
        req.session.save((failed?: unknown) => {
          next(failed ?? error)
        })
      else next(error)
    })
  }

export const offerToken: RequestHandler = (req, res, next) => {
  res.locals.csrf = req.csrfToken()
  next()
}

export function tokenOf(req: Request): string {
  const { _csrf: field } = fieldsOf(req.body)
  if (typeof field === 'string') return field
  return req.get('x-csrf-token') ?? ''
}

/** csurf's way of saying that a token is missing, wrong or of another session. */
export function isBadToken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EBADCSRFTOKEN'
}
