import type { Request, Response } from 'express'
import type { Evotor, EvotorUser } from '../evotor.ts'

const MEDIA_TYPE = 'application/vnd.evotor.v2+json'

/** Who calls the API; whoever may not is answered: 406 without both headers of v2, 401, 403. */
export function admit(req: Request, res: Response, evotor: Evotor): EvotorUser | undefined {
  if (req.get('accept') !== MEDIA_TYPE || req.get('content-type') !== MEDIA_TYPE) {
    res.status(406).json({ code: 'not_acceptable' })
    return undefined
  }
  const user = callerOf(req, evotor)
  if (!user) res.status(401).send('')
  else if (!user.installed) res.status(403).json({ code: 'forbidden', message: 'not installed' })
  else return user
  return undefined
}

/** Whose token it is, in the header it is taken in. */
export function callerOf(req: Request, evotor: Evotor): EvotorUser | undefined {
  const bearer = /^Bearer (.+)$/.exec(req.get('authorization') ?? '')?.[1] ?? ''
  const raw = req.get('x-authorization') ?? ''
  const oauth = evotor.tokens.get(bearer)
  const pasted = evotor.applicationTokens.get(bearer || raw)
  const accepted = pasted?.header === (bearer ? 'authorization' : 'x-authorization')
  const id =
    oauth && oauth.expiresAt > Date.now() ? oauth.userId : accepted ? pasted.userId : undefined
  return evotor.users.find((user) => user.id === id)
}
