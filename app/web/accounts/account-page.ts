import type { Request, Response } from 'express'
import type { Context } from '../../context.ts'
import { type TokensShown, tokensView } from './api-tokens-view.ts'
import { type FieldErrors, typed } from '../kit/forms.ts'
import { namedEnds } from '../kit/named-ends.ts'
import { signedIn } from '../kit/signed-in.ts'
import { waysOf } from './sign-in-ways.ts'
import { TIME_ZONES } from './time-zones.ts'
import { webhookSection } from './webhook-section.ts'

/** What the page shows beside the account itself; `webhookSecret` is shown once. */
interface Shown {
  profile?: FieldErrors
  password?: FieldErrors
  webhook?: FieldErrors
  tokens?: TokensShown
  webhookSecret?: string
}

/** `GET /account`, and the answer to each of its forms with what is wrong with it. */
export async function showAccount(
  ctx: Context,
  req: Request,
  res: Response,
  { tokens = {}, webhookSecret, ...errors }: Shown,
): Promise<void> {
  const user = signedIn(res)
  const sent = errors.profile ? typed(req.body, ['name', 'email', 'tz']) : {}
  const open = await ctx.openSessions.of(user.id, req.sessionID)
  res.render('account/index', {
    title: tokens.errors || Object.keys(errors).length > 0 ? 'Ошибка: аккаунт' : 'Аккаунт',
    values: {
      name: user.name,
      email: user.email,
      tz: user.timeZone ?? ctx.config.timeZone,
      ...sent,
    },
    zones: TIME_ZONES,
    profileErrors: errors.profile ?? {},
    passwordErrors: errors.password ?? {},
    ...(await tokensView(ctx, user, tokens)),
    ...(await webhookSection(ctx, user, res.locals)),
    webhookErrors: errors.webhook ?? {},
    webhookUrl: errors.webhook ? (typed(req.body, ['url']).url ?? '') : undefined,
    webhookSecret,
    ...(await waysOf(ctx, user)),
    ...(await namedEnds(ctx, user)),
    sessions: await withDevices(open),
  })
}

async function withDevices<Session extends { userAgent: string }>(open: readonly Session[]) {
  const { deviceOf } = await import('./device.ts') // for this page alone
  return open.map((session) => ({ ...session, device: deviceOf(session.userAgent) }))
}
