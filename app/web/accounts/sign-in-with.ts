import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { single } from '../../flows/connections/connect-failures.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import {
  beginSignIn,
  completeSignIn,
  type SignInFailure,
} from '../../flows/accounts/sign-in-with.ts'
import { unlink } from '../../flows/accounts/unlink-identity.ts'
import type { Provider } from '../../providers/provider.ts'
import type { Flash } from '../../store/session-data.ts'
import { say } from '../../texts/index.ts'
import { confirmed } from './confirm.ts'
import { beginningOf } from '../kit/elsewhere.ts'
import { idOf } from '../kit/ids.ts'
import { addressOf, limitedByUser, SIGN_INS, STARTS } from '../kit/limits.ts'
import { ownPath, queryOf } from '../kit/paths.ts'
import { entrance, noteFailure, rememberStranger, requireUser, signedIn } from '../kit/session.ts'
import { signInWords } from './sign-in-words.ts'
import { isOpen } from '../kit/state.ts'

/** Signing in by a platform, and the ways of signing in that a person has. */
export function signInRouter(ctx: Context, forms: RequestHandler): Router {
  const router = Router()

  router.get('/login/:key', async (req, res) => {
    const provider = asked(ctx, req)
    if (res.locals.user || isFromElsewhere(ctx, req)) res.redirect(303, '/login')
    else if (provider.disabled) res.redirect(303, loginPage('provider_disabled'))
    else if (!provider.configured) res.redirect(303, loginPage('not_configured'))
    else {
      await countOrRefuse(ctx, SIGN_INS, addressOf(req))
      await rememberStranger(req)
      const purpose = 'sign_in'
      const returnTo = ownPath(req.query.next)
      const traveller = { provider, sessionId: req.sessionID, purpose, returnTo } as const
      res.redirect(302, (await beginSignIn(ctx, traveller)).href)
    }
  })
  router.get(
    '/account/sign-in/:key/link',
    requireUser,
    limitedByUser(ctx, STARTS),
    async (req, res) => {
      const provider = asked(ctx, req)
      if (!isOpen(provider) || isFromElsewhere(ctx, req)) {
        res.redirect(303, '/account')
        return
      }
      await confirmed(ctx)(req, res, () => sendToProve(ctx, req, res, provider, 'link'))
    },
  )
  router.get('/account/confirm/:key', requireUser, limitedByUser(ctx, STARTS), async (req, res) => {
    const provider = asked(ctx, req)
    if (!isOpen(provider) || isFromElsewhere(ctx, req)) res.redirect(303, '/account')
    else await sendToProve(ctx, req, res, provider, 'confirm')
  })
  router.post('/account/sign-in/:id/remove', requireUser, forms, async (req, res) => {
    const outcome = await unlink(ctx, signedIn(res), idOf(req.params))
    if (!outcome) throw new NotFound('identity')
    const { tone, title, why, what } = say('last_way')
    req.session.flash =
      outcome === 'unlinked'
        ? { tone: 'ok', title: 'Способ входа отвязан' }
        : { tone, title, text: `${why} ${what}` }
    res.redirect(303, '/account')
  })

  return router
}

/** Sends somebody who is in to the platform; they come back as the same person or not at all. */
async function sendToProve(
  ctx: Context,
  req: Request,
  res: Response,
  provider: Provider,
  purpose: 'link' | 'confirm',
) {
  const { id: userId } = signedIn(res)
  const returnTo = purpose === 'confirm' ? ownPath(req.query.next) : undefined
  const traveller = { provider, sessionId: req.sessionID, purpose, userId, returnTo }
  res.redirect(302, (await beginSignIn(ctx, traveller)).href)
}

/** A platform by which nobody signs in has no page here. */
function asked(ctx: Context, { params }: Request): Provider {
  const provider = typeof params.key === 'string' ? ctx.providers.find(params.key) : undefined
  if (!provider?.signIn) throw new NotFound('sign in')
  return provider
}

/**
 * Whether another site sent the person here. It might have signed them in to an account of its own at the platform
 * before, and that account would open theirs here.
 */
const isFromElsewhere = ({ config }: Context, req: Request): boolean =>
  beginningOf(config, req) !== 'here'

const loginPage = (failure: SignInFailure) => `/login?error=${failure}`

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
  if (req.session.kept) noteFailure(req, res, provider, failure) // who has no session gets none for that
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
