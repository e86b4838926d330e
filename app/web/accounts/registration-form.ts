import * as z from 'zod'
import type { Context } from '../../context.ts'
import { say } from '../../texts/index.ts'
import { check, type Checked, email, password, text, typed, weakness } from '../kit/forms.ts'

const registration = z.object({
  name: text('Как к вам обращаться', 100),
  email,
  password,
  consent: z.literal('on', say('consent_required').title),
})

/** The fields of a new account, then what the password is worth, so that all faults are named at once. */
export function checkRegistration(
  ctx: Pick<Context, 'passwords'>,
  body: unknown,
): Checked<z.infer<typeof registration>> {
  const form = check(registration, body)
  const sent = typed(body, ['name', 'email', 'password'])
  const weak = sent.password ? weakness(ctx, sent.password, sent) : {}
  if (form.ok) return weak.password ? { ok: false, errors: weak } : form
  const all = { ...weak, ...form.errors }
  const inOrder = Object.keys(registration.shape).filter((name) => all[name])
  return { ok: false, errors: Object.fromEntries(inOrder.map((name) => [name, all[name]])) }
}
