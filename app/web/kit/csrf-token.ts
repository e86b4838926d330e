import csurf from 'csurf'
import type { Request, RequestHandler, Response } from 'express'
import { fieldsOf } from './forms.ts'
import { knowAgain } from './session.ts'

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

/** Before csurf, which would lay a secret of its own into the session and have it stored. */
export const ownSecret: RequestHandler = (req, _res, next) => {
  knowAgain(req)
  next()
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
