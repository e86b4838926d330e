import type { Request, Response } from 'express'
import * as z from 'zod'
import { say } from '../../texts/index.ts'
import { canonicalEmail } from '../../texts/emails.ts'
import { setPassword } from '../../flows/accounts/reset-password.ts'
import { changeProfile, hasPassword, knowsPassword } from '../../flows/accounts/change-account.ts'
import type { Context } from '../../context.ts'
import { check, email, type FieldErrors, password, text, weakness } from '../kit/forms.ts'
import { signedIn } from '../kit/signed-in.ts'
import { renewSession } from '../kit/session.ts'
import { TIME_ZONES } from './time-zones.ts'

const profile = z.object({
  name: text('Имя', 100),
  email,
  tz: z.enum(TIME_ZONES.map(({ name }) => name)),
  current: z.string().optional(),
})

const passwords = z.object({ current: password, password })
const firstPassword = passwords.partial({ current: true })

export async function saveProfile(
  ctx: Context,
  req: Request,
  res: Response,
): Promise<FieldErrors | undefined> {
  const user = signedIn(res)
  const form = check(profile, req.body)
  if (!form.ok) return form.errors
  const { name, email: address, tz: timeZone, current = '' } = form.values
  const moves = canonicalEmail(address) !== user.email
  if (moves && !(await hasPassword(ctx, user))) return { email: say('password_first').title }
  if (moves && !(await knowsPassword(ctx, user, current)))
    return { current: say('password_current').title }
  const changed = await changeProfile(ctx, user, { name, email: address, timeZone })
  return changed ? undefined : { email: say('email_taken').title }
}

export async function savePassword(
  ctx: Context,
  req: Request,
  res: Response,
): Promise<{ errors?: FieldErrors; programs?: number }> {
  const user = signedIn(res)
  const first = !(await hasPassword(ctx, user))
  const form = check(first ? firstPassword : passwords, req.body)
  if (!form.ok) return { errors: form.errors }
  const errors = weakness(ctx, form.values.password, user)
  if (errors.password) return { errors }
  if (!first && !(await knowsPassword(ctx, user, form.values.current ?? '')))
    return { errors: { current: say('password_current').title } }
  const programs = await setPassword(ctx, user, form.values.password)
  await renewSession(ctx, req, user)
  return { programs }
}
