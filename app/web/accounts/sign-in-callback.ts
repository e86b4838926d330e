import type { Request, RequestHandler, Response } from 'express'
import type { Context } from '../../context.ts'
import { completeSignIn } from '../../flows/accounts/sign-in-with.ts'
import type { SignInFailure } from '../../flows/accounts/sign-in-ending.ts'
import { single } from '../../flows/connections/connect-failures.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Flash } from '../../store/session-data.ts'
import { queryOf } from '../kit/paths.ts'
import { entrance, noteFailure } from '../kit/session.ts'
import { loginPage } from './sign-in-with.ts'
import { signInWords } from './sign-in-words.ts'

/** The platform's callback, for those who come back to sign in; everybody else is on the way to a connection. */
export function signInCallback(ctx: Context): RequestHandler {
  return async (req, res, next) => {
    const { provider } = res.locals
    const state = single(queryOf(req), 'state')
    const attempt = state && provider && (await ctx.signInAttempts.find(state))
    if (!attempt || attempt.purpose === 'api') next()
    else if (attempt.purpose === 'sign_in') await comeIn(ctx, req, res, provider)
    else if (attempt.taken && res.locals.user) res.redirect(303, '/account')
    else await comeBack(ctx, req, res, provider, attempt.purpose)
  }
}

async function comeIn(ctx: Context, req: Request, res: Response, provider: Provider) {
  const traveller = { provider, sessionId: req.sessionID, purpose: 'sign_in' } as const
  const { user, failure, returnTo } = await completeSignIn(
    ctx,
    traveller,
    queryOf(req),
    entrance(req),
  )
  if (user) {
    res.redirect(303, returnTo ?? '/connections')
    return
  }
  const began = failure !== 'invalid_state' // whoever did not begin here has no session, and gets none for that
  if (began || req.session.kept) noteFailure(req, res, provider, failure)
  res.redirect(303, loginPage(failure))
}

/** From linking, or from proving again who they are. */
async function comeBack(
  ctx: Context,
  req: Request,
  res: Response,
  provider: Provider,
  purpose: 'link' | 'confirm',
) {
  const userId = res.locals.user?.id
  const traveller = { provider, sessionId: req.sessionID, purpose, userId }
  const { failure, returnTo } = await completeSignIn(ctx, traveller, queryOf(req))
  if (failure && userId === undefined) {
    res.redirect(303, loginPage(failure))
    return
  }
  if (purpose === 'confirm') {
    if (!failure) req.session.confirmedAt = Date.now()
    req.session.flash = failure ? refusedFlash(failure, provider) : CONFIRMED
    res.redirect(303, failure ? '/account' : (returnTo ?? '/account'))
    return
  }
  req.session.flash = failure
    ? flashOf(failure, provider)
    : { tone: 'ok', title: `Вход через ${provider.title} добавлен` }
  res.redirect(303, '/account')
}

const CONFIRMED: Flash = {
  tone: 'ok',
  title: 'Это вы',
  text: 'Теперь повторите то, что хотели сделать: ближайшие десять минут мы не переспросим.',
}

function refusedFlash(failure: SignInFailure, provider: Provider): Flash {
  const { tone, title, why, what } = signInWords(failure, provider)
  return { tone, title, text: `${why} ${what}` }
}

function flashOf(failure: SignInFailure, provider: Provider) {
  const { tone, why, what } = signInWords(failure, provider)
  const next =
    failure === 'sign_in_taken' ? what : 'Чтобы попробовать ещё раз, нажмите «Привязать».'
  return { tone, title: `Вход через ${provider.title} не добавлен`, text: `${why} ${next}` }
}
