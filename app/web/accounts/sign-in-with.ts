import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { Context } from '../../context.ts'
import { NotFound } from '../../errors.ts'
import { countOrRefuse } from '../../flows/limit.ts'
import { beginSignIn } from '../../flows/accounts/sign-in-with.ts'
import type { SignInFailure } from '../../flows/accounts/sign-in-ending.ts'
import { unlink } from '../../flows/accounts/unlink-identity.ts'
import type { Provider } from '../../providers/provider.ts'
import { say } from '../../texts/index.ts'
import { confirmed } from './confirm.ts'
import { beginningOf } from '../kit/elsewhere.ts'
import { idOf } from '../kit/ids.ts'
import { addressOf, limitedByUser, SIGN_INS, STARTS } from '../kit/limits.ts'
import { ownPath } from '../kit/paths.ts'
import { knowAgain } from '../kit/session.ts'
import { requireUser, signedIn } from '../kit/signed-in.ts'
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
      knowAgain(req)
      const purpose = 'sign_in'
      const returnTo = ownPath(req.query.next)
      const traveller = { provider, sessionId: req.sessionID, purpose, returnTo } as const
      const begin = async (unit: Context) => {
        await countOrRefuse(unit, SIGN_INS, addressOf(req))
        return await beginSignIn(unit, traveller)
      }
      res.redirect(302, (await ctx.inOne(begin, 'relaxed')).href)
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

export const loginPage = (failure: SignInFailure) => `/login?error=${failure}`
